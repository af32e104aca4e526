// What a square-off will do, worked out from what is due: orders to cancel first, then exits sliced below the freeze quantity, each with a limit that protects
// against a bad fill and stays inside the day's band. Pure: figures in, figures out; who sends it and when is square-off-run.ts.
import { type DueClient, type DuePosition, InstrumentKind, type ParameterTable, Side, type SquareOffCause } from '../../engine/index.ts';

/** The house's rules of squaring off. */
export interface SquareOffPolicy {
  /** How far from the mark an exit's limit may be, 1/10,000 of it. */
  readonly protection: { readonly cash: number; readonly futures: number; readonly options: number };
  /** Rupees: a plan whose exits are worth more takes a second person. */
  readonly approvalAbove: number;
  /** Times an exit is tried, each with twice the protection of the one before. */
  readonly attempts: number;
  /** Seconds an exit may work without being filled, and a cancel without an answer. */
  readonly answerSeconds: number;
}

/** Limits of one order: units, ticks, paise; 0 = none. */
export interface SliceLimits {
  readonly lot: number;
  readonly freezeQuantity: number;
  readonly tickSize: number;
  readonly bandLow: number;
  readonly bandHigh: number;
  readonly maxValue: number;
}

/** One position on its way out. */
export interface Exit {
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly kind: number;
  readonly side: number;
  readonly cause: SquareOffCause;
  /** Units to be closed when the plan was made. */
  readonly units: number;
  /** Ticks, at that time. */
  readonly mark: number;
}

/** Least distance of a limit from the mark, in steps of the tick: an option of five paise has no share to speak of. */
const LEAST_STEPS = 4;
const WHOLE = 10_000;
const TICKS_PER_PAISA = 100;

/** Why a position cannot be priced now. */
export type Unpriced = 'notInFile' | 'neverMarked' | 'stale';

/** The exit of a due position. */
export function exitOf(due: DuePosition, table: ParameterTable | undefined): Exit {
  const row = table?.find(due.segment, due.token) ?? -1;
  const kind = row < 0 ? InstrumentKind.EQ : (table?.kind[row] ?? InstrumentKind.EQ);
  const { segment, token, product, cause, mark } = due;
  return { segment, token, product, kind, side: due.units > 0 ? Side.SELL : Side.BUY, cause, units: Math.abs(due.units), mark };
}

/** What an order in the instrument must keep to; undefined when the file of the day does not name it. `maxValue` in paise, 0 = none. */
export function limitsOf(table: ParameterTable | undefined, { segment, token }: Exit, maxValue: number): SliceLimits | undefined {
  const row = table?.find(segment, token) ?? -1;
  if (table === undefined || row < 0) return undefined;
  return {
    lot: Math.max(1, table.lot[row] ?? 1),
    freezeQuantity: table.freezeQuantity[row] ?? 0,
    tickSize: Math.max(1, table.tickSize[row] ?? 1),
    bandLow: table.bandLow[row] ?? 0,
    bandHigh: table.bandHigh[row] ?? 0,
    maxValue,
  };
}

/**
 * The limit of an exit in ticks: the mark less (a sale) or plus (a purchase) the protection of its kind, doubled with each attempt, on the tick and inside the
 * band. Never worse than that, however far the book is empty.
 */
export function protectedPrice(
  exit: Pick<Exit, 'side' | 'kind'>,
  mark: number,
  limits: SliceLimits,
  policy: SquareOffPolicy,
  attempt: number,
): number {
  const { tickSize, bandLow, bandHigh } = limits;
  const share = shareOf(exit.kind, policy) * 2 ** attempt;
  const distance = Math.max((mark * share) / WHOLE, LEAST_STEPS * tickSize * 2 ** attempt);
  const low = Math.max(tickSize, Math.ceil(bandLow / tickSize) * tickSize);
  if (exit.side === Side.SELL) return Math.max(low, Math.floor((mark - distance) / tickSize) * tickSize);
  const price = Math.ceil((mark + distance) / tickSize) * tickSize;
  return bandHigh > 0 ? Math.min(price, Math.floor(bandHigh / tickSize) * tickSize) : price;
}

function shareOf(kind: number, { protection }: SquareOffPolicy): number {
  if (kind === InstrumentKind.EQ) return protection.cash;
  return kind === InstrumentKind.FUT ? protection.futures : protection.options;
}

/** Units of the next order: below the freeze quantity, in whole lots, within the value of one order; what is less than a lot goes as it is. */
export function sliceUnits(left: number, price: number, { lot, freezeQuantity, maxValue }: SliceLimits): number {
  const byFreeze = freezeQuantity > 0 ? freezeQuantity - 1 : Number.POSITIVE_INFINITY;
  const byValue = maxValue > 0 && price > 0 ? Math.floor((maxValue * TICKS_PER_PAISA) / price) : Number.POSITIVE_INFINITY;
  const most = Math.min(byFreeze, byValue);
  if (left <= most && (left % lot === 0 || left < lot)) return left;
  return Math.max(lot, Math.floor(Math.min(left, most) / lot) * lot);
}

/** Orders an exit will take at a price, largest first. */
export function slicesOf(units: number, price: number, limits: SliceLimits): number[] {
  const slices: number[] = [];
  for (let left = units; left > 0; ) {
    const slice = Math.min(left, sliceUnits(left, price, limits));
    slices.push(slice);
    left -= slice;
  }
  return slices;
}

/** Paise the exits are worth at their marks. */
export function worthOf(exits: readonly Exit[]): number {
  return exits.reduce((sum, { units, mark }) => sum + Math.ceil((units * mark) / TICKS_PER_PAISA), 0);
}

/** Those of the due clients a plan is about. */
export function chosenDue(
  due: readonly DueClient[],
  { accounts, causes }: { readonly accounts?: readonly string[] | undefined; readonly causes?: readonly SquareOffCause[] | undefined },
): DueClient[] {
  return due.flatMap((client) => {
    if (accounts !== undefined && !accounts.includes(client.account)) return [];
    if (causes === undefined) return [client];
    const reasons = client.reasons.filter(({ cause }) => causes.includes(cause));
    return reasons.length === 0 ? [] : [{ ...client, reasons, positions: client.positions.filter(({ cause }) => causes.includes(cause)) }];
  });
}
