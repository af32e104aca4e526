// Shares bought with funding (MTF) at the depository, four days of a small house: pledged to the member's funding account when they are paid out,
// told to the risk engine as clients accept it, out of the pledge into the pay-in of their sale, and to be sold where nobody accepts in time. Engine
// and depository have books of their own beside ours.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordOf } from '../../../batch/nodes/end-of-day/day-parts.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { correctTrade } from '../../../batch/nodes/engine/trade-correction.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { lastCall } from '../../../batch/nodes/settlement/funded-last-call.ts';
import type { Outcome } from '../../../batch/runner/index.ts';
import { nodeContext } from '../../../batch/runner/node-context.ts';
import { FundingEngine } from './funding-engine.ts';
import { shareOf, type UnitScript } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const [TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, MONDAY] = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23'] as const;
const HOUSE: UnitScript = {
  holdings: ['C1 RELIANCE 4', 'C1 INFY 111', 'C1 SBIN 270', 'C5 SBIN 50'],
  trades: {
    [TUESDAY]: [
      ...['S C1 RELIANCE 4', 'S C1 INFY 111', 'S C1 SBIN 270'],
      ...['B C2 SBIN 100 MTF', 'B C3 RELIANCE 4 MTF', 'B C4 INFY 60 MTF', 'B C4 INFY 40', 'B C6 SBIN 100 MTF', 'B C7 INFY 11 MTF'],
      ...['B C5 SBIN 100 MTF', 'S C5 SBIN 30'],
    ],
    [WEDNESDAY]: ['S C2 SBIN 40 MTF', 'S C6 SBIN 40 MTF', 'B C6 SBIN 40', 'B C1 SBIN 40'],
    [THURSDAY]: [],
    [FRIDAY]: [],
    [MONDAY]: ['B C2 RELIANCE 1 MTF'],
  },
  // C4 owes far more than its shares are worth; another member fails C3 and C7: nobody offers C3's shares in the auction, C7's it brings; INFY goes
  // ex three for two.
  cash: { C4: -90_000_000 },
  faults: 'market-short-2,auction-fails-1',
  actions: { [THURSDAY]: ['SPLIT INFY 3 2'] },
};

let world: UnitWorld;
let engine: FundingEngine;
const lastWords: Outcome[] = [];
/** What each client had after each step, by our books. */
const had = new Map<string, Record<string, Record<string, number>>>();
function note(step: string): void {
  const of = (client: string): Record<string, number> => world.ours(new RegExp(`/${client}(@|$)`));
  had.set(step, Object.fromEntries(['C2', 'C3', 'C4', 'C5', 'C6', 'C7'].map((client) => [client, of(client)])));
  const { ours, depository } = world.holdings();
  expect(ours, step).toEqual(depository);
}
/** What the day's last word on pledges is, on a date. */
function lastCallOf(date: string): Promise<Outcome> {
  const [run, instance] = [world.store.run(`${date}/set/1`), world.runner.parts.graph.instances.get('SET-PAYOUT-PREP@CM')];
  if (run === undefined || instance === undefined) throw new Error(`${date} has no settlement`);
  const parts = { dataDirectory: world.directory, files: new NightFiles(world.directory), calendar: world.calendar };
  return lastCall(parts, nodeContext(world.runner, run, instance));
}
const after = (step: string, client: string): Record<string, number> | undefined => had.get(step)?.[client];

beforeAll(async () => {
  world = await UnitWorld.begin(HOUSE);
  engine = new FundingEngine(world);
  await engine.open(TUESDAY);
  await world.evening(TUESDAY);
  note('evening of the trade');
  await engine.open(WEDNESDAY);
  await world.settle(TUESDAY);
  note('pay-out');
  // In the order of the depository's books: C5's pledge is accepted a day late, C3 refuses, C7 accepts for a half.
  for (const fault of ['pledge-late-1', 'pledge-refused-1', 'pledge-partial-1']) world.faults.switchOn(fault);
  await world.evening(WEDNESDAY);
  note('evening of the sale');
  await engine.open(THURSDAY);
  await world.settle(WEDNESDAY);
  await world.evening(THURSDAY);
  note('third evening');
  // Once a day, long after the evening: when that is prepared, at 16:30, nobody knows who accepts by 17:00.
  lastWords.push(await lastCallOf(THURSDAY));
  await world.evening(FRIDAY);
  lastWords.push(await lastCallOf(FRIDAY));
}, 60_000);
afterAll(() => world.end());

it('a purchase is pledged when it is paid out, and delivered out of the pledge when it is sold, as early pay-in', () => {
  expect(after('evening of the trade', 'C2')).toEqual({});
  expect(after('pay-out', 'C2')).toEqual({ 'FUNDED/C2@20261117 SBIN': 100 });
  // The engine's day is open still, as with commodities: what its close will leave counts.
  expect(after('evening of the sale', 'C2')).toEqual({ 'BLOCKED/C2@M2026216 SBIN': 40, 'CSMFA/C2@20261117 SBIN': 60 });
  expect(world.left('SET-PAYIN-PREP', WEDNESDAY)).toMatchObject({ owed: 40, blocked: 40, earlyPayIn: 40, short: 0, fundedReleased: 80 });
  expect(after('third evening', 'C2')).toEqual({ 'CSMFA/C2@20261117 SBIN': 60 });
});

