// Opens breaks. Bounded: past BREAKS_MAX rows a slot counts them and keeps no more.
import { ACCOUNT_BYTES, RecordExecution } from '../command/layout.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { BREAKS_MAX } from '../limits.ts';
import { Break } from '../state/break-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order } from '../state/order-table.ts';
import type { Emission } from './emission.ts';

/** What a break is about; 0 where it does not apply. */
export class BreakSubject {
  client = 0;
  order = 0;
  segment = 0;
  token = 0;
  side = 0;
  quantity = 0;
  price = 0;
}

/** Opens a break of a BreakKind; returns its row, 0 when the slot is full of them. */
export function openBreak(out: Emission, kind: number, subject: BreakSubject): number {
  const { state } = out;
  const { breaks, orders } = state;
  const orderSequence = subject.order === 0 ? 0 : orders.f64(subject.order, Order.sequence);
  const event = subject.order === 0 ? out.answer(EventKind.BreakOpened) : out.order(EventKind.BreakOpened, subject.order, 0, false);
  out.account(event, subject.client).u16(EventField.breakKind, kind).u32(EventField.token, subject.token).u8(EventField.segment, subject.segment);
  // A report about an account nobody opened still says which.
  if (subject.client === 0) event.copy(EventField.account, out.command.bytes, out.command.at + RecordExecution.account, ACCOUNT_BYTES);
  event.u8(EventField.side, subject.side).f64(EventField.lastQuantity, subject.quantity).f64(EventField.lastPx, subject.price);
  if (breaks.live >= BREAKS_MAX) {
    state.meta.setU32(META_ROW, Meta.breaksDropped, state.meta.u32(META_ROW, Meta.breaksDropped) + 1);
    return 0;
  }
  const row = breaks.allocate();
  breaks.setU32(row, Break.client, subject.client);
  breaks.setU32(row, Break.token, subject.token);
  breaks.setU8(row, Break.segment, subject.segment);
  breaks.setU8(row, Break.side, subject.side);
  breaks.setU16(row, Break.kind, kind);
  breaks.setF64(row, Break.time, out.command.time);
  breaks.setF64(row, Break.sequence, state.sequence);
  breaks.setF64(row, Break.orderSequence, orderSequence);
  breaks.setF64(row, Break.quantity, subject.quantity);
  breaks.setF64(row, Break.price, subject.price);
  return row;
}
