// What the intake does when a ring is full: new orders and replaces are answered busy, everything else waits, nothing is dropped.
import { describe, expect, it } from 'vitest';
import {
  CommandKind,
  type CommandView,
  EXCHANGE_ID_BYTES,
  newCommandView,
  type ParameterTable,
  PlaceOrder,
  RecordExecution,
  SLOT_COUNT,
} from '../../../engine/index.ts';
import { MessageView } from '../../../gateway/fix/index.ts';
import { AccountDirectory } from '../../../gateway/risk/account-directory.ts';
import { BusinessReason, CommandIntake, Intake } from '../../../gateway/risk/command-intake.ts';
import { InstrumentResolver } from '../../../gateway/risk/instrument-resolver.ts';
import type { RiskSession } from '../../../gateway/risk/risk-session.ts';
import type { Lane, Shards } from '../../../workers/index.ts';

/** Shards of which only claim, commit and broadcast work; `full` names the lanes without room. */
function shardsWith(full: readonly Lane[]): { shards: Shards; taken: CommandView[] } {
  const taken: CommandView[] = [];
  const view = newCommandView(1024);
  const shards = {
    shardCount: 1,
    shardOf: () => 0,
    claim: (_slot: number, _length: number, lane: Lane) => (full.includes(lane) ? null : view),
    commit: () => void taken.push(view),
    broadcast: () => !full.includes('reserved'),
    position: () => 1,
    isDurable: () => false,
  };
  return { shards: shards as unknown as Shards, taken };
}

/** A message as a view over its bytes. */
function message(type: string, fields: readonly (readonly [number, string | number])[]): MessageView {
  const body = [`35=${type}`, '34=7', '49=OMS', '56=TARAZU', ...fields.map(([tag, value]) => `${tag}=${value}`)]
    .map((field) => `${field}\x01`)
    .join('');
  const head = `8=FIX.4.4\x019=${body.length}\x01${body}`;
  const sum = [...head].reduce((total, character) => total + character.charCodeAt(0), 0) % 256;
  const bytes = Buffer.from(`${head}10=${String(sum).padStart(3, '0')}\x01`, 'latin1');
  const view = new MessageView();
  expect(view.scan(bytes, 0, bytes.length)).toBe(0);
  return view;
}

const ORDER = [
  [11, 'c1'],
  [1, 'RICH'],
  [48, 1333],
  [207, 'NSE'],
  [54, 1],
  [38, 5],
  [40, 2],
  [44, '99.05'],
  [10001, 'MIS'],
  [10002, 4_000_000_000],
] as const;
const MESSAGES: Readonly<Record<string, MessageView>> = {
  D: message('D', ORDER),
  G: message('G', [[41, 'c0'], ...ORDER]),
  F: message('F', [[41, 'c0'], ...ORDER]),
  q: message('q', [
    [11, 'm1'],
    [1, 'RICH'],
    [530, 7],
  ]),
  'q for everyone': message('q', [
    [11, 'm1'],
    [530, 7],
  ]),
  '8': message('8', [
    [37, '3-4'],
    [11, 'c1'],
    [1, 'RICH'],
    [48, 1333],
    [207, 'NSE'],
    [54, 1],
    [150, 0],
    [39, 0],
    [17, 'x'],
  ]),
};

function take(full: readonly Lane[], view: MessageView): { result: Intake; intake: CommandIntake; taken: CommandView[]; sent: number[] } {
  const { shards, taken } = shardsWith(full);
  const intake = new CommandIntake(shards, new AccountDirectory(), new InstrumentResolver());
  const sent: number[] = [];
  const tracker = { sent: (_slot: number, number: number) => sent.push(number), sentToAll: (number: number) => sent.push(number) };
  const session = { id: 9, store: { incarnation: 2 }, tracker } as unknown as RiskSession;
  return { result: intake.take(session, view, 7), intake, taken, sent };
}

