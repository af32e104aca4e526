// Conversions of cash positions from scratch: tried on the account, weighed, and taken back whole when they may not be.
import { InstrumentFlag, Product, RejectCode, Side } from '../../engine/index.ts';
import { type Account, instrumentKey, openOrders, type Position, type Slot } from './book.ts';
import { elsewhereUnits } from './checks.ts';
import { abs, divideHalfAway, divideUp, larger, smaller } from './exact.ts';
import { boughtSince, drawn, firstOfLots, fundedRate, isOffered, lentOn, listedRate, lotUnits, noteValue } from './funding.ts';
import { availableOf, requirementNow, workingUnits } from './funds.ts';
import type { Happening } from './happening.ts';
import { takeLending } from './lending.ts';
import { positionIn } from './positions.ts';

type Body = Readonly<Record<string, unknown>>;
const PRODUCTS: Readonly<Record<string, number>> = { CNC: Product.CNC, MIS: Product.MIS, MTF: Product.MTF };
const refused = (rejectCode: number): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode } }];
const malformed = (): Happening[] => refused(RejectCode.commandMalformed);

/** ConvertPosition. */
export function convertPosition(slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token] = [Number(body['segment']), Number(body['token'])];
  const quantity = BigInt(Number(body['quantity'] ?? 0));
  const [from, to] = [PRODUCTS[String(body['from'])] ?? 0, PRODUCTS[String(body['to'])] ?? 0];
  if (![1, 4].includes(segment) || quantity < 1n || from === to || (from !== Product.CNC && to !== Product.CNC)) return malformed();
  if (!slot.open) return refused(RejectCode.dayNotOpen);
  const at = (product: number) => [...account.positions.values()].find((p) => p.segment === segment && p.token === token && p.product === product);
  const source = at(from);
  if (source === undefined || abs(source.units) < quantity) return malformed();
  const units = source.units < 0n ? -quantity : quantity;
  const row = slot.table?.find(segment, token) ?? -1;
  if (row < 0 || (at(to)?.units ?? 0n) * units < 0n || (to === Product.CNC && units < 0n)) return malformed();
  if (from === Product.MTF) return deliver(slot, account, source, units);
  if (to === Product.MTF && (!isOffered(slot) || account.sanction === 0n || listedRate(slot, row) === 0n || units < 0n)) return malformed();
  if (to !== Product.CNC && ((slot.table?.flags[row] ?? 0) & InstrumentFlag.TRADE_TO_TRADE) !== 0) return malformed();
  const holding = account.holdings.get(instrumentKey(segment, token));
  const held = (holding?.free ?? 0n) + (holding?.t1 ?? 0n) + elsewhereUnits(slot, account, segment, token);
  if (to !== Product.CNC && units > 0n && held + source.units - units < onSale(account, source)) return malformed();
  const cost = divideHalfAway(source.cost * quantity, abs(source.units));
  if (to === Product.MTF) {
    const most = smaller(account.sanction, slot.policy.fundingLimit ?? 0n);
    if (drawn(slot, account, undefined, { paise: divideUp(cost, 100n), share: source }) > most) return refused(RejectCode.fundingLimit);
  }
  const lent = to === Product.MTF ? lentOn(divideUp(cost, 100n), fundedRate(slot, source)) : 0n;
  if (slot.lending.isOn && to === Product.MTF && slot.lending.used + lent > slot.lending.slice) return refused(RejectCode.fundingExhausted);
  const undo = taking(account);
  const before = requirementNow(slot, account);
  const target = moved(slot, account, source, to, units, cost);
  if (to === Product.MTF) noteValue(account, target, units, cost);
  const after = requirementNow(slot, account);
  if (after <= availableOf(slot, account) || after <= before) {
    takeLending(slot, lent);
    return converted(account, units, after);
  }
  undo();
  return refused(RejectCode.insufficientMargin);
}

const converted = (account: Account, units: bigint, after: bigint): Happening[] => [
  { kind: 'PositionConverted', facts: { account: account.account, value: Number(units), requirementAfter: Number(after) } },
];

/** Units of a position that working orders sell. */
function onSale(account: Account, { segment, token, product }: Position): bigint {
  const sales = openOrders(account).filter((o) => o.segment === segment && o.token === token && o.product === product && o.side === Side.SELL);
  return sales.reduce((sum, order) => sum + workingUnits(order), 0n);
}

function moved(slot: Slot, account: Account, source: Position, product: number, units: bigint, cost: bigint): Position {
  const target = positionIn(slot, account, { segment: source.segment, token: source.token, product });
  if (target.mark === 0n) target.mark = source.mark;
  source.units -= units;
  source.cost -= cost;
  target.units += units;
  target.cost += cost;
  return target;
}

/** Funded units become the client's own: today's as a purchase for delivery, those of lots free, their loan paid in cash. */
function deliver(slot: Slot, account: Account, source: Position, units: bigint): Happening[] {
  if (source.units - units < onSale(account, source)) return malformed();
  const undo = taking(account);
  const bought = boughtSince(account, source);
  const today = smaller(units, bought.units);
  const sold = larger(0n, lotUnits(account, source) - source.units);
  const own = firstOfLots(account, source, units - today, sold);
  const value = today === 0n ? 0n : divideHalfAway(bought.value * today, bought.units);
  if (today > 0n) {
    const target = moved(slot, account, source, Product.CNC, today, value);
    noteValue(account, { ...target, product: Product.MTF }, -today, -value);
  }
  source.units -= units - today;
  source.cost -= own.cost;
  const purchases = [...account.positions.values()].filter(({ product }) => product === Product.CNC).reduce((sum, { cost }) => sum + cost, 0n);
  const isPaid = own.funded + divideUp(larger(0n, purchases), 100n) <= account.cash;
  account.cash -= own.funded;
  const after = requirementNow(slot, account);
  if (!isPaid || after > availableOf(slot, account)) {
    undo();
    return refused(RejectCode.insufficientMargin);
  }
  if (today < units) {
    const key = instrumentKey(source.segment, source.token);
    const holding = account.holdings.get(key) ?? { segment: source.segment, token: source.token, free: 0n, pledged: 0n, t1: 0n };
    account.holdings.set(key, { ...holding, free: holding.free + units - today });
  }
  return converted(account, units, requirementNow(slot, account));
}

/** Remembers what a conversion touches; the answer puts it back. */
function taking(account: Account): () => void {
  const { cash } = account;
  const lots = account.lots.map((lot) => ({ ...lot }));
  const purchases = new Map(account.purchases);
  const positions = new Map([...account.positions].map(([key, position]) => [key, { position, was: { ...position } }]));
  return () => {
    account.cash = cash;
    account.lots.splice(0, account.lots.length, ...lots);
    account.purchases.clear();
    for (const [key, purchase] of purchases) account.purchases.set(key, purchase);
    for (const key of [...account.positions.keys()]) if (!positions.has(key)) account.positions.delete(key);
    for (const { position, was } of positions.values()) Object.assign(position, was);
  };
}