it('whatever the client owes, it is not unpaid: sixty of a hundred are the lot’s, forty come pledged as unpaid', () => {
  expect(after('pay-out', 'C4')).toEqual({ 'CUSPA/C4@M2026215 INFY': 40, 'FUNDED/C4@20261117 INFY': 60 });
});

it('what never leaves the account, because as much was sold for delivery, is pledged in the evening; the rest when it comes', () => {
  expect(after('evening of the trade', 'C5')).toEqual({ 'FREE/C5 SBIN': 20, 'FUNDED/C5@20261117 SBIN': 30 });
  expect(after('pay-out', 'C5')).toEqual({ 'FREE/C5 SBIN': 20, 'FUNDED/C5@20261117 SBIN': 100 });
});

it('sold out of the pledge and bought for delivery on one day, units are released and stay with their client', () => {
  expect(after('evening of the sale', 'C6')).toEqual({ 'CSMFA/C6@20261117 SBIN': 60, 'FREE/C6 SBIN': 40 });
});

it('what another member fails to deliver is pledged once the auction has brought it', () => {
  expect(after('pay-out', 'C7')).toEqual({ 'FUNDED/C7@20261117 INFY': 5 });
  expect(after('evening of the sale', 'C7')).toEqual({ 'CSMFA/C7@20261117 INFY': 2, 'FUNDED/C7@20261117 INFY': 3 });
  // Eleven units, three for two: a lot is cut as a whole, accepted or not, and what came beside it as units of its own.
  expect(after('third evening', 'C7')).toEqual({ 'CSMFA/C7@20261117 INFY': 3, 'FUNDED/C7@20261117 INFY': 13 });
});

it('what is closed out in money leaves the lot: of four units two came', () => {
  expect(after('pay-out', 'C3')).toEqual({ 'FUNDED/C3@20261117 RELIANCE': 2 });
  expect(after('third evening', 'C3')).toEqual({ 'FUNDED/C3@20261117 RELIANCE': 2 });
});

it('what is not accepted by 17:00 of the third day is to be sold on the fourth; who was a day late is not', () => {
  expect(after('evening of the sale', 'C5')).toEqual({ 'FREE/C5 SBIN': 20, 'FUNDED/C5@20261117 SBIN': 100 });
  expect(after('third evening', 'C5')).toEqual({ 'CSMFA/C5@20261117 SBIN': 100, 'FREE/C5 SBIN': 20 });
  const [thursday, friday] = lastWords;
  expect(thursday?.outputs).toEqual({ fundedPledged: 313, fundedWaiting: 15 });
  expect(friday?.outputs).toMatchObject({ fundedPledged: 313, fundedWaiting: 15, fundedToSell: 2 });
  const { file } = recordOf(friday?.outputs?.['fundedSale'], 'fundedSale');
  expect(readFileSync(String(file), 'latin1').trimEnd().split('\n').slice(1)).toEqual([
    'ORDER,C3,,NSE,RELIANCE,2885,SELL,2,MARKET,,MTF,pledge not accepted 2026-11-17',
    'ORDER,C7,,NSE,INFY,1594,SELL,13,MARKET,,MTF,pledge not accepted 2026-11-17',
  ]);
  expect(friday?.note).toBe('to be sold on 2026-11-23, pledge not accepted: C3 RELIANCE 2; C7 INFY 13');
});

it('engine, depository and books agree: every gate at zero, every lot with what was pledged of it', async () => {
  for (const date of [TUESDAY, WEDNESDAY]) expect(world.notDone(date)).toEqual({});
  expect(world.gates('SET-PAYIN-PREP', FRIDAY)).toEqual([]);
  expect(world.units.verify()).toEqual([]);
  expect(await engine.lots()).toEqual([
    'C2 SBIN 20261117 60, 60 pledged',
    'C3 RELIANCE 20261117 2, 0 pledged',
    'C4 INFY 20261117 90, 90 pledged',
    'C5 SBIN 20261117 100, 100 pledged',
    'C6 SBIN 20261117 60, 60 pledged',
    'C7 INFY 20261117 16, 3 pledged',
  ]);
});

it('a funded trade that was another client’s goes there as delivery, not to be squared off', async () => {
  await engine.open(MONDAY);
  const { token, close } = shareOf('RELIANCE');
  const ours = { exchange: 'NSE', tradeId: 'T0', side: 'B', client: 'C2', token, quantity: 1, price: close * 10_000, isCancelled: false } as const;
  const found = {
    id: 'client.engine.T0',
    date: MONDAY,
    segment: 'CM',
    raisedAt: 1,
    class: 'client',
    list: 'engine',
    reason: 'code modified',
  } as const;
  await correctTrade(world.directory, { ...found, ours, theirs: { ...ours, client: 'C6' }, correction: {} });
  const { clients } = await readEngine(world.directory);
  const inShare = (client: string) => clients.get(client)?.positions.filter((position) => position.token === token && position.net !== 0);
  expect(inShare('C2')).toEqual([]);
  expect(inShare('C6')).toEqual([{ segment: 1, token, net: 1, isIntraday: false }]);
});
