// The engine's charges beside the oracle's fractions, over random notes and plans. ORACLE_SEEDS lengthens it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chargeRatesOn, scaledFraction } from '../../engine/charges/charge-rates.ts';
import type { ChargedTrade } from '../../engine/charges/charged-trade.ts';
import { type ExactRupees, exactRupees } from '../../engine/charges/exact-rupees.ts';
import { ChargeTariff, chargesOf } from '../../engine/charges/note-charges.ts';
import { businessDate } from '../../engine/units.ts';
import { type Fraction, halfUp, isSame, ORACLE_MARKETS, oracleCharges } from './charges-oracle.ts';

const RUNS = 10 * Number(process.env['ORACLE_SEEDS'] ?? 40);
const PARTS = ['brokerage', 'stt', 'exchange', 'ipft', 'sebi', 'stamp', 'gst'] as const;

const trade = fc
  .record({
    market: fc.constantFrom(...ORACLE_MARKETS),
    product: fc.constantFrom('CNC', 'MIS', 'NRML'),
    side: fc.constantFrom('BUY', 'SELL'),
    quantity: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 1_000_000_000 })),
    price: fc.oneof(
      fc.integer({ min: 1, max: 4_000_000 }).map((ticks) => ticks * 500),
      fc.integer({ min: 1, max: 2_000_000_000_000 }),
    ),
    orderId: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
  })
  .map(({ market, ...rest }) => ({ ...rest, exchange: market[0], segment: market[1] }) as ChargedTrade);

const plan = fc.record({
  percent: fc.option(fc.constantFrom('0', '0.03', '0.5', '0.0275'), { nil: undefined }),
  flat: fc.option(fc.constantFrom('0', '20', '15.5'), { nil: undefined }),
});

const rupees = (value: ExactRupees): Fraction => ({ n: value, d: 10n ** 18n });

it('agrees with fractions to the last digit, and rounds as the note does', () => {
  const dates = fc.constantFrom(20241001, 20250815, 20260228, 20260301, 20260331, 20260401, 20261120);
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 12 }), plan, dates, (trades, { percent, flat }, date) => {
      const terms = {
        fraction: percent === undefined ? undefined : scaledFraction(percent, 7),
        flat: flat === undefined ? undefined : exactRupees(scaledFraction(flat, 18)),
      };
      const charges = chargesOf(trades, new ChargeTariff(chargeRatesOn(businessDate(date)), new Map([['default', terms]])));
      const oracle = oracleCharges(trades, date, { percent, flat });
      let total = 0n;
      for (const part of PARTS) {
        expect(isSame(rupees(charges[part].exact), oracle[part]), part).toBe(true);
        const note = part === 'stt' || part === 'stamp' ? halfUp(oracle[part], 1n) * 100n : halfUp(oracle[part], 100n);
        expect(BigInt(charges[part].note), `${part} on the note`).toBe(note);
        total += note;
      }
      expect(BigInt(charges.total.note)).toBe(total);
    }),
    { numRuns: RUNS },
  );
});
