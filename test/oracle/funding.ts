// Margin trading funding from scratch: lots as a plain list, loans as their sum, what a client draws worked out from its positions, purchases and
// orders each time it is asked for. Rates are looked up in the table's own list.
import { Product, RejectCode, Side } from '../../engine/index.ts';
import { type Account, instrumentKey, type Lot, openOrders, type Position, rowOf, type Slot } from './book.ts';
import { divideHalfAway, divideUp, larger, smaller } from './exact.ts';
import { heldValue } from './funds.ts';
import type { Happening } from './happening.ts';
import { positionIn } from './positions.ts';
import { leadRow, listingKeys } from './same-share.ts';

type Body = Readonly<Record<string, unknown>>;
type Share = Pick<Position, 'segment' | 'token'>;

const CASH = [1, 4];
const malformed = (): Happening[] => [{ kind: 'CommandRefused', facts: { rejectCode: RejectCode.commandMalformed } }];
const isOf =
  ({ segment, token }: Share) =>
  (each: Share): boolean =>
    each.segment === segment && each.token === token;

/** Rate a listing's own row names in the list of funded shares; 0 = it is not on it. */
export function listedRate({ table }: Slot, row: number): bigint {
  const [segment, token] = [table?.segment[row], table?.token[row]];
  return BigInt(table?.details.funded?.find((each) => each[0] === segment && each[1] === token)?.[2] ?? 0);
}

/** Rate a funded share is margined at, 1/10,000. */
export function fundedRate(slot: Slot, { segment, token }: Share): bigint {
  const { table, policy } = slot;
  const row = leadRow(table, rowOf(slot, segment, token));
  if (table === undefined || row < 0) return 10_000n;
  const dated = table.details.tradingDays === undefined ? 0n : 2_500n;
  const rates = [BigInt(table.cashRate[row] ?? 0), policy.cashRateFloor, dated, listedRate(slot, row)];
  return smaller(10_000n, rates.reduce(larger));
}

/** Does the house fund anybody? */
export const isOffered = ({ policy }: Slot): boolean => (policy.fundingLimit ?? 0n) > 0n;

/** What is lent on some paise, rounded down. */
export const lentOn = (paise: bigint, rate: bigint): bigint => (paise * (10_000n - rate)) / 10_000n;

/** Units of an account's lots of a share. */
export const lotUnits = ({ lots }: Account, share: Share): bigint => lots.filter(isOf(share)).reduce((sum, { units }) => sum + units, 0n);

/** Paise lent on all lots. */
export const lent = ({ lots }: Account): bigint => lots.reduce((sum, { funded }) => sum + funded, 0n);

/** What of a funded position came since the last close, and what it cost. */
export function boughtSince(account: Account, position: Position): { units: bigint; value: bigint } {
  const units = larger(0n, position.units - lotUnits(account, position));
  const bought = account.purchases.get(instrumentKey(position.segment, position.token)) ?? { units: 0n, value: 0n };
  const isKnown = units <= bought.units && bought.value >= 0n;
  if (units === 0n) return { units, value: 0n };
  return { units, value: isKnown ? divideHalfAway(bought.value * units, bought.units) : units * position.mark };
}

/** Notes a purchase, or that one is taken back. */
export function notePurchase(account: Account, position: Position, units: bigint, price: bigint): void {
  noteValue(account, position, units, units * price);
}

/** The same by ticks x units. */
export function noteValue(account: Account, { segment, token, product }: Position, units: bigint, value: bigint): void {
  if (product !== Product.MTF) return;
  const key = instrumentKey(segment, token);
  const before = account.purchases.get(key) ?? { units: 0n, value: 0n };
  account.purchases.set(key, { units: before.units + units, value: before.value + value });
}

const costOf = ({ lots }: Account, share: Share): bigint => lots.filter(isOf(share)).reduce((sum, { cost }) => sum + cost, 0n);

const fundedOf = (account: Account): Position[] => [...account.positions.values()].filter(({ product }) => product === Product.MTF);

/** Paise an account draws with some more order working in place of another. */
export function drawn(slot: Slot, account: Account, except: unknown, more: { paise: bigint; share: Share } | undefined): bigint {
  const bought = fundedOf(account).map((each) => lentOn(divideUp(boughtSince(account, each).value, 100n), fundedRate(slot, each)));
  const working = openOrders(account)
    .filter((order) => order !== except && order.product === Product.MTF && order.side === Side.BUY)
    .map((order) => lentOn(heldValue(order), fundedRate(slot, order)));
  const asked = more === undefined ? [] : [lentOn(more.paise, fundedRate(slot, more.share))];
  return [lent(account), ...bought, ...working, ...asked].reduce((sum, each) => sum + each, 0n);
}

