// STT and CTT of an option that is exercised: paid by its buyer, for equity on the intrinsic value (since 1 September 2019), for commodities on the
// settlement price. Dated rows as in rate-rows.ts.
import { assert } from '../assert.ts';
import type { BusinessDate } from '../units.ts';
import { dateText, RateUnknown, scaledFraction } from './charge-rates.ts';
import { exactRupees, toWholeRupees } from './exact-rupees.ts';
import type { ChargeAmount } from './note-charges.ts';

interface ExerciseRow {
  readonly segment: 'OPT' | 'COM_OPT';
  readonly from: number;
  readonly to: number | null;
  readonly value: string;
  readonly source: string;
}

/** Rates on exercise. */
export const EXERCISE_ROWS: readonly ExerciseRow[] = [
  { segment: 'OPT', from: 20190901, to: 20260331, value: '0.00125', source: 'NSE/FATAX/73524' },
  { segment: 'OPT', from: 20260401, to: null, value: '0.0015', source: 'NSE/FATAX/73524' },
  { segment: 'COM_OPT', from: 20180401, to: null, value: '0.000001', source: 'CTT on exercise, of the settlement price' },
];

/** One exercised position; prices in micros of a rupee, quantity in units. */
export interface Exercise {
  readonly segment: 'OPT' | 'COM_OPT';
  readonly kind: 'CE' | 'PE';
  readonly strike: number;
  readonly settlementPrice: number;
  readonly quantity: number;
}

/** Tax on one exercise; the note rounds to the whole rupee. Throws RateUnknown before the first row. */
export function exerciseTax(exercise: Exercise, date: BusinessDate): ChargeAmount {
  const { segment, kind, strike, settlementPrice, quantity } = exercise;
  assert(Number.isSafeInteger(strike) && Number.isSafeInteger(settlementPrice), 'prices must be integers of micros');
  assert(Number.isSafeInteger(quantity) && quantity > 0, 'quantity must be a positive integer');
  const row = EXERCISE_ROWS.find((one) => one.segment === segment && one.from <= date && (one.to === null || date <= one.to));
  if (row === undefined) throw new RateUnknown(`no tax on exercise is known for ${segment} on ${dateText(date)}`);
  const intrinsic = Math.max(0, kind === 'CE' ? settlementPrice - strike : strike - settlementPrice);
  const taxed = segment === 'OPT' ? intrinsic : settlementPrice;
  const exact = exactRupees(BigInt(taxed) * BigInt(quantity) * scaledFraction(row.value, 9) * 1_000n);
  return { exact, note: toWholeRupees(exact) };
}
