// Reading ahead of a few orders changes nothing: neither the state nor a byte beside it, whatever the orders name.
import { expect, test } from 'vitest';
import { type CommandView, EVENT_BYTES, EventWriter, newCommandView, ReadAhead, SlotMemory, SlotState } from '../../engine/index.ts';
import { CE, EQ, market, type OrderSpec, placeOrder } from './builders.ts';
import { openDesk } from './desk.ts';

const ORDERS: readonly OrderSpec[] = [
  { id: 'a' },
  { id: 'b', of: CE, price: 40, side: 'sell' },
  { id: 'c', of: EQ },
  { id: 'a' },
  { id: 'd', account: 'NOBODY' },
  { id: 'e', of: { token: 4_294_967_295, segment: 2 } },
  { id: 'f', of: { token: 0, segment: 0 } },
];

/** The orders one after the other in one buffer, as they lie in a ring. */
function inOneBuffer(commands: readonly CommandView[]): CommandView[] {
  const whole = newCommandView(commands.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  return commands.map(({ bytes }) => {
    whole.bytes.set(bytes, at);
    at += bytes.length;
    return newCommandView(bytes.length).wrap(whole.bytes, whole.data, at - bytes.length);
  });
}

function foldAll(desk: ReturnType<typeof openDesk>, commands: readonly CommandView[]): string {
  const events = new EventWriter();
  for (const command of commands) desk.fold.fold(desk.state, command, undefined, events);
  return Buffer.from(events.bytes.subarray(0, events.count * EVENT_BYTES)).toString('hex');
}

test('the same orders, read ahead of or not, give the same events and the same state', () => {
  const memory = new SlotMemory();
  const [plain, ahead] = [openDesk(), openDesk(market(), memory)];
  const reader = new ReadAhead(memory);
  for (let round = 0; round < 3; round++) {
    const commands = inOneBuffer(ORDERS.map((spec) => placeOrder({ ...spec, id: `${spec.id}${round}` })));
    const before = Buffer.from(memory.arena.bytes);
    for (const command of commands) reader.add(ahead.state, command);
    reader.run(commands[0]?.bytes ?? new Uint8Array());
    expect(before.equals(memory.arena.bytes), 'not a byte is written').toBe(true);
    expect(foldAll(ahead, commands)).toBe(foldAll(plain, commands));
    expect(ahead.state.hash()).toBe(plain.state.hash());
  }
  expect(ahead.state.orders.live).toBe(9);
});

test('a slot that has folded nothing, and has no parameters, can be read ahead of', () => {
  const memory = new SlotMemory();
  const [first, second] = [new SlotState(0, memory), new SlotState(1, memory)];
  const [order] = inOneBuffer([placeOrder({ id: 'a' })]);
  const before = Buffer.from(memory.arena.bytes);
  const reader = new ReadAhead(memory);
  for (const state of [first, second]) if (order !== undefined) reader.add(state, order);
  reader.run(order?.bytes ?? new Uint8Array());
  expect(before.equals(memory.arena.bytes)).toBe(true);
});
