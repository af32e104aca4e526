// Orders as the client changes them: placing, replacing, cancelling. Verdicts come from checks.ts; here is what a verdict does.
import { OrdType, Product, RejectCode } from '../../engine/index.ts';
import { type Account, isExit, isNeeded, isStopped, newAccount, type Order, openOrders, type Slot, type Terms } from './book.ts';
import { type Candidate, judgePlace, judgeReplace, judgeStanding, leavesValue, marginFigures, valuationOf } from './checks.ts';
import type { Fields } from './commands.ts';
import { leavesOf } from './funds.ts';
import { type Happening, orderFacts } from './happening.ts';
import { lendingRise, takeLending } from './lending.ts';
import type { Facts } from './picture.ts';
import { positionIn } from './positions.ts';

/** Field of a command as a number. */
export const num = (fields: Fields, name: string): number => Number(fields[name] ?? 0);
/** Field of a command as a text. */
export const text = (fields: Fields, name: string): string => String(fields[name] ?? '');

const rejected = (kind: Happening['kind'], fields: Fields, rejectCode: number): Happening[] => [
  { kind, facts: { account: text(fields, 'account'), clOrdId: text(fields, 'clOrdId'), rejectCode } },
];

function marginFacts(c: Candidate): Facts {
  const { before, after, available } = marginFigures(c);
  return { requirementBefore: Number(before), requirementAfter: Number(after), available: Number(available) };
}

function newOrder(slot: Slot, fields: Fields, candidate: Candidate): Order {
  const terms = termsFrom(candidate);
  return {
    sequence: slot.sequence,
    account: text(fields, 'account'),
    segment: num(fields, 'segment'),
    token: num(fields, 'token'),
    side: num(fields, 'side'),
    product: num(fields, 'product'),
    timeInForce: num(fields, 'timeInForce'),
    clOrdId: text(fields, 'clOrdId'),
    terms,
    filled: 0n,
    filledValue: 0n,
    confirmed: false,
    stuck: false,
    awaitingSince: slot.time,
    awaitingSequence: slot.sequence,
    ending: undefined,
    pendingReplace: undefined,
    pendingCancel: undefined,
    leg: candidate.leg,
    entry: isExit(candidate.leg) ? candidate.entry : undefined,
    exits: [],
    exited: 0n,
    targetWay: candidate.product === Product.BO && candidate.leg === 'entry' ? candidate.targetWay : 0,
    isDealer: candidate.isDealer,
  };
}

function termsFrom(c: Candidate): Terms {
  const { ordType } = c;
  // Market and stop orders have no price of their own: what came in the field is ignored.
  const whole = (value: number): bigint => BigInt(Math.trunc(value));
  return {
    quantity: whole(c.quantity),
    price: c.ordType === OrdType.LIMIT || c.ordType === OrdType.STOP_LIMIT ? whole(c.price) : 0n,
    stopPx: whole(c.stopPx),
    displayQuantity: whole(c.displayQuantity),
    ordType,
    valuation: valuationOf(c),
  };
}

/** PlaceOrder. */
export function place(slot: Slot, fields: Fields): Happening[] {
  const id = text(fields, 'clOrdId');
  const no = (code: number): Happening[] => rejected('OrderRejected', fields, code);
  if (!slot.open) return no(RejectCode.dayNotOpen);
  const account = slot.accounts.get(text(fields, 'account'));
  if (account === undefined) return no(RejectCode.unknownAccount);
  if (account.usedIds.has(id)) {
    if ((num(fields, 'flags') & 1) !== 0)
      return [{ kind: 'OrderStatusReported', facts: { account: account.account, clOrdId: account.usedIds.get(id)?.order?.clOrdId ?? id } }];
    return no(RejectCode.duplicateClOrdId);
  }
  const candidate: Candidate = {
    ...raw(fields),
    slot,
    account,
    segment: num(fields, 'segment'),
    token: num(fields, 'token'),
    side: num(fields, 'side'),
    product: num(fields, 'product'),
    ordType: num(fields, 'ordType'),
    timeInForce: num(fields, 'timeInForce'),
    replacing: undefined,
    ...legOf(account, fields),
    isDealer: (num(fields, 'flags') & 2) !== 0,
    asOrder: () => newOrder(slot, fields, candidate),
  };
  const code = judgePlace(candidate);
  if (code !== 0) {
    account.usedIds.set(id, { kind: 'PLACE', order: undefined });
    const figures = code === RejectCode.insufficientMargin ? marginFacts(candidate) : {};
    return rejected('OrderRejected', fields, code).map(({ kind, facts }) => ({ kind, facts: { ...facts, ...figures, ordStatus: '8' } }));
  }
  const order = candidate.asOrder();
  const facts = { clOrdId: id, ...marginFacts(candidate) };
  takeLending(slot, lendingRise(candidate, leavesValue(candidate)));
  // An instrument worked in is marked from then on, held or not.
  positionIn(slot, account, order);
  account.orders.set(order.sequence, order);
  account.usedIds.set(id, { kind: 'PLACE', order });
  order.entry?.exits.push(order);
  return [{ kind: 'OrderAccepted', facts: { ...facts, ...orderFacts(order) } }];
}

