// Short deliveries over two days: who is short to whom, the valuation by noon, the auction, the close-out; every figure worked out by hand beside it.
import { afterEach, describe, expect, it } from 'vitest';
import { ShortageStore } from '../../../batch/securities/shortage-store.ts';
import { UnitWorld } from './units-world.ts';

const DATE = '2026-11-18';
const NEXT = '2026-11-19';
let world: UnitWorld;
afterEach(() => world.end());

/** Ledger of a client less what it began with, rupees. */
const cost = (client: string): number => ((world.ledger.account(`CLIENT/${client}`)?.balance ?? 0) - 1_000_000_000) / 100;
const clearing = (): Record<string, number> =>
  Object.fromEntries(
    [...world.ledger.accounts()]
      .filter(({ id, balance }) => id.startsWith('CLEARING/') && balance !== 0)
      .map(({ id, balance }) => [id, balance / 100]),
  );
const shortages = (settlement: string): string[] =>
  new ShortageStore(world.store.root)
    .of(settlement)
    .map(({ side, client, units, outcome }) => `${side} ${client} ${units} → ${outcome?.filled ?? '?'} bought in`);

describe('a client that does not deliver to the market', () => {
  const script = { holdings: ['C1 RELIANCE 100'], trades: { [DATE]: ['S C1 RELIANCE 100'], [NEXT]: [] } };

  it('pays what the auction paid', async () => {
    world = await UnitWorld.begin({ ...script, faults: 'short-delivery-1' });
    await world.evening(DATE);
    expect(world.left('SET-PAYIN-PREP', DATE)).toMatchObject({ owed: 100, blocked: 0, earlyPayIn: 0, short: 100 });
    expect(world.note('SET-PAYIN-PREP', DATE)).toContain('not blocked: 1 rows, first: C1 INE002A01018 100 (the account is frozen by an order)');
    world.faults.switchOff('short-delivery');
    // The morning's last try goes through when the account is free again; here it is not.
    world.faults.switchOn('short-delivery-1');
    await world.settle(DATE);
    expect(world.gates('SET-PAYOUT-RECV', DATE)).toEqual([]);
    expect(world.ours(/^CLEARING/)).toEqual({ 'CLEARING/M2026216 RELIANCE': -100 });
    expect(shortages('M2026216')).toEqual(['market C1 100 → ? bought in']);
    expect(cost('C1')).toBe(0);
    await world.evening(NEXT);
    expect(world.notDone(NEXT)['SET-PAYIN-PREP@CM']).toBeUndefined();
    // 1,360.00 × 1.03 = 1,400.80 in the auction; the sale's 1,360.00 were credited with the trade.
    expect(cost('C1')).toBe(-140_080);
    expect(shortages('M2026216')).toEqual(['market C1 100 → 100 bought in']);
    expect(clearing()).toEqual({ 'CLEARING/NCL-A2026217@20261120': -140_080 });
    expect(world.ours(/^CLEARING/)).toEqual({});
    expect(world.units.verify()).toEqual([]);
  });

  it('is margined for it until the pay-out of the next day, as the clearing corporation sees it', async () => {
    const sold = ['S C1 RELIANCE 100', 'S C2 RELIANCE 30'];
    world = await UnitWorld.begin({ holdings: ['C1 RELIANCE 60', 'C2 RELIANCE 30'], trades: { [DATE]: sold, [NEXT]: ['S C2 RELIANCE 5'] } });
    const seen = (date: string): string[] =>
      world.outside.desk.undeliveredOn(date).map(({ client, units, until }) => `${client} ${units} until ${until}`);
    await world.evening(DATE);
    const pending = [seen(DATE), seen(NEXT)];
    await world.settle(DATE);
    // 15:30 of the settlement day; what was sold on that day is another settlement's.
    expect([pending, seen(NEXT), seen('2026-11-20')]).toEqual([[[], ['C1 40 until 930']], ['C1 40 until 930'], ['C2 5 until 930']]);
  });

  it('pays the close-out price when nobody offers', async () => {
    world = await UnitWorld.begin({ ...script, faults: 'short-delivery-2,auction-fails-1' });
    await world.everything();
    // The higher of 1,366.00 (highest since the trade) and 1.2 × 1,360.00 = 1,632.00.
    expect(cost('C1')).toBe(-163_200);
    expect(world.ours(/^(CLEARING|FREE)/)).toEqual({ 'FREE/C1 RELIANCE': 100 });
  });
});

