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

it('is what exact arithmetic says', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (paise) => {
      const exact = BigInt(paise);
      expect(composed(paise)).toContain(`Rs ${exact / 100n}.${String(exact % 100n).padStart(2, '0')} more`);
    }),
  );
});
