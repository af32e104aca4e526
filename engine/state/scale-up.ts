// House multipliers: paise times a rate in 1/10,000, rounded up, without a product beyond 2^53.
import { assert } from '../assert.ts';

const WHOLE = 10_000;

/** ceil(amount x rate / 10,000) for amount >= 0; exact while the result is below 2^53. */
export function scaleUp(amount: number, rate: number): number {
  assert(amount >= 0, 'a requirement is never negative');
  if (rate === WHOLE) return amount;
  const whole = Math.floor(amount / WHOLE);
  const rest = amount - whole * WHOLE;
  return whole * rate + Math.ceil((rest * rate) / WHOLE);
}
