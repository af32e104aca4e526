// T+0: a settlement of its own (type 5) on the day itself, netted with nothing of T+1: securities blocked, delivered and paid out in the afternoon,
// money in and out once, free the same evening; what is short goes straight to close-out with the day's auctions.
import { afterEach, describe, expect, it, test } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { dayGraph } from '../../../batch/graph/index.ts';
import { CHAINS, SEGMENTS } from '../../../batch/graph/node-row.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import { triggerAt } from '../../../batch/runner/readiness.ts';
import { BANK, DATE, FundsWorld, Outside, type Script } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';
import { UnitWorld } from './units-world.ts';

const [TUESDAY, WEDNESDAY] = ['2026-11-17', '2026-11-18'] as const;

describe('the plan of a house that offers T+0', () => {
  const graph = dayGraph([...SEGMENTS, 'T0']);
  const calendar = new BusinessCalendar();

  it('has a chain of it, and T+1 is as it was', () => {
    expect([...dayGraph().instances.keys()].filter((key) => key.endsWith('@T0'))).toEqual([]);
    const own = [...graph.instances.keys()].filter((key) => key.endsWith('@T0'));
    expect(own).toEqual([
      ...['EOD-START@T0', 'EOD-TB-CM@T0', 'EOD-RECON@T0', 'EOD-CHARGE-COMPUTE@T0', 'EOD-OBLIG-FETCH@T0', 'EOD-OBLIG-PROCESS@T0'],
      ...['SET-PAYIN-PREP@T0', 'SET-PAYOUT-PREP@T0', 'SET-PAYIN-EXECUTE@T0', 'SET-PAYOUT-RECV@T0'],
    ]);
    // Half past one comes two hours before the market's closing margin is recorded.
    expect([graph.instance('EOD-START@T0').waitsFor, graph.instance('EOD-START@CM').waitsFor]).toEqual([[], ['TH-CW-FINAL_MARGIN']]);
    expect(graph.instance('SET-PAYIN-PREP@T0').waitsFor).toEqual(['EOD-RECON@T0', 'EOD-OBLIG-PROCESS@T0']);
    expect(graph.instance('EOD-OBLIG-FETCH@CM').waitsFor).toEqual(['EOD-RECON@CM']);
    expect(graph.instance('EOD-READY').waitsFor).toContain('EOD-OBLIG-PROCESS@T0');
    expect(dayGraph(CHAINS).chains).toEqual(CHAINS);
  });

  it.each([
    ['EOD-START@T0', '13:40'],
    ['SET-PAYIN-EXECUTE@T0', '15:00'],
    ['SET-PAYOUT-RECV@T0', '16:30'],
  ])('lets %s begin at %s of the trade date', (key, time) => {
    const [hour, minute] = time.split(':').map(Number);
    expect(triggerAt(graph.instance(key), TUESDAY, calendar)).toBe(istMicros(TUESDAY, (hour ?? 0) * 60 + (minute ?? 0)));
  });
});

describe('securities of T+0', () => {
  let world: UnitWorld;
  afterEach(() => world.end());

  it('are delivered and free on the afternoon they were traded, and nothing nets with T+1', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 80'],
      // C1 sells 50 to C2 at T+0, and buys 20 of the same share at T+1.
      trades: { [TUESDAY]: ['S C1 SBIN@T0 50', 'B C2 SBIN@T0 50', 'B C1 SBIN 20'], [WEDNESDAY]: [] },
    });
    await world.sameDay(TUESDAY);
    expect(world.left('SET-PAYIN-EXECUTE', TUESDAY, 'T0')).toEqual({ owed: 50, delivered: 50, short: 0 });
    expect(world.left('SET-PAYOUT-RECV', TUESDAY, 'T0')).toMatchObject({ expected: 50, credited: 50, unpaid: 0, short: 0, differences: 0 });
    expect(world.ours(/C[12]/)).toEqual({ 'FREE/C1 SBIN': 30, 'FREE/C2 SBIN': 50 });
    expect(world.outside.clearing.paidOut.get('52026215')?.rows).toMatchObject([{ client: 'C2', units: 50 }]);
    await world.evening(TUESDAY);
    await world.settle(TUESDAY);
    expect(world.notDone(TUESDAY)).toEqual({});
    // The market brings the twenty on the next day.
    expect(world.ours(/C[12]/)).toEqual({ 'FREE/C1 SBIN': 50, 'FREE/C2 SBIN': 50 });
    expect(world.holdings().ours).toEqual(world.holdings().depository);
    expect(world.units.verify()).toEqual([]);
  });

  it('bought in the morning may be sold at T+1 the same day: they are blocked for it in the evening', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 30'],
      trades: { [TUESDAY]: ['S C1 SBIN@T0 30', 'B C2 SBIN@T0 30', 'S C2 SBIN 30', 'B C3 SBIN 30'], [WEDNESDAY]: [] },
    });
    await world.everything();
    expect(world.notDone(TUESDAY)).toEqual({});
    expect(world.ours(/C[123]/)).toEqual({ 'FREE/C3 SBIN': 30 });
  });

  test.each([[14], [0]])('short by what a seller of 30 with %i has not: closed out with the auctions of the day, never bought in', async (held) => {
    world = await UnitWorld.begin({
      holdings: held === 0 ? ['C9 SBIN 1'] : [`C1 SBIN ${held}`],
      trades: { [TUESDAY]: ['S C1 SBIN@T0 30', 'B C2 SBIN@T0 30'], [WEDNESDAY]: [] },
    });
    await world.sameDay(TUESDAY);
    expect(world.left('SET-PAYOUT-RECV', TUESDAY, 'T0')).toMatchObject({ credited: held, short: 30 - held, differences: 0 });
    // 120 % of 812 for every unit, from the seller on the day; given back with the close-out.
    const valued = Math.round(812 * 1.2 * 100) * (30 - held);
    expect(world.ledger.account('CLIENT/C1')?.balance).toBe(1_000_000_000 - valued);
    await world.evening(TUESDAY);
    expect(world.notDone(TUESDAY)).not.toHaveProperty('SET-PAYIN-PREP@CM');
    expect(world.left('SET-PAYIN-PREP', TUESDAY)).toMatchObject({ auctioned: 2 });
    // The higher of the day's high (820) and 120 % of its close: 974.40 a unit, from the seller to the buyer.
    expect([world.ledger.account('CLIENT/C1')?.balance, world.ledger.account('CLIENT/C2')?.balance]).toEqual([
      1_000_000_000 - valued,
      1_000_000_000 + valued,
    ]);
    await world.settle(TUESDAY);
    expect(world.notDone(TUESDAY)).toEqual({});
    expect(world.ours(/CLEARING/)).toEqual({});
    expect(world.holdings().ours).toEqual(world.holdings().depository);
  });
});

