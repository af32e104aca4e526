// The evening and the next morning beside a gateway that goes on running: it takes an order and its fills, its tables on disk are what the evening reconciles, the
// night's commands reach it through its inbox, and the order system sees the day close and the next one open on time.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { segmentCloseBody } from '../../../batch/nodes/engine/day-edges.ts';
import { appendAll, planned, takenState } from '../../../batch/nodes/engine/engine-inbox.ts';
import { type EngineState, readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { moveTrade } from '../../../batch/nodes/engine/trade-transfer.ts';
import { BreakStore } from '../../../batch/recon/break-store.ts';
import type { NodeContext } from '../../../batch/runner/index.ts';
import { SegmentGate } from '../../../engine/index.ts';
import { OmsClient } from '../../gateway/oms-client.ts';
import { execution, newOrder } from '../../gateway/order-messages.ts';
import { type SmallHouse, smallHouse } from '../../gateway/small-house.ts';
import { DATE, TradingDay, tradeFileOf } from './trading-day.ts';

let house: SmallHouse;
let day: TradingDay;
let gateway: ChildProcess;
let oms: OmsClient;

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
  for (let looks = 0; looks < 200; looks++) {
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

it('what the engine booked is what the exchange has, but for the trade only one of them knows', async () => {
  const { token, close } = house.share;
  const side = (id: string, quantity: number): Record<string, string> => ({
    UnqTradIdr: id,
    ClntId: 'RICH',
    BuySellInd: 'B',
    FinInstrmId: String(token),
    TradQty: String(quantity),
    Pric: close.toFixed(2),
  });
  day.put('trades-cm', tradeFileOf('CM', [side('T900', 4), side('T901', 5), side('T902', 1)]));
  await day.run();
  expect(day.error('EOD-RECON@CM')).toBe('');
  expect(day.outputs('EOD-RECON@CM')).toMatchObject({ trades: 3, matched: 1, breaks: 2 });
  const { store } = await day.night();
  expect(new BreakStore(store.root).of(DATE, 'CM').map(({ id, list, ours, theirs }) => [id, list, ours?.quantity, theirs?.quantity])).toEqual([
    ['missingOurs.engine.T902.B.RICH', 'engine', undefined, 1],
    ['quantity.engine.T901.B.RICH', 'engine', 6, 5],
  ]);
  // Segments in which nobody traded agree at nothing.
  expect(day.status('EOD-RECON@FO')).toBe('done');
});

it('a segment closes: what is open expires at the order system', async () => {
  await segmentCloseBody(day.data)({ segment: 'CM', date: DATE } as NodeContext);
  const expired = await oms.report('e2', 2);
  expect([expired.get(150), expired.get(39)]).toEqual(['C', 'C']);
});

it('the day stays open until the difference is explained; then it closes: shares are paid for and on their way', async () => {
  const standing = async (): Promise<string[]> => [
    ...new Set((await readEngine(day.data)).slots.map(({ isOpen, settled }) => `${isOpen ? 'open' : 'closed'}, settled ${settled.join('')}`)),
  ];
  expect(await standing()).toEqual(['open, settled 23567']);
  const { operator } = await day.night();
  operator.propose(day.runId, 'EOD-RECON@CM', 'explain', { by: 'asha', reason: 'two trades of one share, told apart tomorrow' });
  operator.approve(day.runId, 'EOD-RECON@CM', 'ravi');
  await day.settle();
  expect(await standing()).toEqual(['closed, settled 1234567']);
  const { token, close } = house.share;
  const rich = (await readEngine(day.data)).clients.get('RICH');
  expect(rich?.positions.filter(({ net }) => net !== 0)).toEqual([]);
  expect(rich?.holdings.find((held) => held.token === token)).toMatchObject({ t1: 10 });
  // Ten shares either way, so that engine and books agree on the money although each has a trade the other has not: the gate is shut.
  expect(day.outputs('EOD-MTM-EOD@CM')).toEqual({ carried: Math.round(-1000 * close) });
  expect(day.status('EOD-MTM-EOD@CM')).toBe('done');
});

it('a trade of the wrong client moves to the right one, once', async () => {
  const move = { date: DATE, tradeId: 'T900', side: 'B', from: 'RICH', to: 'SELLER', reason: 'client code modified' } as const;
  for (let again = 0; again < 2; again++) await moveTrade(day.data, move);
  const { clients } = await readEngine(day.data);
  const units = (account: string): number => clients.get(account)?.positions.reduce((sum, { net }) => sum + net, 0) ?? 0;
  expect([units('RICH'), units('SELLER')]).toEqual([-4, 4]);
  await expect(moveTrade(day.data, { ...move, to: 'NOBODY' })).rejects.toThrow('NOBODY is no account of the engine');
  await expect(moveTrade(day.data, { ...move, tradeId: 'T1' })).rejects.toThrow('RICH has no trade T1 of 2026-11-20');
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
