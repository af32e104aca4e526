// Exact money of charges: an integer number of 1e-18 rupees. A price has six decimals, a rate nine, the tax on it three: every linear charge is exact in
// it, so nothing is rounded before a contract note asks for paise. The two roundings of a note live here; division (interest, averages) does not, that is
// decimal.js in the files that divide.
import { Decimal } from 'decimal.js';
import { assert } from '../assert.ts';
import { type Paise, paise } from '../units.ts';

declare const unit: unique symbol;
/** 1e-18 rupee. */
export type ExactRupees = bigint & { readonly [unit]: 'ExactRupees' };

const DECIMALS = 18;
const PER_RUPEE = 10n ** 18n;
const PER_PAISA = 10n ** 16n;
/** Places that hold any amount of money here to 1e-18 rupee. */
const Wide = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

export const exactRupees = (value: bigint): ExactRupees => value as ExactRupees;
export const NO_RUPEES: ExactRupees = exactRupees(0n);

/** Paise as an exact amount. */
export const exactOfPaise = (value: Paise): ExactRupees => exactRupees(BigInt(value) * PER_PAISA);

/** A quotient or product that decimals made, to the nearest 1e-18 rupee: far below any rounding a note does. */
export function exactOfDecimal(rupees: Decimal): ExactRupees {
  assert(rupees.isFinite(), 'an amount must be finite');
  return exactRupees(BigInt(new Wide(rupees).times(PER_RUPEE.toString()).toFixed(0, Decimal.ROUND_HALF_UP)));
}

/** An exact amount as decimals, for those who divide it. */
export const decimalOf = (amount: ExactRupees): Decimal => new Wide(amount.toString()).div(PER_RUPEE.toString());

/** Paise as rupees in decimals. */
export const rupeesOf = (value: Paise): Decimal => new Wide(value).div(100);

/** Whole multiples of `step` nearest to an amount, halves away from zero. */
function nearest(amount: bigint, step: bigint): bigint {
  const magnitude = amount < 0n ? -amount : amount;
  const rounded = (magnitude + step / 2n) / step;
  return amount < 0n ? -rounded : rounded;
}

/** Rounded to the paisa, half up: brokerage, exchange charges, SEBI fee, GST. */
export function toPaise(amount: ExactRupees): Paise {
  const rounded = Number(nearest(amount, PER_PAISA));
  assert(Number.isSafeInteger(rounded), 'an amount in paise passed 2^53');
  return paise(rounded);
}

/** Rounded to the whole rupee, half up: STT, CTT and stamp duty of a note. */
export function toWholeRupees(amount: ExactRupees): Paise {
  const rounded = Number(nearest(amount, PER_RUPEE)) * 100;
  assert(Number.isSafeInteger(rounded), 'an amount in paise passed 2^53');
  return paise(rounded);
}

/** Rupees as plain decimals without trailing zeros: "8.97779448". */
export function exactText(amount: ExactRupees): string {
  const magnitude = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, '0');
  const whole = magnitude.slice(0, -DECIMALS);
  const fraction = magnitude.slice(-DECIMALS).replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Paise as rupees with two decimals: "24.00". */
export function paiseText(value: Paise): string {
  const magnitude = Math.abs(value);
  return `${value < 0 ? '-' : ''}${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, '0')}`;
}
