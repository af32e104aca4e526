// MassCancel: every open order that matches becomes pending cancel. Frees nothing by itself.
import { applyCancel } from '../apply.ts';
import { isStopped } from '../checks/linked-order.ts';
import type { CommandView } from '../command/command-view.ts';
import { ACCOUNT_BYTES, CLORDID_BYTES, MassCancel } from '../command/layout.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { ExecType } from '../instrument.ts';
import { RejectCode } from '../reject-code.ts';
import { ClientOrderId, RequestKind } from '../state/client-order-id-table.ts';
import { isNeeded } from '../state/linked-orders.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import type { Emission } from './emission.ts';

/** Folds a MassCancel. */
export function massCancel(out: Emission): void {
  const { state, command } = out;
  const accountAt = command.at + MassCancel.account;
  const one = command.bytes[accountAt] !== 0;
  const client = one ? state.clients.find(command.bytes, accountAt) : 0;
  const code = refusal(state, command, one, client);
  if (code !== 0) {
    answer(out, EventKind.MassCancelRejected).u16(EventField.rejectCode, code);
    return;
  }
  if (one) remember(state, command, client);
  let count = 0;
  if (one) count = cancelAll(out, client);
  else for (let each = 1; each < state.clients.rows; each++) count += cancelAll(out, each);
  answer(out, EventKind.MassCancelAccepted).f64(EventField.count, count);
}

function refusal(state: SlotState, command: CommandView, one: boolean, client: number): number {
  if (state.meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return RejectCode.dayNotOpen;
  if (!one) return 0;
  if (client === 0) return RejectCode.unknownAccount;
  const used = state.clOrdIds.find(client, command.bytes, command.at + MassCancel.clOrdId) !== 0;
  return used ? RejectCode.duplicateClOrdId : 0;
}

function remember(state: SlotState, command: CommandView, client: number): void {
  const id = state.clOrdIds.add(client, command.bytes, command.at + MassCancel.clOrdId);
  state.clOrdIds.setU8(id, ClientOrderId.kind, RequestKind.CANCEL);
  state.clOrdIds.setF64(id, ClientOrderId.sequence, state.sequence);
}

/** Makes the client's matching orders pending cancel; returns how many. */
function cancelAll(out: Emission, client: number): number {
  const { state, command } = out;
  const { openOrders } = state.derived;
  let count = 0;
  for (let order = openOrders.head(client); order !== 0; order = openOrders.next(order)) {
    if (!matches(state, command, order)) continue;
    applyCancel(state, order, command.bytes, command.at + MassCancel.clOrdId);
    const event = out.order(EventKind.CancelAccepted, order, ExecType.PENDING_CANCEL, false);
    out.note(client);
    out.margin(event, client);
    count += 1;
  }
  return count;
}

function matches(state: SlotState, command: CommandView, order: number): boolean {
  const { orders } = state;
  const token = command.u32(MassCancel.token);
  const segment = command.u8(MassCancel.segment);
  const side = command.u8(MassCancel.side);
  if (orders.has(order, OrderState.PENDING_CANCEL)) return false;
  // A stop-loss that is needed stays, but for a client who is stopped altogether.
  if (isNeeded(state, order) && !isStopped(state, orders.u32(order, Order.client))) return false;
  if (segment !== 0 && segment !== orders.u8(order, Order.segment)) return false;
  if (token !== 0 && token !== orders.u32(order, Order.token)) return false;
  return side === 0 || side === orders.u8(order, Order.side);
}

function answer(out: Emission, kind: number): ReturnType<Emission['answer']> {
  const { command } = out;
  return out
    .answer(kind)
    .copy(EventField.account, command.bytes, command.at + MassCancel.account, ACCOUNT_BYTES)
    .copy(EventField.clOrdId, command.bytes, command.at + MassCancel.clOrdId, CLORDID_BYTES)
    .u32(EventField.token, command.u32(MassCancel.token))
    .u8(EventField.segment, command.u8(MassCancel.segment))
    .u8(EventField.side, command.u8(MassCancel.side));
}
