// House multipliers: paise times a rate in 1/10,000, rounded up, without a product beyond 2^53.
import { assert } from '../assert.ts';

const WHOLE = 10_000;

/** Each cell becomes ceil(cell x rate / 10,000), for cells >= 0; exact while the result is below 2^53. In place: no double crosses a call. */
export function scaleCellsUp(cells: Float64Array, rate: number): void {
  for (let i = 0; i < cells.length; i++) {
    const amount = cells[i] as number;
    assert(amount >= 0, 'a requirement is never negative');
    if (rate === WHOLE) continue;
    const whole = Math.floor(amount / WHOLE);
    const rest = amount - whole * WHOLE;
    cells[i] = whole * rate + Math.ceil((rest * rate) / WHOLE);
  }
}

const scratch = new Float64Array(1);

/** The same of one number. Not for the hot path. */
export function scaleUp(amount: number, rate: number): number {
  scratch[0] = amount;
  scaleCellsUp(scratch, rate);
  return scratch[0] as number;
}
