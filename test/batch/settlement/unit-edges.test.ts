// Edges of time and of payment: holidays that put two trade dates on one settlement day, sales before delivery, units that are not paid for, early
// pay-in that was not booked, a corrected obligation.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { carriedClients } from '../../../batch/sandbox/carried-clients.ts';
import { EarlyPayIns } from '../../../batch/securities/early-pay-in.ts';
import { lapsesAfter, sellFrom, UnpaidStore, unpaidStep } from '../../../batch/securities/unpaid-units.ts';
import { UnitWorld } from './units-world.ts';

let world: UnitWorld | undefined;
afterEach(async () => {
  await world?.end();
  world = undefined;
});

describe('two settlements on one day', () => {
  it('26 August 2026 is traded and nothing settles: what came in the first settlement pays into the second', async () => {
    const script = {
      holdings: ['C1 SBIN 80'],
      trades: { '2026-08-25': ['S C1 SBIN 80', 'B C2 SBIN 80'], '2026-08-26': ['S C2 SBIN 80', 'B C3 SBIN 80'] },
    };
    world = await UnitWorld.begin(script);
    await world.everything();
    expect(world.left('SET-PAYIN-PREP', '2026-08-26')).toMatchObject({ owed: 80, blocked: 0, short: 80 });
    expect(world.left('SET-PAYIN-EXECUTE', '2026-08-26')).toEqual({ owed: 80, delivered: 80, short: 0 });
    for (const date of world.dates) expect(world.notDone(date)).toEqual({});
    expect(world.ours(/^(FREE|BLOCKED|CLEARING)/)).toEqual({ 'FREE/C3 SBIN': 80 });
  });

  it('in the wrong order the second is short, and says so', async () => {
    const script = { holdings: ['C1 SBIN 80'], trades: { '2026-08-25': ['S C1 SBIN 80', 'B C2 SBIN 80'], '2026-08-26': ['S C2 SBIN 80'] } };
    world = await UnitWorld.begin(script);
    for (const date of world.dates) await world.evening(date);
    await world.settle('2026-08-26');
    expect(world.left('SET-PAYIN-EXECUTE', '2026-08-26')).toMatchObject({ delivered: 0, short: 80 });
    expect(world.note('SET-PAYIN-EXECUTE', '2026-08-26')).toContain('80 units short of 80');
  });

  it('shortages of both are auctioned together and settle the day after, each under its own number', async () => {
    const script = {
      holdings: ['C1 SBIN 10', 'C2 INFY 10'],
      trades: { '2026-08-25': ['S C1 SBIN 10'], '2026-08-26': ['S C2 INFY 10'], '2026-08-27': [] },
      faults: 'short-delivery-4',
    };
    world = await UnitWorld.begin(script);
    await world.everything();
    // 812.00 and 1,500.00 × 1.03, up to five paise.
    expect(world.ledger.account('CLIENT/C1')?.balance).toBe(1_000_000_000 - 836_40 * 10);
    expect(world.ledger.account('CLIENT/C2')?.balance).toBe(1_000_000_000 - 1545_00 * 10);
    expect(world.left('SET-PAYIN-PREP', '2026-08-27')).toMatchObject({ auctioned: 2 });
    expect(world.ours(/^CLEARING/)).toEqual({});
  });
});

describe('early pay-in', () => {
  it('counts only what the clearing corporation has booked', async () => {
    const DATE = '2026-11-19';
    world = await UnitWorld.begin({ holdings: ['C1 SBIN 30', 'C2 SBIN 30'], trades: { [DATE]: ['S C1 SBIN 30', 'S C2 SBIN 30'] } });
    world.outside.clearing.dues.get('M2026217')?.delete('C2|INE062A01020');
    await world.evening(DATE);
    expect(world.left('SET-PAYIN-PREP', DATE)).toMatchObject({ blocked: 60, earlyPayIn: 30 });
    expect(world.note('SET-PAYIN-PREP', DATE)).toContain('no early pay-in: 1 rows, first: C2 INE062A01020 30 (owes 0 units in this settlement)');
    const booked = new EarlyPayIns(world.store.root);
    expect([booked.units('M2026217', 'C1', 'INE062A01020'), booked.units('M2026217', 'C2', 'INE062A01020')]).toEqual([30, 0]);
  });
});