/** Paise of its own an account has in its lots. */
export const ownInLots = (account: Account): bigint => -divideUp(-account.lots.reduce((sum, { cost }) => sum + cost, 0n), 100n) - lent(account);

/** The close of funded positions: what they received, ticks x units, paise that were lent or repaid, and units that move. */
export function carryFunded(slot: Slot, account: Account): { received: bigint; lent: bigint; units: bigint } {
  let [received, moved] = [0n, 0n];
  const before = lent(account);
  for (const position of fundedOf(account)) if (position.units < 0n) toDelivery(slot, account, position, position.units, position.cost);
  deliverPurchases(slot, account);
  for (const position of fundedOf(account)) {
    const costBefore = costOf(account, position);
    const change = position.units - lotUnits(account, position);
    if (change > 0n) buyLot(slot, account, position);
    else firstOfLots(account, position, -change);
    account.purchases.delete(instrumentKey(position.segment, position.token));
    const cost = costOf(account, position);
    // Paid is what the cost grew by and is not realised.
    received += position.realised - (position.cost - costBefore);
    Object.assign(position, { cost, realised: 0n });
    moved += change < 0n ? -change : change;
  }
  return { received, lent: lent(account) - before, units: moved };
}

function toDelivery(slot: Slot, account: Account, position: Position, units: bigint, cost: bigint): void {
  const delivery = positionIn(slot, account, { ...position, product: Product.CNC });
  if (delivery.mark === 0n) delivery.mark = position.mark;
  delivery.units += units;
  delivery.cost += cost;
  position.units -= units;
  position.cost -= cost;
}

/** What the day bought of a share the account must deliver and does not have, unit for unit: the leading listing's purchase first. */
function deliverPurchases(slot: Slot, account: Account): void {
  const groups = new Map<string, Position[]>();
  for (const position of fundedOf(account)) {
    const share = listingKeys(slot.table, position).join();
    groups.set(share, [...(groups.get(share) ?? []), position]);
  }
  for (const [share, bought] of groups) {
    const keys = share.split(',');
    const place = (position: Position): number => keys.indexOf(instrumentKey(position.segment, position.token));
    let missing = missingUnits(account, keys);
    for (const position of bought.sort((a, b) => place(a) - place(b))) {
      const since = boughtSince(account, position);
      const units = smaller(since.units, missing);
      if (units <= 0n) continue;
      const value = divideHalfAway(since.value * units, since.units);
      toDelivery(slot, account, position, units, value);
      noteValue(account, position, -units, -value);
      missing -= units;
    }
  }
}

/** Units the account has to deliver of a share, all products but funding, beyond those it holds or has paid in. */
function missingUnits(account: Account, keys: readonly string[]): bigint {
  let missing = 0n;
  for (const { segment, token, product, units } of account.positions.values())
    if (product !== Product.MTF && keys.includes(instrumentKey(segment, token))) missing -= units;
  for (const key of keys) missing -= larger(account.holdings.get(key)?.free ?? 0n, account.early.delivered.get(key) ?? 0n);
  return missing;
}

function buyLot(slot: Slot, account: Account, position: Position): void {
  const { units, value } = boughtSince(account, position);
  const funded = lentOn(divideHalfAway(value, 100n), fundedRate(slot, position));
  addLot(account, { segment: position.segment, token: position.token, boughtOn: slot.businessDate, units, pledged: 0n, cost: value, funded });
}

function addLot(account: Account, lot: Lot): void {
  const there = account.lots.find((each) => isOf(lot)(each) && each.boughtOn === lot.boughtOn);
  if (there === undefined) account.lots.push(lot);
  else for (const name of ['units', 'pledged', 'cost', 'funded'] as const) there[name] += lot[name];
}

/**
 * Takes units out of a share's lots after the first `spared`, unit by unit: none that is pledged while one is not, the oldest first. A lot gives its
 * part of cost and loan, half away from zero. Returns what was taken of both.
 */
