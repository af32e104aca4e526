// What the house lends all accounts together (MTF), from scratch: the slot's slice of it as a figure, and what has been taken of it since it was last
// set; set anew, what every account draws is added up.
import { Product, RejectCode, Side } from '../../engine/index.ts';
import type { Order, Slot } from './book.ts';
import { larger, smaller } from './exact.ts';
import { drawn, fundedRate, lentOn } from './funding.ts';
import { heldValue } from './funds.ts';
import type { Happening } from './happening.ts';

type Body = Readonly<Record<string, unknown>>;
/** Number of the pool among slices. */
const FUNDING = 4;

/** An order to be, or one as a replace would make it. */
interface Asked {
  readonly slot: Slot;
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly side: number;
  readonly replacing: Order | undefined;
}

/** Paise an order has the house lend beyond what the order it replaces does; `value`: of all its units. */
export function lendingRise({ slot, replacing, ...order }: Asked, value: bigint): bigint {
  if (order.product !== Product.MTF || order.side === Side.SELL) return 0n;
  const rate = fundedRate(slot, order);
  return larger(0n, lentOn(value, rate) - (replacing === undefined ? 0n : lentOn(heldValue(replacing), rate)));
}

/** Is it more than what is left of the slice? */
export const passesSlice = ({ lending }: Slot, rise: bigint): boolean => lending.isOn && rise > 0n && lending.used + rise > lending.slice;

/** Takes it, where a slice is in force. */
export function takeLending({ lending }: Slot, paise: bigint): void {
  if (lending.isOn) lending.used += paise;
}

const drawnByAll = (slot: Slot): bigint => [...slot.accounts.values()].reduce((sum, account) => sum + drawn(slot, account, undefined, undefined), 0n);

function set(slot: Slot, kind: Happening['kind'], body: Body, change: () => void): Happening[] {
  const { lending } = slot;
  const number = Number(body['number']);
  if (body['corporation'] !== 'FUNDING' || number < 1) return [{ kind: 'CommandRefused', facts: { rejectCode: RejectCode.commandMalformed } }];
  if (number > lending.number) {
    lending.used = drawnByAll(slot);
    change();
    lending.number = number;
  }
  return [{ kind, facts: { level: FUNDING, value: Number(lending.slice), limit: Number(lending.used), count: lending.number } }];
}

/** GrantSlice. */
export const grantSlice = (slot: Slot, body: Body): Happening[] =>
  set(slot, 'SliceGranted', body, () => {
    slot.lending.isOn = body['slice'] !== undefined;
    slot.lending.slice = BigInt(Number(body['slice'] ?? 0));
  });

/** RecallSlice. */
export const recallSlice = (slot: Slot, body: Body): Happening[] =>
  set(slot, 'SliceRecalled', body, () => {
    const { lending } = slot;
    lending.slice = smaller(lending.slice, larger(BigInt(Number(body['keep'])), lending.used));
  });
