// The evening and the next morning beside a gateway that goes on running: it takes an order and its fills, its tables on disk are what the evening
// reconciles, the night's commands reach it through its inbox, and the order system sees the day close and the next one open on time.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEGMENTS } from '../../../batch/graph/node-row.ts';
import { BreakDesk } from '../../../batch/night/break-desk.ts';
import { segmentCloseBody } from '../../../batch/nodes/engine/day-edges.ts';
import { appendAll, planned, takenState } from '../../../batch/nodes/engine/engine-inbox.ts';
import { type EngineState, eachSlot, readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { type BreakToCorrect, correctTrade } from '../../../batch/nodes/engine/trade-correction.ts';
import type { NodeContext } from '../../../batch/runner/index.ts';
import { eachTrade, SegmentGate } from '../../../engine/index.ts';
import { OmsClient } from '../../gateway/oms-client.ts';
import { execution, newOrder } from '../../gateway/order-messages.ts';
import { type SmallHouse, smallHouse } from '../../gateway/small-house.ts';
import { DATE, TradingDay, tradeFileOf } from './trading-day.ts';

let house: SmallHouse;
let day: TradingDay;
let gateway: ChildProcess;
let oms: OmsClient;
/** The exchange's number of the order e3. */
const EXCHANGE_ORDER = '1100000000000077';

/** A gateway in a process of its own, as it is beside the night; resolves with its FIX port. */
async function startGateway(): Promise<number> {
  const config = {
    dataDirectory: day.data,
    day: house.day,
    fix: { SocketAcceptPort: 0, sessions: [{ BeginString: 'FIX.4.4', SenderCompID: 'TARAZU', TargetCompID: 'OMS' }] },
    http: { port: 0 },
    log: { level: 'silent' },
  };
  writeFileSync(join(house.folder, 'tarazu.json'), JSON.stringify(config));
  const main = new URL('../../../gateway/main.ts', import.meta.url).pathname;
  gateway = spawn(process.execPath, [main, 'run', '--config', join(house.folder, 'tarazu.json')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of gateway.stdout ?? []) {
    said += String(text);
    const port = /tarazu is up: FIX 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the gateway did not come up: ${said}`);
}

/** Reads the tables until they show what is waited for: they follow the gateway by a moment. */
async function shown(isShown: (state: EngineState) => boolean): Promise<EngineState> {
  for (const limit = Date.now() + 60_000; Date.now() < limit; ) {
    const state = await readEngine(day.data);
    if (isShown(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the tables never showed it');
}

beforeAll(async () => {
  house = await smallHouse();
  const { share } = house;
  day = new TradingDay({ CM: [] });
  for (const segment of ['CM', 'FO', 'CD', 'COM'] as const) rmSync(join(day.data, 'oms', `trades-${segment}-20261120.csv`));
  oms = await OmsClient.logon(await startGateway());
  oms.send('D', newOrder('e1', share, { quantity: 10 }));
  const orderId = (await oms.report('e1')).get(37) ?? '';
  oms.send('8', execution('0', 'x0', 'e1', share, { orderId, quantity: 10 }));
  oms.send('8', execution('F', 'T900', 'e1', share, { orderId, quantity: 10, status: '1', last: [4, share.close] }));
  oms.send('8', execution('F', 'T901', 'e1', share, { orderId, quantity: 10, status: '2', last: [6, share.close] }));
  oms.send('D', newOrder('e2', share, { quantity: 1 }));
  await oms.report('e2');
  oms.send('D', newOrder('e3', share, { quantity: 1 }));
  await oms.report('e3');
  oms.send('8', execution('0', 'x3', 'e3', share, { quantity: 1, more: [[198, EXCHANGE_ORDER]] }));
  await shown(({ clients }) => clients.get('RICH')?.positions.some(({ net }) => net === 10) === true);
});

afterAll(async () => {
  oms.drop();
  const ended = new Promise((resolve) => gateway.once('exit', resolve));
  gateway.kill('SIGTERM');
  await ended;
  await day.end();
  rmSync(house.folder, { recursive: true, force: true });
});

/** What accounts have of the day's trades: `account token quantity`, a cancelled one with a minus. */
async function booked(tradeId: string): Promise<string[]> {
  const found: string[] = [];
  await eachSlot(day.data, (state) =>
    eachTrade(state, ({ account, token, quantity, isBusted, ...trade }) => {
      if (trade.tradeId === tradeId) found.push(`${account} ${token} ${isBusted ? '-' : ''}${quantity}`);
    }),
  );
  return found.sort();
}

it('what the engine booked is what the exchange has, but for the trade only one of them knows', async () => {
  const { token, close } = house.share;
  const side = (id: string, quantity: number, more: object = {}): Record<string, string> => ({
    UnqTradIdr: id,
    ClntId: 'RICH',
    BuySellInd: 'B',
    FinInstrmId: String(token),
    TradQty: String(quantity),
    Pric: close.toFixed(2),
    ...more,
  });
  day.put('trades-cm', tradeFileOf('CM', [side('T900', 4), side('T901', 5), side('T902', 1, { OrdrRef: EXCHANGE_ORDER })]));
  await day.run();
  expect(day.error('EOD-RECON@CM')).toBe('');
  expect(day.outputs('EOD-RECON@CM')).toMatchObject({ trades: 3, matched: 1, breaks: 2 });
  const { store } = await day.night();
  expect(
    new BreakDesk(store.root, day.data).of(DATE, 'CM').map(({ id, list, ours, theirs }) => [id, list, ours?.quantity, theirs?.quantity]),
  ).toEqual([
    ['missingOurs.engine.T902.B.RICH', 'engine', undefined, 1],
    ['quantity.engine.T901.B.RICH', 'engine', 6, 5],
  ]);
  // Segments in which nobody traded agree at nothing.
  expect(day.status('EOD-RECON@FO')).toBe('done');
});

it('two persons put right what differs: the engine takes it once, the order system hears of the fill, and the exchange is met', async () => {
  const { store, operator } = await day.night();
  const desk = new BreakDesk(store.root, day.data);
  const act = (by: string, id: string, what: object): Promise<string> => desk.act({ by, date: DATE, id, ...what } as Parameters<BreakDesk['act']>[0]);
  const [missing, quantity] = ['missingOurs.engine.T902.B.RICH', 'quantity.engine.T901.B.RICH'];
  const why = { act: 'correct', reason: 'the exchange’s trades stand', correction: {} };
  const { token, close } = house.share;
  expect(await act('asha', missing, why)).toBe(`asha proposes to book RICH B 1 of ${token} at ${close}; another person has to approve`);
  await expect(act('asha', missing, { act: 'approve' })).rejects.toThrow('asha proposed this; another person has to approve');
  await expect(act('asha', missing, { act: 'send' })).rejects.toThrow('is proposed: no correction is agreed that could be sent');
  expect(await act('ravi', missing, { act: 'approve' })).toBe(`${missing}: the engine has taken it; EOD-RECON@CM run again settles the break`);
  expect((await oms.report('e3', 3)).get(150)).toBe('F');
  await expect(act('ravi', missing, { act: 'send' })).rejects.toThrow('is sent');
  await act('asha', quantity, why);
  await act('asha', quantity, { act: 'withdraw' });
  await act('ravi', quantity, why);
  await act('asha', quantity, { act: 'approve' });
  expect([await booked('T901'), await booked('T902')]).toEqual([[`RICH ${token} 5`], [`RICH ${token} 1`]]);
  expect(day.status('EOD-RECON@CM')).toBe('gate');
  operator.clear(day.runId, 'EOD-RECON@CM', 'one', { by: 'asha', reason: 'both trades are put right' });
  await day.settle();
  expect([day.status('EOD-RECON@CM'), day.outputs('EOD-RECON@CM')['breaks']]).toEqual(['done', 0]);
  expect(desk.of(DATE, 'CM').map(({ state, approvedBy }) => [state, approvedBy])).toEqual([
    ['settled', 'ravi'],
    ['settled', 'asha'],
  ]);
});

it('a segment closes: what is open expires at the order system', async () => {
  const closing: Pick<NodeContext, 'segment' | 'chains' | 'date'> = { segment: 'CM', chains: SEGMENTS, date: DATE };
  await segmentCloseBody(day.data)(closing as NodeContext);
  const expired = await oms.report('e2', 2);
  expect([expired.get(150), expired.get(39)]).toEqual(['C', 'C']);
});

it('the day stays open until its last segment is settled; then it closes: shares are paid for and on their way', async () => {
  const standing = async (): Promise<string[]> => [
    ...new Set((await readEngine(day.data)).slots.map(({ isOpen, settled }) => `${isOpen ? 'open' : 'closed'}, settled ${settled.join('')}`)),
  ];
  expect(await standing()).toEqual(['closed, settled 1234567']);
  const { token, close } = house.share;
  const rich = (await readEngine(day.data)).clients.get('RICH');
  expect(rich?.positions.filter(({ net }) => net !== 0)).toEqual([]);
  expect(rich?.holdings.find((held) => held.token === token)).toMatchObject({ t1: 10 });
  expect(day.outputs('EOD-MTM-EOD@CM')).toEqual({ carried: Math.round(-1000 * close) });
  expect(day.status('EOD-MTM-EOD@CM')).toBe('done');
});

it('each kind of break is put right, once', async () => {
  const { token, close } = house.share;
  const side = (client: string, tradeId: string, more: object = {}) =>
    ({ exchange: 'NSE', tradeId, side: 'B', client, token, quantity: 4, price: Math.round(close * 10_000), isCancelled: false, ...more }) as const;
  const fix = (kind: BreakToCorrect['class'], ours: BreakToCorrect['ours'], theirs: BreakToCorrect['theirs'], correction = {}): Promise<void> =>
    correctTrade(day.data, {
      ...{ id: `${kind}.engine`, date: DATE, segment: 'CM', raisedAt: 1, class: kind, list: 'engine', reason: 'as the exchange has it' },
      ...{ ours, theirs, correction },
    });
  for (let again = 0; again < 2; again++) await fix('client', side('RICH', 'T900'), side('SELLER', 'T900'));
  expect(await booked('T900')).toEqual([`RICH ${token} -4`, `SELLER ${token} 4`]);
  const other = token + 1;
  for (let again = 0; again < 2; again++) await fix('instrument', side('SELLER', 'T900'), side('SELLER', 'T900', { token: other }));
  expect(await booked('T900')).toEqual([`RICH ${token} -4`, `SELLER ${other} 4`]);
  const five = side('RICH', 'T901', { quantity: 5 });
  await fix('cancelledThere', five, { ...five, isCancelled: true });
  expect(await booked('T901')).toEqual([`RICH ${token} -5`]);
  await fix('cancelledHere', { ...five, isCancelled: true }, five);
  expect(await booked('T901')).toEqual([`RICH ${token} 5`]);
  await fix('price', five, { ...five, price: five.price + 500 });
  await fix('missingExchange', side('RICH', 'T902', { quantity: 1 }), undefined);
  expect(await booked('T902')).toEqual([`RICH ${token} -1`]);
  // A trade of somebody nobody has opened: the account is there, frozen.
  await fix('missingOurs', undefined, side('STRANGER', 'T903'));
  expect((await readEngine(day.data)).clients.get('STRANGER')).toMatchObject({ status: 'FROZEN', positions: [{ net: 4 }] });
  const moved = fix('client', side('RICH', 'T901'), side('SELLER', 'T901'), { to: 'NOBODY' });
  await expect(moved).rejects.toThrow('NOBODY is no account of the engine');
  await expect(fix('client', side('RICH', 'T1'), side('SELLER', 'T1'))).rejects.toThrow('RICH has no trade T1 of 2026-11-20');
});

it('the next day begins closed and opens at its time, in the gateway that never stopped', async () => {
  const policy = { cashRateFloor: 2_000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 10_000_000, gatedSegments: [1, 2] };
  const opening = (millis: number) => ({
    segment: 1,
    state: 'OPEN',
    reason: 'all is ready',
    by: ['begin of day'],
    from: (Date.now() + millis) * 1_000,
  });
  const send = (about: string, kind: 'OpenDay' | 'SetSegmentState', body: object): Promise<number> =>
    appendAll(day.data, [planned('2026-11-23', about, { kind, slot: 'all', body })]);
  await send('open-day', 'OpenDay', { businessDate: 20_261_123, ruleSet: 1, policy });
  await send('in an hour', 'SetSegmentState', opening(3_600_000));
  const { isHosted } = await takenState(day.data, ({ slots }) => slots.every(({ isOpen, coming }) => isOpen && coming[1] === SegmentGate.OPEN));
  expect(isHosted).toBe(false);
  oms.send('D', newOrder('n1', house.share, { quantity: 1 }));
  const refused = await oms.report('n1');
  expect([refused.get(150), refused.get(58)]).toEqual(['8', expect.stringContaining('segment')]);
  await send('now', 'SetSegmentState', opening(100));
  await shown(({ slots }) => slots.every(({ gates }) => gates[1] === SegmentGate.OPEN));
  oms.send('D', newOrder('n2', house.share, { quantity: 1 }));
  expect((await oms.report('n2')).get(150)).toBe('0');
});