export function firstOfLots(account: Account, share: Share, wanted: bigint, spared = 0n): { cost: bigint; funded: bigint } {
  const lots = account.lots.filter(isOf(share)).sort((a, b) => a.boughtOn - b.boughtOn);
  const queue = [...lots.map((lot) => ({ lot, units: lot.units - lot.pledged })), ...lots.map((lot) => ({ lot, units: lot.pledged }))];
  const taken = new Map<Lot, bigint>();
  let [from, at] = [spared, 0n];
  const to = spared + wanted;
  for (const { lot, units } of queue) {
    const end = at + units;
    const part = smaller(end, to) - larger(at, from);
    if (part > 0n) taken.set(lot, (taken.get(lot) ?? 0n) + part);
    at = end;
    from = larger(from, at);
  }
  let [costs, loans] = [0n, 0n];
  for (const [lot, units] of taken) {
    const [cost, funded] = [divideHalfAway(lot.cost * units, lot.units), divideHalfAway(lot.funded * units, lot.units)];
    Object.assign(lot, { cost: lot.cost - cost, funded: lot.funded - funded, units: lot.units - units });
    lot.pledged = smaller(lot.pledged, lot.units);
    [costs, loans] = [costs + cost, loans + funded];
  }
  account.lots.splice(0, account.lots.length, ...account.lots.filter(({ units }) => units > 0n));
  return { cost: costs, funded: loans };
}

/** Units of one lot that will never come: out of it and out of its position at their cost, their loan out of the cash. */
export function closeOutLot(account: Account, which: Share & { boughtOn: number }, units: bigint): Happening[] {
  const lots = account.lots.filter(isOf(which));
  const position = fundedOf(account).find(isOf(which));
  const lot = lots.find(({ boughtOn }) => boughtOn === which.boughtOn);
  if (position === undefined || lot === undefined || units === 0n || units > smaller(lot.units, position.units)) return malformed();
  const [cost, funded] = [divideHalfAway(lot.cost * units, lot.units), divideHalfAway(lot.funded * units, lot.units)];
  Object.assign(lot, { cost: lot.cost - cost, funded: lot.funded - funded, units: lot.units - units });
  lot.pledged = smaller(lot.pledged, lot.units);
  account.lots.splice(0, account.lots.length, ...account.lots.filter((each) => each.units > 0n));
  position.units -= units;
  position.cost -= cost;
  account.cash -= funded;
  return [];
}

/** The token and price afterwards; units with what is cut counted, and without. */
interface Adjustment {
  readonly to: number;
  readonly price: bigint;
  readonly become: (units: bigint) => bigint;
  readonly cut: (units: bigint) => bigint;
}

/** A corporate action on a funded position: each lot by itself. Returns the units the lots come to. */
export function adjustLots(account: Account, position: Position, { to, price, become, cut }: Adjustment): bigint {
  const lots = account.lots.filter(isOf(position));
  account.lots.splice(0, account.lots.length, ...account.lots.filter((lot) => !lots.includes(lot)));
  let sum = 0n;
  for (const lot of lots) {
    const units = become(lot.units);
    sum += units;
    const cost = lot.cost + units * price - lot.units * position.mark;
    if (units > 0n) addLot(account, { ...lot, token: to, units, pledged: cut(lot.pledged), cost });
  }
  return sum;
}

/** PledgeFunded. */
export function pledgeFunded(_slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token, quantity] = [Number(body['segment']), Number(body['token']), BigInt(Number(body['quantity']))];
  const lot = account.lots.find((each) => isOf({ segment, token })(each) && each.boughtOn === body['boughtOn']);
  if (lot === undefined || quantity === 0n || lot.pledged + quantity < 0n || lot.pledged + quantity > lot.units) return malformed();
  lot.pledged += quantity;
  return [{ kind: 'FundedPledged', facts: { account: account.account, segment, token, value: Number(quantity), limit: Number(lot.pledged) } }];
}

/** ImportFundedLot. */
export function importFundedLot(slot: Slot, account: Account, body: Body): Happening[] {
  const [segment, token, boughtOn] = [Number(body['segment']), Number(body['token']), Number(body['boughtOn'])];
  const [units, pledged, cost, funded] = ['units', 'pledged', 'cost', 'funded'].map((key) => BigInt(Number(body[key])));
  if (units === undefined || pledged === undefined || cost === undefined || funded === undefined) return malformed();
  if (!CASH.includes(segment) || units < 1n || pledged > units || cost < 1n || funded > cost || cost > 1_000_000_000_000n) return malformed();
  if (
    (slot.businessDate > 0 && boughtOn > slot.businessDate) ||
    account.lots.some((each) => isOf({ segment, token })(each) && each.boughtOn === boughtOn)
  )
    return malformed();
  const position = positionIn(slot, account, { segment, token, product: Product.MTF });
  if (position.mark === 0n) position.mark = larger(1n, (2n * cost * 100n + units) / (2n * units));
  position.units += units;
  position.cost += cost * 100n;
  addLot(account, { segment, token, boughtOn, units, pledged, cost: cost * 100n, funded });
  return [];
}