describe('money of T+0', () => {
  let world: FundsWorld;
  afterEach(() => world.end());

  function begin(script: Script): Outside {
    const outside = new Outside(script);
    const ports = {
      bank: new InProcessPort('bank', outside.books, outside.faults),
      clearing: new InProcessPort('clearing', outside.books, outside.faults),
    };
    world = new FundsWorld(script, { port: (target) => ports[target] });
    return outside;
  }
  const CLIENTS = { C0001: 30_000_000 };

  it('is paid in under its own number before T+1 has an obligation to pay', async () => {
    const outside = begin({ obligations: ['CM M 2026223 -5000000', 'T0 5 2026223 -7000000'], clients: CLIENTS });
    await world.afternoon();
    expect([world.status('SET-PAYIN-EXECUTE@T0'), world.status('SET-PAYOUT-RECV@T0')]).toEqual(['done', 'done']);
    expect(world.outputs('SET-PAYIN-EXECUTE@T0')).toMatchObject({ payIn: 7_000_000, lateMinutes: 0 });
    expect(outside.books.money.clearing.all).toMatchObject({ 'NCL-52026223': { paidIn: 7_000_000 }, 'NCL-M2026223': { paidIn: 0 } });
    expect(world.balances(/^CLEARING/)).toEqual({ 'CLEARING/NCL-M2026223@20261120': -5_000_000 });
    await world.evening();
    expect([world.status('SET-UPSTREAM'), world.status('BANK-RECON')]).toEqual(['done', 'done']);
    await world.morning();
    expect(world.notDone()).toEqual({});
    expect(world.balances(/^CLEARING/)).toEqual({});
  });

  it('comes in the afternoon, and goes up with the day’s client money', async () => {
    const outside = begin({ obligations: ['T0 5 2026223 4000000'], clients: CLIENTS });
    await world.afternoon();
    expect(world.outputs('SET-PAYOUT-RECV@T0')).toMatchObject({ payOut: 4_000_000, swept: 4_000_000 });
    expect(outside.books.money.bank.balance(BANK)).toBe(34_000_000);
    await world.evening();
    expect(world.balances(/^(UPSTREAMED|USCNBA)/)).toEqual({ 'UPSTREAMED/NCL-CASH': 34_000_000 });
    expect(world.notDone(DATE)).not.toHaveProperty('BANK-RECON');
  });

  it('that the bank does not answer for is in doubt, and never paid twice', async () => {
    const outside = begin({ obligations: ['T0 5 2026223 -7000000'], clients: CLIENTS });
    outside.faults.switchOn('timeout-after-success-1');
    await world.afternoon();
    expect(world.status('SET-PAYIN-EXECUTE@T0')).toBe('inDoubt');
    // Nobody looked for two hours: two persons call it failed, and the next try asks the other side first.
    await world.settleBreaks();
    world.start('T0');
    await world.advance();
    expect(world.notDone()).not.toHaveProperty('SET-PAYIN-EXECUTE@T0');
    expect(world.outputs('SET-PAYIN-EXECUTE@T0')).toMatchObject({ payIn: 7_000_000 });
    expect(outside.books.money.clearing.all).toMatchObject({ 'NCL-52026223': { paidIn: 7_000_000 } });
    expect(world.balances(/^CLEARING/)).toEqual({});
  });
});