describe('units that are not paid for', () => {
  const calendar = new BusinessCalendar();
  const unpaid = { settlement: 'M2026217', client: 'C2', isin: 'INE009A01021', token: 1594, units: 10, paidOutOn: '2026-11-20' };

  it.each([
    ['2026-11-20', false, 'keep'],
    // Five trading days after the pay-out; the 24th is a holiday.
    ['2026-11-27', false, 'keep'],
    ['2026-11-30', false, 'sell'],
    ['2026-12-01', false, 'lapse'],
    ['2026-11-23', true, 'release'],
    ['2026-12-01', true, 'release'],
  ] as const)('on %s, paid: %s, the clock says %s', (date, isPaid, step) => {
    expect([sellFrom(unpaid, calendar), lapsesAfter(unpaid, calendar)]).toEqual(['2026-11-30', '2026-11-30']);
    expect(unpaidStep(unpaid, isPaid, date, calendar)).toBe(step);
  });

  it('come pledged as far as the debit reaches, and are free when it is paid', async () => {
    const [date, next] = ['2026-11-18', '2026-11-19'];
    // 25 INFY for 37,500; 12,500 in the ledger, so 25,000 are owed: seventeen units at 1,500 cover it.
    world = await UnitWorld.begin({ holdings: ['C1 SBIN 1'], trades: { [date]: ['B C2 INFY 25'], [next]: [] }, cash: { C2: -2_500_000 } });
    await world.evening(date);
    await world.settle(date);
    expect(world.gates('SET-PAYOUT-RECV', date)).toEqual([]);
    expect(world.left('SET-PAYOUT-RECV', date)).toMatchObject({ credited: 25, unpaid: 17 });
    expect(world.ours(/C2/)).toEqual({ 'FREE/C2 INFY': 8, 'CUSPA/C2@M2026216 INFY': 17 });
    expect(new UnpaidStore(world.store.root).open()).toMatchObject([{ client: 'C2', units: 17, paidOutOn: '2026-11-19' }]);
    // The next morning's list has them as still to come: the engine lets them be sold, and not pledged.
    const [morning] = carriedClients(world.marketDay(date), [], world.outside, world.marketDay(next)).filter(({ account }) => account === 'C2');
    expect(morning?.holdings).toMatchObject([{ free: 8, pledged: 0, t1: 17 }]);
    world.receive('C2', 2_500_000);
    await world.evening(next);
    expect(world.left('SET-PAYIN-PREP', next)).toMatchObject({ unpaidReleased: 17, unpaidToSell: 0 });
    expect(world.ours(/C2/)).toEqual({ 'FREE/C2 INFY': 25 });
    expect(world.outside.depository.line('C2', 'INE009A01021')).toMatchObject({ free: 25 });
    expect(world.units.verify()).toEqual([]);
  });

  it('are listed for the dealer the evening before their time is over, and what is sold goes from the pledge into the block', async () => {
    const dates = { buy: '2026-11-19', before: '2026-11-27', sell: '2026-11-30' };
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 1'],
      trades: { [dates.buy]: ['B C2 INFY 10'], [dates.before]: [], [dates.sell]: ['S C2 INFY 8'] },
      cash: { C2: -1_500_000 },
    });
    await world.evening(dates.buy);
    await world.settle(dates.buy);
    expect(world.ours(/C2/)).toEqual({ 'CUSPA/C2@M2026217 INFY': 10 });
    // 15,000 owed, 3,000 paid since: eight of the ten units at 1,500 cover what is left.
    world.receive('C2', 300_000);
    await world.evening(dates.before);
    expect(world.note('SET-PAYIN-PREP', dates.before)).toContain('to be sold on 2026-11-30, not paid in time: C2 INFY 8');
    const { unpaidSale } = world.left('SET-PAYIN-PREP', dates.before) as { unpaidSale: { file: string } };
    expect(readFileSync(unpaidSale.file, 'latin1')).toBe(
      'action,account,order,exchange,symbol,token,side,quantity,order_type,price,product,cause\nORDER,C2,,NSE,INFY,1594,SELL,8,MARKET,,CNC,unpaid M2026217\n',
    );
    await world.evening(dates.sell);
    expect(world.ours(/C2/)).toEqual({ 'BLOCKED/C2@M2026223 INFY': 8, 'CUSPA/C2@M2026217 INFY': 2 });
    await world.settle(dates.sell);
    expect(world.left('SET-PAYIN-EXECUTE', dates.sell)).toEqual({ owed: 8, delivered: 8, short: 0 });
    expect(world.ours(/^(FREE|CUSPA|BLOCKED|CLEARING)/)).toEqual({ 'FREE/C1 SBIN': 1, 'CUSPA/C2@M2026217 INFY': 2 });
  });
});
