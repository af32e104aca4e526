// The edges of the day from scratch: segments close and open by the clock, settlement prices stand, and at the close everything a client traded becomes cash,
// carried futures and units on their way. Everything is worked out from the account's positions as sums of BigInt; nothing is booked twice.
import { RejectCode } from '../../engine/index.ts';
import { type Account, type Gate, instrumentKey, type Position, type Slot } from './book.ts';
import { abs, divideHalfAway, larger, smaller } from './exact.ts';
import { carryFunded } from './funding.ts';
import { availableOf, isOptionPosition, requirementNow } from './funds.ts';
import { type Happening, opened } from './happening.ts';
import { listingKeys } from './same-share.ts';

type Body = Readonly<Record<string, unknown>>;

const RESIDUAL = 12;
const SHORT = 13;
const DELIVERY = 1;
const INTRADAY = 2;
const COVER = 5;
const BRACKET = 6;
const isShares = (segment: number): boolean => segment === 1 || segment === 4;
const paise = (tickUnits: bigint): bigint => divideHalfAway(tickUnits, 100n);
const refused = (rejectCode: number): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];

/** How a segment's gate counts now: what was set for a time counts from that time on. */
export function gateNow(slot: Slot, segment: number): Gate {
  const stands = slot.gates.get(segment) ?? 'OPEN';
  const next = slot.scheduled.get(segment);
  return stands !== 'OPEN' && next !== undefined && next.at <= slot.time ? next.state : stands;
}

/** Sets a gate; going into the pre-open session and out of it, every client's requirement is worked out anew. */
export function changeGate(slot: Slot, segment: number, state: Gate): Happening[] {
  const before = [...slot.accounts.values()].map((account) => ({ account, was: requirementNow(slot, account) }));
  setGateNow(slot, segment, state);
  const moved = before.filter(({ account, was }) => requirementNow(slot, account) !== was);
  return moved.map(({ account, was }) => ({
    kind: 'MarginChanged',
    facts: { account: account.account, requirementBefore: Number(was), requirementAfter: Number(requirementNow(slot, account)) },
  }));
}

function setGateNow(slot: Slot, segment: number, state: Gate): void {
  slot.scheduled.delete(segment);
  if (state === 'OPEN') slot.gates.delete(segment);
  else slot.gates.set(segment, state);
}

/** What time alone opens. */
export function openDue(slot: Slot): Happening[] {
  const due = [...slot.scheduled].filter(([, next]) => next.at <= slot.time || isSession(slot, next)).sort(([a], [b]) => a - b);
  return due.flatMap(([segment, { state, at }]) => {
    const told = changeGate(slot, segment, at <= slot.time ? state : 'PRE_OPEN');
    if (at > slot.time) slot.scheduled.set(segment, { state: 'OPEN', at });
    return [...told, { kind: 'SegmentStateSet', facts: { segment } }];
  });
}

/** From a quarter of an hour before the opening, for eight minutes. */
const isSession = ({ time }: Slot, { at, hasSession }: { readonly at: number; readonly hasSession?: boolean }): boolean =>
  hasSession === true && time >= at - 900_000_000 && time < at - 420_000_000;

/** A segment closes; `expire` takes its orders away. */
export function closeSegment(slot: Slot, body: Body, expire: (segment: number) => Happening[]): Happening[] {
  const segment = Number(body['segment']);
  const amiss = otherDay(slot, body);
  if (amiss !== undefined) return amiss;
  const happenings = expire(segment);
  const first = !slot.closed.has(segment);
  slot.closed.add(segment);
  setGateNow(slot, segment, 'CLOSED');
  const left =
    isShares(segment) && first
      ? positionsOf(slot).filter(([, p]) => p.segment === segment && [INTRADAY, COVER, BRACKET].includes(p.product) && p.units !== 0n)
      : [];
  const residuals = left.map(([account]) => opened(RESIDUAL, account.account));
  return [...happenings, ...residuals, { kind: 'SegmentClosed', facts: { segment, count: happenings.length, value: left.length } }];
}

/** Settlement prices mark what they name, and after the last of them nothing else does. */
export function settlePrices(slot: Slot, body: Body): Happening[] {
  const segment = Number(body['segment']);
  const list = body['prices'] as number[];
  const amiss =
    Array.isArray(list) && list.length % 2 === 0 && list.every((each) => each > 0) ? otherDay(slot, body) : refused(RejectCode.commandMalformed);
  if (amiss !== undefined) return amiss;
  const before = new Map([...slot.accounts.values()].map((account) => [account, availableOf(slot, account)]));
  for (let i = 0; i < list.length; i += 2)
    for (const [, position] of positionsOf(slot))
      if (position.segment === segment && position.token === list[i]) position.mark = BigInt(list[i + 1] ?? 0);
  if (body['isFinal'] === true) slot.settled.add(segment);
  const moved = [...before].filter(([account, was]) => availableOf(slot, account) !== was);
  return [
    ...moved.map(
      ([account]): Happening => ({ kind: 'MarginChanged', facts: { account: account.account, available: Number(availableOf(slot, account)) } }),
    ),
    { kind: 'PricesSettled', facts: { segment, count: list.length / 2 } },
  ];
}

