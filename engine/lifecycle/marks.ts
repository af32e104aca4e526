// MarkPrices: new last prices of instruments held or working in this slot. A segment that has its settlement prices keeps them until the next OpenDay.
import { MARKS_PER_RECORD_MAX, MarkPrices } from '../command/layout.ts';
import { EventKind } from '../event/layout.ts';
import { PRICE_MAX } from '../limits.ts';
import { availableFunds } from '../state/available-funds.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { bookMark } from './booking.ts';
import type { Emission } from './emission.ts';

/** Clients whose funds may have moved, each once, and what they had before; reused. */
class Touched {
  clients: Int32Array<ArrayBuffer> = new Int32Array(64);
  before: Float64Array<ArrayBuffer> = new Float64Array(64);
  private seen: Uint8Array<ArrayBuffer> = new Uint8Array(64);
  count = 0;

  add(state: SlotState, client: number): void {
    if (client >= this.seen.length) this.grow(client + 1);
    if (this.seen[client] === 1) return;
    this.seen[client] = 1;
    this.before[client] = availableFunds(state, client);
    this.clients[this.count] = client;
    this.count += 1;
  }

  forget(): void {
    for (let i = 0; i < this.count; i++) this.seen[this.clients[i] ?? 0] = 0;
    this.count = 0;
  }

  private grow(length: number): void {
    const capacity = Math.max(length, this.seen.length * 2);
    const clients = new Int32Array(capacity);
    const before = new Float64Array(capacity);
    const seen = new Uint8Array(capacity);
    clients.set(this.clients);
    before.set(this.before);
    seen.set(this.seen);
    this.clients = clients;
    this.before = before;
    this.seen = seen;
  }
}

const touched = new Touched();

/** Folds a MarkPrices: prices that are not positive integers are ignored. One MarginChanged per client whose available funds changed. */
export function markPrices(out: Emission): void {
  const { state, command } = out;
  const settled = state.meta.u8(META_ROW, Meta.settledSegments);
  const count = Math.min(command.u32(MarkPrices.count), MARKS_PER_RECORD_MAX, (command.length - MarkPrices.entries) / MarkPrices.ENTRY_BYTES);
  for (let i = 0; i < count; i++) {
    const at = MarkPrices.entries + i * MarkPrices.ENTRY_BYTES;
    const price = command.f64(at + 8);
    const segment = command.u32(at + 4);
    if (((settled >> segment) & 1) === 0 && Number.isInteger(price) && price > 0 && price <= PRICE_MAX) mark(state, segment, command.u32(at), price);
  }
  reportMarks(out);
}

/** Marks every position of the slot in an instrument; reportMarks tells whom it touched. */
export function mark(state: SlotState, segment: number, token: number, price: number): void {
  const { instrumentPositions } = state.derived;
  for (let position = instrumentPositions.head(segment, token); position !== 0; position = instrumentPositions.next(position)) {
    touched.add(state, state.positions.u32(position, Position.client));
    bookMark(state, position, price);
  }
}

/** One MarginChanged per client whose available funds the marks since the last call changed. */
export function reportMarks(out: Emission): void {
  // Ascending, because the lists walked above may be in another order after a restore.
  touched.clients.subarray(0, touched.count).sort();
  for (let i = 0; i < touched.count; i++) report(out, touched.clients[i] ?? 0);
  touched.forget();
}

function report(out: Emission, client: number): void {
  if (availableFunds(out.state, client) === touched.before[client]) return;
  const event = out.account(out.begin(EventKind.MarginChanged), client);
  out.note(client);
  out.margin(event, client);
}