describe('a client that does not deliver to another client of the house', () => {
  const script = { holdings: ['C1 SBIN 50', 'C2 SBIN 10'], trades: { [DATE]: ['S C1 SBIN 50', 'B C2 SBIN 80'], [NEXT]: [] } };

  it('is debited a fifth above the settlement price by noon, and the auction’s cost the next day; the buyer gets the units', async () => {
    world = await UnitWorld.begin({ ...script, faults: 'short-delivery-2' });
    await world.evening(DATE);
    await world.settle(DATE);
    expect(world.gates('SET-PAYOUT-RECV', DATE)).toEqual([]);
    expect(world.left('SET-PAYOUT-RECV', DATE)).toMatchObject({ expected: 80, credited: 30, short: 50, differences: 0 });
    expect(shortages('M2026216')).toEqual(['internal C1 50 → ? bought in', 'buyer C2 50 → ? bought in']);
    // 812.00 × 1.2 × 50.
    expect(cost('C1')).toBe(-48_720);
    await world.evening(NEXT);
    // 812.00 × 1.03 = 836.36, up to the next five paise 836.40.
    expect(cost('C1')).toBe(-41_820);
    expect(cost('C2')).toBe(0);
    await world.settle(NEXT);
    expect(world.notDone(NEXT)).toEqual({});
    expect(world.ours(/^(FREE|CLEARING)/)).toEqual({ 'FREE/C1 SBIN': 50, 'FREE/C2 SBIN': 90 });
    expect(world.holdings().ours).toEqual(world.holdings().depository);
  });

  it('pays the buyer in money when the auction fails', async () => {
    world = await UnitWorld.begin({ ...script, faults: 'short-delivery-2,auction-fails-1' });
    await world.everything();
    // 1.2 × 812.00 = 974.40, above the highest price of 820.00.
    expect([cost('C1'), cost('C2')]).toEqual([-48_720, 48_720]);
    expect(clearing()).toEqual({});
    expect(world.ours(/^CLEARING/)).toEqual({});
  });
});

describe('another member that fails us', () => {
  it('leaves a buyer waiting for the auction, and no client of ours pays', async () => {
    world = await UnitWorld.begin({ holdings: [], trades: { [DATE]: ['B C2 INFY 20'], [NEXT]: [] }, faults: 'market-short-1' });
    await world.evening(DATE);
    await world.settle(DATE);
    expect(world.ours(/^CLEARING/)).toEqual({ 'CLEARING/M2026216 INFY': 10 });
    await world.evening(NEXT);
    await world.settle(NEXT);
    expect(world.ours(/^(FREE|CLEARING)/)).toEqual({ 'FREE/C2 INFY': 20 });
    expect(cost('C2')).toBe(0);
  });
});

describe('a pay-out that three sides see differently', () => {
  it('is a gate, with the difference classed and owned', async () => {
    world = await UnitWorld.begin({ holdings: ['C1 SBIN 1'], trades: { [DATE]: ['B C2 INFY 20', 'B C3 SBIN 5'] }, faults: 'credit-missing-1' });
    await world.evening(DATE);
    await world.settle(DATE);
    expect(world.gates('SET-PAYOUT-RECV', DATE)).toEqual(['units of pay-out M2026216, clearing = depository: 25 against 5']);
    expect(world.note('SET-PAYOUT-RECV', DATE)).toContain('allocatedNotCredited C2 INE009A01021 (depository-operations)');
  });

  it('names units that went to another client’s account', async () => {
    world = await UnitWorld.begin({ holdings: ['C1 SBIN 1'], trades: { [DATE]: ['B C2 INFY 20'] }, faults: 'credit-elsewhere-1' });
    await world.evening(DATE);
    await world.settle(DATE);
    expect(world.note('SET-PAYOUT-RECV', DATE)).toContain('wrongDemat C1 INE009A01021 (compliance)');
    // What the depository holds is what the books say, wherever it belongs.
    expect(world.ours(/^FREE\/C1.*/)).toMatchObject({ 'FREE/C1 INFY': 20 });
  });
});