describe('intake', () => {
  it.each([
    ['D', [], Intake.TAKEN],
    ['D', ['order'], Intake.REFUSED],
    ['G', ['order'], Intake.REFUSED],
    ['F', ['order'], Intake.TAKEN],
    ['F', ['order', 'reserved'], Intake.HELD],
    ['q', ['order', 'reserved'], Intake.HELD],
    ['q for everyone', ['order'], Intake.TAKEN],
    ['q for everyone', ['order', 'reserved'], Intake.HELD],
    ['8', ['order'], Intake.TAKEN],
    ['8', ['order', 'reserved'], Intake.HELD],
  ] as const)('%s with no room for %j', (type, full, expected) => {
    const { result, intake, sent } = take(full, MESSAGES[type] ?? new MessageView());
    expect(result).toBe(expected);
    expect(sent).toEqual(expected === Intake.TAKEN ? [7] : []);
    if (expected === Intake.REFUSED) expect(intake.refusal).toMatchObject({ reason: BusinessReason.BUSY });
  });

  it.each([
    ['TrdMatchID', { 880: 'T1', 527: 'S1', 17: 'E1' }, 'T1', ''],
    ['SecondaryExecID without it', { 527: 'S1', 17: 'E1' }, 'S1', ''],
    ['ExecID without both', { 17: 'E1' }, 'E1', ''],
    ['ExecRefID for a bust', { 17: 'E2', 19: 'E1' }, 'E2', 'E1'],
    ['TrdMatchID before ExecRefID', { 880: 'T1', 17: 'E2', 19: 'E1' }, 'T1', ''],
  ])('names a trade by %s', (_what, tags, tradeId, execRefId) => {
    const fields = Object.entries(tags).map(([tag, value]) => [Number(tag), value] as const);
    const [command] = take(
      [],
      message('8', [[37, '3-4'], [11, 'c1'], [1, 'RICH'], [48, 1333], [207, 'NSE'], [54, 1], [150, 'F'], [39, 1], [32, 5], [31, '99.05'], ...fields]),
    ).taken;
    const text = (at: number): string => command?.text(at, EXCHANGE_ID_BYTES) ?? '';
    expect([text(RecordExecution.tradeId), text(RecordExecution.execRefId)]).toEqual([tradeId, execRefId]);
  });

  it('writes an order exactly: every field, price in ticks, its exactly-once key', () => {
    const [command] = take([], MESSAGES['D'] ?? new MessageView()).taken;
    expect(command?.kind).toBe(CommandKind.PlaceOrder);
    expect([command?.origin, command?.incarnation, command?.originNumber]).toEqual([9, 2, 7]);
    const { account, clOrdId, token, segment, side, ordType, product, algoId, quantity, price } = PlaceOrder;
    expect([command?.text(account, 16), command?.text(clOrdId, 40)]).toEqual(['RICH', 'c1']);
    expect([command?.u32(token), command?.u8(segment), command?.u8(side), command?.u8(ordType), command?.u8(product)]).toEqual([1333, 1, 1, 2, 2]);
    expect([command?.u32(algoId), command?.f64(quantity), command?.f64(price)]).toEqual([4_000_000_000, 5, 990_500]);
  });

  it.each([
    ['an order, without the exchange', 'D', undefined, [2, 35001]],
    ['an order, with the exchange', 'D', 'NFO', [2, 35001]],
    ['an order for an exchange nobody knows, no instrument', 'D', 'LSE', [0, 0]],
    ['an order for another exchange, no instrument', 'D', 'BFO', [5, 0]],
    ['a fill, whatever exchange it names: it is a fact', '8', 'XNSE', [2, 35001]],
  ])('NIFTY26NOVFUT in %s', (_what, type, exchange, expected) => {
    const names = { instruments: 1, segment: [2], token: [35001], instrumentName: () => 'NIFTY26NOVFUT' };
    const resolver = new InstrumentResolver();
    resolver.load(names as unknown as ParameterTable);
    resolver.resolve(message(type, [[55, 'NIFTY26NOVFUT'], ...(exchange === undefined ? [] : [[207, exchange] as const])]));
    expect([resolver.segment, resolver.token]).toEqual(expected);
  });

  it('sends accounts nobody opened to one slot each, and opened ones to theirs', () => {
    const directory = new AccountDirectory();
    const bytes = Buffer.from('xSTRANGERy');
    const slot = directory.slotOf(bytes, 1, 8);
    expect(slot).toBeGreaterThanOrEqual(0);
    expect(slot).toBeLessThan(SLOT_COUNT);
    expect(directory.slotOf(Buffer.from('STRANGER'), 0, 8)).toBe(slot);
    directory.learnText('STRANGER', (slot + 1) % SLOT_COUNT);
    expect(directory.slotOf(bytes, 1, 8)).toBe((slot + 1) % SLOT_COUNT);
    expect([directory.find('STRANGER'), directory.find('NOBODY')]).toEqual([(slot + 1) % SLOT_COUNT, -1]);
  });
});