/** What part a new order plays: an exit names its entry, a bracket's limit exit is its target; a dealer's order without stop price only closes. */
function legOf(account: Account, fields: Fields): Pick<Candidate, 'leg' | 'entry' | 'targetWay'> {
  const sequence = num(fields, 'entrySequence');
  const targetWay = num(fields, 'targetWay');
  const product = num(fields, 'product');
  if (product < Product.CO) return { leg: 'none', entry: undefined, targetWay };
  const isTarget = product === Product.BO && num(fields, 'ordType') === OrdType.LIMIT;
  if (sequence > 0) return { leg: isTarget ? 'target' : 'stop', entry: account.orders.get(sequence), targetWay };
  const closes = num(fields, 'stopPx') === 0 && (num(fields, 'flags') & 2) !== 0;
  return { leg: closes ? 'none' : 'entry', entry: undefined, targetWay };
}

const raw = (fields: Fields): Pick<Candidate, 'quantity' | 'price' | 'stopPx' | 'displayQuantity'> => ({
  quantity: num(fields, 'quantity'),
  price: num(fields, 'price'),
  stopPx: num(fields, 'stopPx'),
  displayQuantity: num(fields, 'displayQuantity'),
});

/** The order a request names: an OrderID that is not this client's is refused, whatever the ClOrdID says. */
function requestedOrder(account: Account, fields: Fields): Order | undefined {
  const sequence = num(fields, 'orderSequence');
  return sequence > 0 ? account.orders.get(sequence) : findOrder(account, 0, [text(fields, 'origClOrdId')]);
}

/** The order a report names: by sequence, else by the given ClOrdIDs in turn. */
export function findOrder(account: Account, sequence: number, ids: readonly string[]): Order | undefined {
  const bySequence = account.orders.get(sequence);
  if (bySequence !== undefined) return bySequence;
  for (const id of ids) {
    const order = id === '' ? undefined : account.usedIds.get(id)?.order;
    if (order !== undefined) return order;
  }
  return undefined;
}

/** ReplaceOrder. */
export function replace(slot: Slot, fields: Fields): Happening[] {
  const id = text(fields, 'clOrdId');
  const no = (code: number): Happening[] => rejected('ReplaceRejected', fields, code);
  if (!slot.open) return no(RejectCode.dayNotOpen);
  const account = slot.accounts.get(text(fields, 'account'));
  if (account === undefined) return no(RejectCode.unknownAccount);
  if (account.usedIds.has(id)) return no(RejectCode.duplicateClOrdId);
  const order = requestedOrder(account, fields);
  const blocked = judgeStanding(slot, account) || judgeChange(order, fields);
  if (order === undefined || blocked !== 0) {
    account.usedIds.set(id, { kind: 'REPLACE', order });
    return no(blocked);
  }
  const candidate = replaceCandidate(slot, account, order, fields);
  const code = judgeReplace(candidate);
  if (code !== 0) {
    account.usedIds.set(id, { kind: 'REPLACE', order });
    const figures = code === RejectCode.insufficientMargin ? marginFacts(candidate) : {};
    return rejected('ReplaceRejected', fields, code).map(({ kind, facts }) => ({ kind, facts: { ...facts, ...figures } }));
  }
  const facts = marginFacts(candidate);
  takeLending(slot, lendingRise(candidate, leavesValue(candidate)));
  order.pendingReplace = { clOrdId: id, terms: termsFrom(candidate) };
  expectAnswer(slot, order);
  account.usedIds.set(id, { kind: 'REPLACE', order });
  return [{ kind: 'ReplaceAccepted', facts: { account: account.account, clOrdId: id, orderSequence: order.sequence, ordStatus: 'E', ...facts } }];
}

/** Why an order may not be replaced at all. */
function judgeChange(order: Order | undefined, fields: Fields): number {
  if (order === undefined) return RejectCode.unknownOrder;
  if (order.ending !== undefined) return RejectCode.tooLateToChange;
  if (order.pendingReplace !== undefined || order.pendingCancel !== undefined) return RejectCode.changePending;
  for (const name of ['token', 'segment', 'side'] as const) {
    const given = num(fields, name);
    if (given !== 0 && given !== order[name]) return RejectCode.replaceMismatch;
  }
  return RejectCode.none;
}

function replaceCandidate(slot: Slot, account: Account, order: Order, fields: Fields): Candidate {
  const isEntry = order.leg === 'entry' || order.leg === 'released';
  const given = num(fields, 'ordType');
  const candidate: Candidate = {
    ...raw(fields),
    ...(isEntry && num(fields, 'stopPx') === 0 ? { stopPx: Number(order.terms.stopPx) } : {}),
    leg: order.leg,
    entry: order.entry,
    targetWay: order.targetWay,
    isDealer: order.isDealer,
    slot,
    account,
    segment: order.segment,
    token: order.token,
    side: order.side,
    product: order.product,
    ordType: given === 0 ? order.terms.ordType : given,
    timeInForce: given === 0 ? order.timeInForce : num(fields, 'timeInForce'),
    replacing: order,
    asOrder: () => ({ ...order, pendingReplace: { clOrdId: '', terms: termsFrom(candidate) } }),
  };
  return candidate;
}

