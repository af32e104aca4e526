// Run in a process of its own with --expose-gc: folds orders and reports, and prints the bytes of heap each took. Prints JSON on stdout.
import { type CommandView, EventWriter, PlaceOrder, ReadAhead, RecordExecution, SlotMemory } from '../../engine/index.ts';
import { CE, EQ, exchangeReport, FUT, market, placeOrder } from './builders.ts';
import { openDesk } from './desk.ts';

const CLIENTS = 100;
const WARM_ROUNDS = 300;
const ROUNDS = 40;
const DIGITS = 10;

const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new RangeError('run with --expose-gc');

const memory = new SlotMemory();
const desk = openDesk(market(), memory);
const ahead = new ReadAhead(memory);
for (let c = 0; c < CLIENTS; c++) desk.account(`C${c}`, 10_000_000);
const orders = Array.from({ length: CLIENTS }, (_, c) =>
  placeOrder({ account: `C${c}`, id: 'ID0000000000', of: [FUT, CE, EQ][c % 3] ?? FUT, price: c % 3 === 1 ? 40 : 1000 }),
);
const ends = Array.from({ length: CLIENTS }, (_, c) => exchangeReport({ account: `C${c}`, id: 'ID0000000000', type: 'CANCELED' }));
const writer = new EventWriter();
let number = 0;

/** Writes the running number into a ClOrdID without making a string. */
function stamp(view: CommandView, offset: number): void {
  let rest = number;
  for (let i = 0; i < DIGITS; i++) {
    view.setU8(offset + 11 - i, 48 + (rest % 10));
    rest = Math.floor(rest / 10);
  }
}

function round(): void {
  for (let c = 0; c < CLIENTS; c++) {
    const order = orders[c];
    const end = ends[c];
    if (order === undefined || end === undefined) return;
    number += 1;
    stamp(order, PlaceOrder.clOrdId);
    stamp(end, RecordExecution.clOrdId);
    order.time = number;
    end.time = number;
    writer.reset();
    ahead.add(desk.state, order);
    ahead.run(order.bytes);
    desk.fold.fold(desk.state, order, undefined, writer);
    desk.fold.fold(desk.state, end, undefined, writer);
  }
}

for (let i = 0; i < WARM_ROUNDS; i++) round();
// Tables and lookups double now and then; that is growth of state, not garbage, and lives outside the heap measured here or is subtracted by
// taking the smallest of several windows.
let best = Number.POSITIVE_INFINITY;
for (let window = 0; window < 6; window++) {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < ROUNDS; i++) round();
  const bytes = process.memoryUsage().heapUsed - before;
  best = Math.min(best, bytes / (ROUNDS * CLIENTS * 2));
}
process.stdout.write(`${JSON.stringify({ bytesPerCommand: best, accepted: desk.state.orders.live })}\n`);
