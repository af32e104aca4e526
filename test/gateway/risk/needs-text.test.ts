// The one Text(58) with a figure: rupees and paise, digit for digit, up to the largest amounts a paise integer holds.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NeedsText } from '../../../gateway/risk/needs-text.ts';

const text = new NeedsText('Margin is not sufficient');
function composed(paise: number): string {
  text.compose(paise);
  return Buffer.from(text.bytes.subarray(0, text.length)).toString('latin1');
}

it.each([
  [0, '0.00'],
  [5, '0.05'],
  [1_234_000, '12340.00'],
  [999_999_999, '9999999.99'],
  [10_000_000_000, '100000000.00'],
  // Beyond 2^31 rupees (Rs 214 crore).
  [214_748_364_800, '2147483648.00'],
  [9_007_199_254_740_991, '90071992547409.91'],
])('%i paise', (paise, rupees) => {
  expect(composed(paise)).toBe(`Margin is not sufficient: needs Rs ${rupees} more`);
});

it.each([
  [75, 'NIFTY26DEC25000CE', 410_500, ', or buy 75 NIFTY26DEC25000CE at 41.05 first'],
  [1_000, 'INFY26DEC1100CE', 50_001, ', or buy 1000 INFY26DEC1100CE at 5.01 first'],
  [50, 'X'.repeat(65), 50_000, ''],
])('goes on with a hedge: %i %s at %i ticks', (units, name, price, tail) => {
  text.compose(1_234_000);
  const bytes = Buffer.from(name, 'latin1');
  text.orBuy(units, { bytes, from: 0, to: bytes.length }, price);
  expect(Buffer.from(text.bytes.subarray(0, text.length)).toString('latin1')).toBe(`Margin is not sufficient: needs Rs 12340.00 more${tail}`);
});

it('is what exact arithmetic says', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (paise) => {
      const exact = BigInt(paise);
      expect(composed(paise)).toContain(`Rs ${exact / 100n}.${String(exact % 100n).padStart(2, '0')} more`);
    }),
  );
});
