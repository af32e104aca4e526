// Simple interest a client owes: on money lent to buy shares (margin trading facility) and on delayed payments. By the day on a 365-day year, on the debit
// balance of each day; summed exactly over the days and rounded to the paisa once, at the posting.
import { Decimal } from 'decimal.js';
import { assert } from '../assert.ts';
import type { Paise } from '../units.ts';
import { exactOfDecimal, rupeesOf, toPaise } from './exact-rupees.ts';
import type { ChargeAmount } from './note-charges.ts';

/** A stretch of days with the same debit and the same yearly rate. */
export interface InterestSpan {
  /** What is owed or lent, paise, not negative. */
  readonly principal: Paise;
  readonly days: number;
  /** Per cent a year: "18", "14.99". */
  readonly percentPerYear: string;
}

const Wide = Decimal.clone({ precision: 60 });
const DAYS_PER_YEAR = 365;

/** Interest over all spans. Throws RangeError for a rate that is not a number of 0 to 100 per cent. */
export function simpleInterest(spans: readonly InterestSpan[]): ChargeAmount {
  let numerator: Decimal = new Wide(0);
  for (const { principal, days, percentPerYear } of spans) {
    assert(principal >= 0 && Number.isSafeInteger(days) && days >= 0, 'interest runs on a debit over whole days');
    if (!/^\d{1,3}(\.\d{1,6})?$/.test(percentPerYear) || Number(percentPerYear) > 100)
      throw new RangeError(`"${percentPerYear}" is not a rate of 0 to 100 per cent a year`);
    numerator = numerator.plus(rupeesOf(principal).times(days).times(percentPerYear));
  }
  const exact = exactOfDecimal(numerator.div(100 * DAYS_PER_YEAR));
  return { exact, note: toPaise(exact) };
}