/** CancelOrder. */
export function cancel(slot: Slot, fields: Fields): Happening[] {
  const id = text(fields, 'clOrdId');
  const no = (code: number): Happening[] => rejected('CancelRejected', fields, code);
  if (!slot.open) return no(RejectCode.dayNotOpen);
  const account = slot.accounts.get(text(fields, 'account'));
  if (account === undefined) return no(RejectCode.unknownAccount);
  if (account.usedIds.has(id)) return no(RejectCode.duplicateClOrdId);
  const order = requestedOrder(account, fields);
  let code: number = RejectCode.none;
  if (order === undefined) code = RejectCode.unknownOrder;
  else if (order.ending !== undefined) code = RejectCode.tooLateToChange;
  else if (order.pendingCancel !== undefined) code = RejectCode.changePending;
  else if (isNeeded(order) && (num(fields, 'flags') & 1) === 0 && !isStopped(slot, account)) code = RejectCode.linkedOrder;
  account.usedIds.set(id, { kind: 'CANCEL', order });
  if (order === undefined || code !== 0) return no(code);
  return [pendCancel(slot, order, id, id)];
}

/** `toldAs`: the request's ClOrdID, or the order's own when the order's session did not ask. */
function pendCancel(slot: Slot, order: Order, id: string, toldAs: string): Happening {
  if (isNeeded(order) && order.entry !== undefined) order.entry.leg = 'released';
  order.pendingCancel = id;
  expectAnswer(slot, order);
  return {
    kind: 'CancelAccepted',
    facts: { account: order.account, clOrdId: toldAs, orderSequence: order.sequence, ordStatus: '6', cumQuantity: Number(order.filled) },
  };
}

/** MassCancel. */
export function massCancel(slot: Slot, fields: Fields): Happening[] {
  const id = text(fields, 'clOrdId');
  const name = text(fields, 'account');
  const no = (code: number): Happening[] => rejected('MassCancelRejected', fields, code);
  if (!slot.open) return no(RejectCode.dayNotOpen);
  const named = slot.accounts.get(name);
  if (name !== '' && named === undefined) return no(RejectCode.unknownAccount);
  if (named?.usedIds.has(id)) return no(RejectCode.duplicateClOrdId);
  named?.usedIds.set(id, { kind: 'CANCEL', order: undefined });
  const any = (given: number, own: number): boolean => given === 0 || given === own;
  const matches = (order: Order): boolean =>
    order.pendingCancel === undefined &&
    any(num(fields, 'segment'), order.segment) &&
    any(num(fields, 'token'), order.token) &&
    any(num(fields, 'side'), order.side);
  const accounts = named === undefined ? [...slot.accounts.values()] : [named];
  const goes = (account: Account, order: Order): boolean => matches(order) && (!isNeeded(order) || isStopped(slot, account));
  const orders = accounts.flatMap((account) => openOrders(account).filter((order) => goes(account, order)));
  const happenings = orders.map((order) => pendCancel(slot, order, id, order.clOrdId));
  return [...happenings, { kind: 'MassCancelAccepted', facts: { account: name, clOrdId: id, count: orders.length } }];
}

/** Ends an order; nothing stays pending. */
export function close(order: Order, ending: NonNullable<Order['ending']>): void {
  order.ending = ending;
  order.pendingReplace = undefined;
  order.pendingCancel = undefined;
  order.stuck = false;
}

/** Ends an order as filled when neither its terms nor its pending ones leave anything to fill. */
export function closeIfFilled(order: Order): void {
  if (order.ending !== undefined || leavesOf(order, order.terms) > 0n) return;
  if (order.pendingReplace !== undefined && leavesOf(order, order.pendingReplace.terms) > 0n) return;
  close(order, 'FILLED');
}

/** The account a report is about, opened frozen when nobody opened it. */
export function accountForReport(slot: Slot, name: string): { account: Account; opened: boolean } {
  const found = slot.accounts.get(name);
  if (found !== undefined) return { account: found, opened: false };
  const account = newAccount(name, 'FROZEN', []);
  slot.accounts.set(name, account);
  return { account, opened: true };
}

/** A report found the order: it is at the exchange. */
export function confirm(order: Order): void {
  order.confirmed = true;
  answer(order);
}

/** Takes an order off the stuck list once nothing is left to be answered. */
export function answer(order: Order): void {
  if (order.confirmed && order.pendingReplace === undefined && order.pendingCancel === undefined) order.stuck = false;
}

/** From now on the exchange has something to answer. */
function expectAnswer(slot: Slot, order: Order): void {
  order.awaitingSince = slot.time;
  order.awaitingSequence = slot.sequence;
}
