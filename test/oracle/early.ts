// Early pay-in from scratch: what of an account's shares is with the clearing corporation or paid for, and what that makes of its funds, worked out
// from its positions and trades each time it is asked for. Nothing is kept but what was booked.
import { RejectCode } from '../../engine/index.ts';
import { type Account, instrumentKey, type Position, rowOf, type Slot } from './book.ts';
import { larger, smaller } from './exact.ts';
import type { Happening } from './happening.ts';
import { leadRow } from './same-share.ts';

type Body = Readonly<Record<string, unknown>>;
type Place = Pick<Position, 'segment' | 'token'>;

const CNC = 1;
const refused = (rejectCode: number): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];

/** One name for both listings of a share. */
function shareOf(slot: Slot, { segment, token }: Place): string {
  const row = leadRow(slot.table, rowOf(slot, segment, token));
  return row < 0 ? instrumentKey(segment, token) : instrumentKey(slot.table?.segment[row] ?? 0, slot.table?.token[row] ?? 0);
}

const isDelivery = ({ product, segment }: Position): boolean => product === CNC && (segment === 1 || segment === 4);
/** Segment and token of a key. */
export const placeOf = (key: string): Place => ({ segment: Number(key.split('/')[0]), token: Number(key.split('/')[1]) });
const byListing = (a: Place, b: Place): number => a.segment - b.segment || a.token - b.token;

/** Delivery positions share by share; of each net and cost. */
function shares(slot: Slot, account: Account): { share: string; positions: Position[]; net: bigint; cost: bigint }[] {
  const found = new Map<string, Position[]>();
  for (const each of account.positions.values()) {
    const share = shareOf(slot, each);
    if (isDelivery(each)) found.set(share, [...(found.get(share) ?? []), each].sort(byListing));
  }
  const sum = (positions: Position[], of: (position: Position) => bigint): bigint => positions.reduce((total, each) => total + of(each), 0n);
  return [...found].map(([share, positions]) => ({ share, positions, net: sum(positions, (p) => p.units), cost: sum(positions, (p) => p.cost) }));
}

/** Paise that delivered sales count for: at the average price of what is short, rounded down. */
export function earlySales(slot: Slot, account: Account): bigint {
  let paise = 0n;
  for (const { share, net, cost } of shares(slot, account)) {
    const delivered = [...account.early.delivered].reduce((sum, [key, units]) => (shareOf(slot, placeOf(key)) === share ? sum + units : sum), 0n);
    if (net < 0n && cost < 0n) paise += (-cost * smaller(delivered, -net)) / (-net * 100n);
  }
  return paise;
}

/** Units of each delivery position that the account's money pays for: the share bought first goes first, at average cost. */
export function covered(slot: Slot, account: Account): Map<Position, bigint> {
  const first = new Map<string, number>();
  for (const [at, { side, position }] of [...account.trades.values()].entries()) {
    const share = shareOf(slot, position);
    if (side === 1 && !first.has(share)) first.set(share, at);
  }
  const rank = ({ share }: { share: string }): number => first.get(share) ?? Number.MAX_SAFE_INTEGER;
  const found = new Map<Position, bigint>();
  if (!account.early.isTold) return found;
  let left = account.early.money * 100n;
  const named = shares(slot, account).filter(({ positions: [one] }) => one !== undefined && rowOf(slot, one.segment, one.token) >= 0);
  const inOrder = named.sort((a, b) => rank(a) - rank(b) || byListing(a.positions[0] as Position, b.positions[0] as Position));
  for (const { positions, net, cost } of inOrder) {
    if (net <= 0n) continue;
    let units = cost <= 0n ? net : smaller(net, (left * net) / cost);
    if (cost > 0n) left -= (cost * units + net - 1n) / net;
    for (const position of positions) {
      const own = smaller(units, larger(position.units, 0n));
      found.set(position, own);
      units -= own;
    }
  }
  return found;
}

/** Units known to be free, or more where the clearing corporation has more already: by listing. */
export function heldUnits(account: Account): Map<string, bigint> {
  const held = new Map([...account.holdings].map(([key, { free }]) => [key, free]));
  for (const [key, units] of account.early.delivered) held.set(key, larger(held.get(key) ?? 0n, units));
  return held;
}

/** BookEarlyPayIn. */
export function bookEarly(slot: Slot, account: Account, body: Body): Happening[] {
  const { early } = account;
  const quantity = Number(body['quantity']);
  const isFunds = body['way'] === 'FUNDS';
  const [segment, token] = isFunds ? [0, 0] : [Number(body['segment']), Number(body['token'])];
  const most = isFunds ? 1e13 : 100_000_000;
  if (!Number.isSafeInteger(quantity) || quantity === 0 || Math.abs(quantity) > most || ![0, 1, 4].includes(segment))
    return refused(RejectCode.commandMalformed);
  if (!slot.open) return refused(RejectCode.dayNotOpen);
  const key = instrumentKey(segment, token);
  const booked = (isFunds ? early.money : (early.delivered.get(key) ?? 0n)) + BigInt(quantity);
  if (booked < 0n || booked > BigInt(most)) return refused(RejectCode.commandMalformed);
  early.isTold = true;
  if (isFunds) early.money = booked;
  else early.delivered.set(key, booked);
  return [{ kind: 'EarlyPayInBooked', facts: { account: account.account, segment, token, value: quantity, limit: Number(booked) } }];
}
