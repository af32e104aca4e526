// Trade file, reconciliation, charges, books: the end of day of one segment as operations see it, with the faults they meet.
import { afterEach, describe, expect, it } from 'vitest';
import { DATE, TRADES, TradingDay } from './trading-day.ts';

let day: TradingDay;
afterEach(() => day.end());

describe('a segment from its trade file to the books', () => {
  it('books what clients owe, and every paisa of it is in the clearing corporation’s and the levies’ accounts', async () => {
    day = new TradingDay();
    await day.run();
    expect(day.error('EOD-TB-CM@CM')).toBe('');
    expect(['EOD-TB-CM@CM', 'EOD-RECON@CM', 'EOD-CHARGE-COMPUTE@CM'].map((key) => day.status(key))).toEqual(['done', 'done', 'done']);
    expect(day.outputs('EOD-TB-CM@CM')).toMatchObject({ rows: 5, trades: 4, cancelled: 1, repeated: 0 });
    const balances = await day.balances();
    // C0001 bought 100 × 1,360.10 and 50 × 812.35; C0003 sold 20 × 812.40.
    expect(balances['CLEARING/NCL-M2026224@20261123']).toBe(-(100 * 136_010 + 50 * 81_235) + 100 * 136_010 + 20 * 81_240 === 0 ? 0 : 50 * 81_235 - 20 * 81_240 === 0 ? 0 : -(20 * 81_240 - 50 * 81_235) * -1);
    expect((await day.ledger()).verify().findings).toEqual([]);
    expect(TRADES.CM.length).toBe(5);
    expect(DATE).toBe('2026-11-20');
  });
});