function otherDay(slot: Slot, body: Body): Happening[] | undefined {
  if (!slot.open) return refused(RejectCode.dayNotOpen);
  return body['businessDate'] === slot.businessDate ? undefined : refused(RejectCode.commandMalformed);
}

const positionsOf = (slot: Slot): [Account, Position][] =>
  [...slot.accounts.values()].flatMap((account) => [...account.positions.values()].map((position): [Account, Position] => [account, position]));

/** Everything a day comes to, account by account. */
export function carryOver(slot: Slot): Happening[] {
  const breaks: Happening[] = [];
  const carried: Happening[] = [];
  for (const account of slot.accounts.values()) {
    const futures = [...account.positions.values()].filter((p) => !isShares(p.segment) && !isOptionPosition(p));
    const gain = futures.reduce((sum, p) => sum + paise(p.realised + p.units * p.mark - p.cost), 0n);
    for (const p of futures) Object.assign(p, { cost: p.units * p.mark, realised: 0n });
    const funded = carryFunded(slot, account);
    const shares = deliverShares(slot, account, breaks);
    account.early.delivered.clear();
    account.early.money = 0n;
    account.early.isTold = false;
    const moved = gain + funded.lent + paise(shares.received + funded.received) - paise(account.premium);
    account.cash += moved;
    account.premium = 0n;
    const units = shares.units + funded.units;
    if (moved === 0n && units === 0n) continue;
    const facts = {
      account: account.account,
      value: Number(moved),
      count: Number(units),
      requirementAfter: Number(requirementNow(slot, account)),
    };
    carried.push({ kind: 'DayCarried', facts });
  }
  return [...breaks, ...carried];
}

/** Shares of every product settle as one net, those that both exchanges list together: bought comes in, sold goes out as far as it is free. */
function deliverShares(slot: Slot, account: Account, breaks: Happening[]): { received: bigint; units: bigint } {
  const byShare = new Map<string, Position[]>();
  for (const p of account.positions.values()) {
    if (!isShares(p.segment)) continue;
    const key = listingKeys(slot.table, p).join();
    byShare.set(key, [...(byShare.get(key) ?? []), p]);
  }
  let [received, units] = [0n, 0n];
  for (const [key, unsorted] of byShare) {
    const keys = key.split(',');
    const place = (p: Position): number => keys.indexOf(instrumentKey(p.segment, p.token)) * 100 + p.product;
    const group = unsorted.filter(({ product }) => [DELIVERY, INTRADAY, COVER, BRACKET].includes(product)).sort((a, b) => place(a) - place(b));
    const [first] = group;
    if (first === undefined) continue;
    const net = group.reduce((sum, p) => sum + p.units, 0n);
    received += group.reduce((sum, p) => sum + p.realised - p.cost, 0n);
    const beyond = keys.reduce(
      (sum, each) => sum + larger((account.early.delivered.get(each) ?? 0n) - (account.holdings.get(each)?.free ?? 0n), 0n),
      0n,
    );
    const delivered = smaller(larger(-net, 0n), takeFree(account, keys, larger(-net, 0n)) + beyond);
    const bought = larger(net, 0n);
    for (const p of group) Object.assign(p, { units: 0n, cost: 0n, realised: 0n });
    first.units = net < 0n ? net + delivered : 0n;
    const coming = keys.reduce((sum, each) => sum + (account.holdings.get(each)?.t1 ?? 0n), 0n);
    if (abs(first.units) > coming) breaks.push(opened(SHORT, account.account));
    units += delivered + bought;
    const own = instrumentKey(first.segment, first.token);
    const holding = account.holdings.get(own) ?? { segment: first.segment, token: first.token, free: 0n, pledged: 0n, t1: 0n };
    holding.t1 += bought;
    if (bought > 0n) account.holdings.set(own, holding);
  }
  return { received, units };
}

function takeFree(account: Account, keys: readonly string[], wanted: bigint): bigint {
  let taken = 0n;
  for (const key of keys) {
    const holding = account.holdings.get(key);
    if (holding === undefined) continue;
    const from = smaller(wanted - taken, holding.free);
    holding.free -= from;
    taken += from;
  }
  return taken;
}

/** Shares arrive: no longer on their way. */
export function creditDelivery(_slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token, quantity] = [Number(body['segment']), Number(body['token']), BigInt(Number(body['quantity']))];
  const holding = account.holdings.get(instrumentKey(segment, token));
  if (holding === undefined || quantity < 1n || quantity > holding.t1) return refused(RejectCode.commandMalformed);
  holding.t1 -= quantity;
  holding.free += quantity;
  return [{ kind: 'DeliveryCredited', facts: { account: account.account, value: Number(quantity) } }];
}
