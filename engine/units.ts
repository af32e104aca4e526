// Units are types. Every amount in the engine is an integer held in a double, and says which integer it is:
//
//   Paise     1/100 rupee        money that is booked or compared with a limit      |x| <= 2^53-1 (Rs 9.0e13)
//   Ticks     1/10,000 rupee     prices                                             |x| <= 2^53-1 (Rs 9.0e11)
//   Micros    1/1,000,000 rupee  margin while it is being summed                    exact to Rs 900 crore a sum
//   Quantity  units              shares, or underlying units of a contract (lots x lot size), never lots
//
// Micros exist because an exposure margin is price (2 decimals) x rate (4 decimals): six decimals are exact, and rounding
// happens once, per underlying, when the sum becomes Paise.

declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

export type Paise = Branded<'Paise'>;
export type Ticks = Branded<'Ticks'>;
export type Micros = Branded<'Micros'>;
export type Quantity = Branded<'Quantity'>;
/** Microseconds since 1970-01-01T00:00:00Z; command time, never read from a clock by the engine. */
export type EpochMicros = Branded<'EpochMicros'>;
/** Calendar date as the integer yyyymmdd; 0 means none. */
export type BusinessDate = Branded<'BusinessDate'>;
/** 0..255: the part of the state that one risk group lives in. */
export type Slot = Branded<'Slot'>;
/** Count of commands a slot has folded; the first command is 1. */
export type SlotSequence = Branded<'SlotSequence'>;

export const paise = (value: number): Paise => value as Paise;
export const ticks = (value: number): Ticks => value as Ticks;
export const micros = (value: number): Micros => value as Micros;
export const quantity = (value: number): Quantity => value as Quantity;
export const epochMicros = (value: number): EpochMicros => value as EpochMicros;
export const businessDate = (value: number): BusinessDate => value as BusinessDate;
export const slot = (value: number): Slot => value as Slot;
export const slotSequence = (value: number): SlotSequence => value as SlotSequence;

/** Ticks in one rupee. */
export const TICKS_PER_RUPEE = 10_000;
/** Micros in one paisa; Micros in one tick are 100. */
export const MICROS_PER_PAISA = 10_000;
export const MICROS_PER_TICK = 100;
/** Ticks x units in one paisa. */
export const TICK_UNITS_PER_PAISA = 100;
/** Slots the state is divided into, for ever: changing it would move clients between slots. */
export const SLOT_COUNT = 256;
/** Slot field of a command meant for every slot. */
export const ALL_SLOTS = 0xffff;

/** Micros to Paise, half away from zero: the one rounding of a margin figure. */
export function roundMicrosToPaise(value: number): Paise {
  return (value < 0 ? -Math.floor(-value / MICROS_PER_PAISA + 0.5) : Math.floor(value / MICROS_PER_PAISA + 0.5)) as Paise;
}

/** The same done to the number in a cell: in the hot path a double that crosses a call may become a heap object. */
export function roundCellToPaise(cell: Float64Array): void {
  const value = cell[0] as number;
  cell[0] = value < 0 ? -Math.floor(-value / MICROS_PER_PAISA + 0.5) : Math.floor(value / MICROS_PER_PAISA + 0.5);
}

/** Ticks x units to Paise, half away from zero: what is booked once, as the ledger books it. */
export function roundTickUnits(tickUnits: number): Paise {
  const size = Math.abs(tickUnits);
  const rest = size % 100;
  const rounded = (size - rest) / 100 + (rest >= 50 ? 1 : 0);
  return (tickUnits < 0 ? 0 - rounded : rounded) as Paise;
}

/** Ticks x units to Paise, towards the larger magnitude (a value that is a cost must not be rounded away). */
export function valueOfUp(price: number, units: number): Paise {
  const product = price * units;
  return (product < 0 ? -Math.ceil(-product / 100) : Math.ceil(product / 100)) as Paise;
}
