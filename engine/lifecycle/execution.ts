// RecordExecution: what the exchange did, as the OMS, a drop copy or a trade file reports it. Facts are never refused: they are booked, and
// what does not fit opens a break. Finds the client and the order, then hands the report to its kind.
import { BreakKind } from '../break-kind.ts';
import { findOrder, findOrderById } from '../checks/resolve.ts';
import { RecordExecution } from '../command/layout.ts';
import { EventKind } from '../event/layout.ts';
import { ExecType } from '../instrument.ts';
import { AccountKind, AccountStatus, Client, ClientFlag } from '../state/client-table.ts';
import { Order } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import type { Emission } from './emission.ts';
import { BreakSubject, openBreak } from './open-break.ts';
import { reportOnOrder } from './order-report.ts';
import { adjustTrade, recordTrade } from './trade-report.ts';

/** One report, located; refilled for each. */
export class Report {
  client = 0;
  order = 0;
  readonly subject: BreakSubject = new BreakSubject();
}

const report = new Report();

/** Folds a RecordExecution. */
export function recordExecution(out: Emission): void {
  const { state, command } = out;
  const execType = command.u8(RecordExecution.execType);
  const trade = execType === ExecType.TRADE || execType === ExecType.TRADE_CORRECT || execType === ExecType.TRADE_CANCEL;
  locate(state, out);
  describe(out);
  if (report.client === 0) {
    if (trade) openAccountByFill(out);
    openBreak(out, BreakKind.unknownAccount, report.subject);
    if (!trade) return;
  }
  out.note(report.client);
  if (execType === ExecType.TRADE) recordTrade(out, report);
  else if (trade) adjustTrade(out, report, execType === ExecType.TRADE_CORRECT);
  else if (report.order === 0) openBreak(out, BreakKind.unknownOrder, report.subject);
  else reportOnOrder(out, report, execType);
}

/** Client by account, or by the order where the report names none; order by OrderID, ClOrdID, OrigClOrdID. */
function locate(state: SlotState, out: Emission): void {
  const { command } = out;
  const sequence = command.f64(RecordExecution.orderSequence);
  report.client = state.clients.find(command.bytes, command.at + RecordExecution.account);
  if (report.client === 0 && command.u8(RecordExecution.account) === 0) {
    const named = state.orders.find(sequence);
    if (named !== 0) report.client = state.orders.u32(named, Order.client);
  }
  report.order = findOrder(state, report.client, sequence, command.bytes, command.at + RecordExecution.clOrdId);
  if (report.order === 0 && report.client !== 0) {
    report.order = findOrderById(state, report.client, command.bytes, command.at + RecordExecution.clOrdId);
    if (report.order === 0) report.order = findOrderById(state, report.client, command.bytes, command.at + RecordExecution.origClOrdId);
  }
}

function describe(out: Emission): void {
  const { command, state } = out;
  const { subject } = report;
  const token = command.u32(RecordExecution.token);
  const side = command.u8(RecordExecution.side);
  subject.client = report.client;
  subject.order = report.order;
  subject.token = token === 0 && report.order !== 0 ? state.orders.u32(report.order, Order.token) : token;
  subject.segment = token === 0 && report.order !== 0 ? state.orders.u8(report.order, Order.segment) : command.u8(RecordExecution.segment);
  subject.side = side === 0 && report.order !== 0 ? state.orders.u8(report.order, Order.side) : side;
  subject.quantity = command.f64(RecordExecution.lastQuantity);
  subject.price = command.f64(RecordExecution.lastPx);
}

/** A trade for an account nobody opened still happened: a FROZEN account takes it. */
function openAccountByFill(out: Emission): void {
  const { state, command } = out;
  const client = state.clients.add(command.bytes, command.at + RecordExecution.account);
  state.clients.setU8(client, Client.status, AccountStatus.FROZEN);
  state.clients.setU8(client, Client.kind, AccountKind.CLIENT);
  state.clients.setU32(client, Client.flags, ClientFlag.OPENED_BY_FILL);
  report.client = client;
  report.subject.client = client;
  out.account(out.begin(EventKind.AccountOpened), client);
}
