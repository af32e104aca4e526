// Requests of the day as the ClOrdIDs remember them: what a client asked under a name and what it was told, and the rejections of a slot. Reads state,
// changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES, CLORDID_BYTES } from '../command/layout.ts';
import { ClientOrderId, RequestKind } from '../state/client-order-id-table.ts';
import { Client } from '../state/client-table.ts';
import { Order } from '../state/order-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow, textField } from './order-view.ts';

/** One request of the day that used up its ClOrdID. */
export interface RequestView {
  readonly slot: number;
  /** Slot sequence of the command. */
  readonly sequence: number;
  readonly account: string;
  readonly clOrdId: string;
  /** PLACE, REPLACE or CANCEL. */
  readonly kind: string;
  /** RejectCode; 0 = accepted. */
  readonly rejectCode: number;
  /** Sequence of the order it is about; 0 when there is none. */
  readonly orderSequence: number;
}

/** Rejections of the day in one slot. */
export interface RejectList {
  /** How many by RejectCode. */
  readonly counts: readonly (readonly [code: number, count: number])[];
  /** Newest first. */
  readonly last: readonly RequestView[];
}

/** The request that used a ClOrdID of the account, or undefined. */
export function requestView(state: SlotState, account: string, clOrdId: string): RequestView | undefined {
  assert(account.length <= ACCOUNT_BYTES && clOrdId.length <= CLORDID_BYTES, 'request name longer than its field');
  const client = clientRow(state, account);
  const row = client === 0 ? 0 : state.clOrdIds.find(client, textField(clOrdId, CLORDID_BYTES), 0);
  return row === 0 ? undefined : viewOf(state, row);
}

/** Rejections that used up a ClOrdID (check 4 of a decision and later), counted, and the newest `limit` of them. */
export function rejectViews(state: SlotState, limit: number): RejectList {
  assert(limit >= 0, 'limit is negative');
  const { clOrdIds } = state;
  const counts = new Map<number, number>();
  const last: RequestView[] = [];
  // Rows are taken in the order of use and dropped all at once: from the last down is newest first.
  for (let row = clOrdIds.rows - 1; row > 0; row--) {
    const code = clOrdIds.u16(row, ClientOrderId.rejectCode);
    if (code === 0) continue;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (last.length < limit) last.push(viewOf(state, row));
  }
  return { counts: [...counts], last };
}

function viewOf(state: SlotState, row: number): RequestView {
  const { clOrdIds, clients, orders } = state;
  const kind = clOrdIds.u8(row, ClientOrderId.kind);
  const order = clOrdIds.u32(row, ClientOrderId.order);
  return {
    slot: state.slot,
    sequence: clOrdIds.f64(row, ClientOrderId.sequence),
    account: clients.text(clOrdIds.u32(row, ClientOrderId.client), Client.account, ACCOUNT_BYTES),
    clOrdId: clOrdIds.text(row, ClientOrderId.clOrdId, CLORDID_BYTES),
    kind: Object.entries(RequestKind).find(([, number]) => number === kind)?.[0] ?? '',
    rejectCode: clOrdIds.u16(row, ClientOrderId.rejectCode),
    orderSequence: order === 0 ? 0 : orders.f64(order, Order.sequence),
  };
}
