// What the exchange did, as reported: never refused. Everything but trades is here; trades, their corrections and busts are in trades.ts.
import { ExecType } from '../../engine/index.ts';
import { type Account, type Order, openOrders, type Slot, type Terms } from './book.ts';
import type { Fields } from './commands.ts';
import { openDue } from './day-edges.ts';
import { type Happening, opened, orderFacts } from './happening.ts';
import { accountForReport, answer, close, closeIfFilled, confirm, findOrder, num, text } from './orders.ts';
import { recordTrade } from './trades.ts';

const UNKNOWN_ORDER = 1;
const UNKNOWN_ACCOUNT = 2;
const STUCK = 5;
const UNEXPECTED = 10;
const TRADES = new Set<number>([ExecType.TRADE, ExecType.TRADE_CORRECT, ExecType.TRADE_CANCEL]);

/** RecordExecution. */
export function recordExecution(slot: Slot, fields: Fields): Happening[] {
  const name = text(fields, 'account');
  const execType = num(fields, 'execType');
  if (!slot.accounts.has(name) && !TRADES.has(execType)) return [opened(UNKNOWN_ACCOUNT, name)];
  const { account, opened: isNew } = accountForReport(slot, name);
  const happenings: Happening[] = isNew ? [{ kind: 'AccountOpened', facts: { account: name } }, opened(UNKNOWN_ACCOUNT, name)] : [];
  const order = findOrder(account, num(fields, 'orderSequence'), [text(fields, 'clOrdId'), text(fields, 'origClOrdId')]);
  if (TRADES.has(execType)) return [...happenings, ...recordTrade(slot, account, order, fields)];
  if (order === undefined) return [...happenings, opened(UNKNOWN_ORDER, name)];
  return [...happenings, ...report(account, order, fields)];
}

function report(account: Account, order: Order, fields: Fields): Happening[] {
  const execType = num(fields, 'execType');
  const wasOpen = order.ending === undefined;
  const apply = REPORTS.get(execType);
  if (apply === undefined) return [opened(UNEXPECTED, account.account)];
  const happenings = apply(account, order, fields);
  // A rejected request answers itself only, and a replace that was reported before says nothing new.
  const silent = (execType === ExecType.REJECTED && order.ending === undefined) || (execType === ExecType.REPLACED && happenings.length === 0);
  if (wasOpen && !silent) confirm(order);
  else answer(order);
  return happenings;
}

const told = (kind: Happening['kind'], order: Order, execType: number): Happening => ({ kind, facts: { ...orderFacts(order), execType } });

type Report = (account: Account, order: Order, fields: Fields) => Happening[];

const REPORTS = new Map<number, Report>([
  [
    ExecType.NEW,
    (_account, order) => {
      confirm(order);
      return [told('ExecutionRecorded', order, ExecType.NEW)];
    },
  ],
  [ExecType.REJECTED, reportRejected],
  [ExecType.REPLACED, reportReplaced],
  [ExecType.CANCELED, (_account, order) => end(order, 'CANCELED')],
  [ExecType.EXPIRED, (_account, order) => end(order, 'EXPIRED')],
  [ExecType.RESTATED, (_account, order, fields) => restate(order, fields)],
]);

function reportRejected(account: Account, order: Order, fields: Fields): Happening[] {
  const id = text(fields, 'clOrdId');
  const kind = account.usedIds.get(id)?.kind;
  if (id !== '' && id === order.pendingReplace?.clOrdId) order.pendingReplace = undefined;
  else if (id !== '' && id === order.pendingCancel) order.pendingCancel = undefined;
  else if (id !== order.clOrdId && (kind === 'REPLACE' || kind === 'CANCEL')) return [];
  else return end(order, 'REJECTED');
  closeIfFilled(order);
  return [told('ExecutionRecorded', order, ExecType.REJECTED)];
}

function end(order: Order, ending: NonNullable<Order['ending']>): Happening[] {
  if (order.ending !== undefined) return [];
  close(order, ending);
  const kind = { CANCELED: 'OrderCanceled', EXPIRED: 'OrderExpired', REJECTED: 'ExecutionRecorded', FILLED: 'ExecutionRecorded' } as const;
  const execType = { CANCELED: ExecType.CANCELED, EXPIRED: ExecType.EXPIRED, REJECTED: ExecType.REJECTED, FILLED: ExecType.TRADE }[ending];
  return [told(kind[ending], order, execType)];
}

function reportReplaced(_account: Account, order: Order, fields: Fields): Happening[] {
  if (order.ending !== undefined) return [];
  const pending = order.pendingReplace;
  if (pending === undefined) {
    if (text(fields, 'clOrdId') === order.clOrdId) return [];
    return [...restate(order, fields), opened(UNEXPECTED, order.account)];
  }
  order.terms = pending.terms;
  order.clOrdId = pending.clOrdId;
  order.pendingReplace = undefined;
  applyTerms(order.terms, fields);
  closeIfFilled(order);
  return [told('OrderReplaced', order, ExecType.REPLACED)];
}

function restate(order: Order, fields: Fields): Happening[] {
  if (order.ending !== undefined) return [];
  order.terms = { ...order.terms };
  applyTerms(order.terms, fields);
  closeIfFilled(order);
  return [told('ExecutionRecorded', order, ExecType.RESTATED)];
}

/** Quantity and price of a report, where it states them. */
function applyTerms(terms: Terms, fields: Fields): void {
  const quantity = num(fields, 'orderQuantity');
  const price = num(fields, 'price');
  if (Number.isInteger(quantity) && quantity > 0 && quantity <= 100_000_000) terms.quantity = BigInt(quantity);
  if (!Number.isInteger(price) || price <= 0 || price > 10_000_000_000) return;
  terms.price = BigInt(price);
  terms.valuation = BigInt(price);
}

/** Tick: orders whose verdict nobody answered in time become stuck, once; so many at a time, those that wait longest. */
export function tick(slot: Slot, fields: Fields): Happening[] {
  const late = (order: Order): boolean => {
    const awaiting = !order.confirmed || order.pendingReplace !== undefined || order.pendingCancel !== undefined;
    return awaiting && !order.stuck && slot.time - order.awaitingSince >= slot.policy.confirmWithin;
  };
  const orders = [...slot.accounts.values()].flatMap(openOrders).filter(late);
  orders.sort((a, b) => a.awaitingSequence - b.awaitingSequence);
  const most = num(fields, 'stuckMost');
  const stuck = (most === 0 ? orders : orders.slice(0, most)).map((order): Happening => {
    order.stuck = true;
    return { kind: 'BreakOpened', facts: { breakKind: STUCK, account: order.account, orderSequence: order.sequence } };
  });
  return [...openDue(slot), ...stuck];
}
