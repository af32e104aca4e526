// The rates in force on one date, laid out by charge key so that a note looks nothing up by text. Building one walks all rows; callers keep it for the day.
import { assert } from '../assert.ts';
import type { BusinessDate } from '../units.ts';
import { CHARGE_TERMS, type ChargeKey, type ChargeTerms } from './charged-trade.ts';
import { GST_ROWS, RATE_ROWS, type RateItem, type RateRow } from './rate-rows.ts';

/** There is no rate for a trade of these terms on that date. */
export class RateUnknown extends Error {
  override readonly name = 'RateUnknown';
}

/** Rates of one key, as integers of 1e-9 of turnover. */
export interface KeyRates {
  readonly tax: bigint;
  readonly exchange: bigint;
  readonly ipft: bigint;
  readonly sebi: bigint;
  readonly stamp: bigint;
}

/** All rates of one date. */
export interface ChargeRates {
  readonly date: BusinessDate;
  /** By charge key; what is missing is described instead. */
  readonly byKey: readonly (KeyRates | string)[];
  /** 1e-3. */
  readonly gst: bigint;
  readonly gstOnIpft: boolean;
}

const ITEMS: readonly RateItem[] = ['tax', 'exchange', 'ipft', 'sebi', 'stamp'];
const ITEM_WORDS: Readonly<Record<RateItem, string>> = {
  tax: 'STT/CTT',
  exchange: 'exchange charge',
  ipft: 'IPFT',
  sebi: 'SEBI fee',
  stamp: 'stamp duty',
};

/** A decimal fraction as an integer of 10^-decimals. The rows are ours: one with more decimals is a bug. */
export function scaledFraction(value: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  assert(/^\d+$/.test(whole) && /^\d*$/.test(fraction) && fraction.length <= decimals, 'a rate must be a decimal fraction that fits its scale');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

function isInForce(row: { readonly from: number; readonly to: number | null }, date: number): boolean {
  return row.from <= date && (row.to === null || date <= row.to);
}

function matches(row: RateRow, terms: ChargeTerms): boolean {
  const product = terms.product === 'MIS' ? 'INTRADAY' : 'DELIVERY';
  return (
    (row.exchange === '*' || row.exchange === terms.exchange) &&
    (row.segment === '*' || row.segment === terms.segment) &&
    (row.product === '*' || row.product === product) &&
    (row.side === '*' || row.side === terms.side)
  );
}

/** "2026-11-20" of 20261120. */
export function dateText(date: number): string {
  const digits = String(date).padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

function keyRates(terms: ChargeTerms, rows: readonly RateRow[], date: number): KeyRates | string {
  const found: Partial<Record<RateItem, bigint>> = {};
  for (const item of ITEMS) {
    const matching = rows.filter((row) => row.item === item && matches(row, terms));
    assert(matching.length <= 1, 'two rates in force for the same trade');
    const row = matching[0];
    if (row === undefined) return `no ${ITEM_WORDS[item]} is known for ${terms.exchange} ${terms.segment} on ${dateText(date)}`;
    found[item] = scaledFraction(row.value, 9);
  }
  return found as KeyRates;
}

/** The rates in force on `date`. Throws RateUnknown when not even GST is known then. */
export function chargeRatesOn(date: BusinessDate): ChargeRates {
  const rows = RATE_ROWS.filter((row) => isInForce(row, date));
  const gst = GST_ROWS.find((row) => isInForce(row, date));
  if (gst === undefined) throw new RateUnknown(`no GST rate is known on ${dateText(date)}`);
  const byKey = CHARGE_TERMS.map((terms) => keyRates(terms, rows, date));
  return { date, byKey, gst: scaledFraction(gst.value, 3), gstOnIpft: gst.ipftInBase };
}

/** The rates of one key. Throws RateUnknown, saying what is missing. */
export function ratesOfKey(rates: ChargeRates, key: ChargeKey): KeyRates {
  const found = rates.byKey[key];
  if (found === undefined || typeof found === 'string') throw new RateUnknown(found ?? 'no such charge key');
  return found;
}
