// Fees beside the note that a client is debited for: depository debits, square-off by the desk, call and trade, pledging, CUSPA. Each is a count times a dated
// amount; GST is on top, each fee rounded to the paisa by itself. The amounts are one broker's published tariff: a broker passes rows of its own.
import { assert } from '../assert.ts';
import { type BusinessDate, type Paise, paise } from '../units.ts';
import { dateText, RateUnknown } from './charge-rates.ts';
import { exactOfPaise, exactRupees, toPaise } from './exact-rupees.ts';
import type { ChargeAmount } from './note-charges.ts';

/** What a fee is charged for, and what is counted. */
export const FEE_KINDS = {
  /** Demat debit: per ISIN per day, whatever the quantity. */
  dpDebit: 'ISIN and day',
  /** Position closed by the desk: per order. */
  squareOff: 'order',
  /** Order given by telephone: per order. */
  callAndTrade: 'order',
  /** Margin pledge: per ISIN and request. */
  pledge: 'request',
  /** Release of a pledge: per ISIN and request. */
  unpledge: 'request',
  /** Unpaid securities held in CUSPA: per ISIN and request to pledge them. */
  cuspaPledge: 'request',
} as const;
export type FeeKind = keyof typeof FEE_KINDS;

/** One dated amount of a tariff, without GST. */
export interface FeeRow {
  readonly kind: FeeKind;
  readonly from: number;
  readonly to: number | null;
  readonly amount: Paise;
  readonly source: string;
}

/** A tariff as published: Rs 13.50 + GST = 15.93 of earlier years, Rs 13 + GST = 15.34 since. */
export const PUBLISHED_FEES: readonly FeeRow[] = [
  { kind: 'dpDebit', from: 20170701, to: 20240930, amount: paise(13_50), source: 'secondary: 15.93 with GST in broker rate cards' },
  { kind: 'dpDebit', from: 20241001, to: null, amount: paise(13_00), source: 'secondary: 15.34 with GST in broker rate cards of 2026' },
  { kind: 'squareOff', from: 20170701, to: null, amount: paise(50_00), source: 'secondary: broker rate card' },
  { kind: 'callAndTrade', from: 20170701, to: null, amount: paise(50_00), source: 'secondary: broker rate card' },
  { kind: 'pledge', from: 20200901, to: null, amount: paise(30_00), source: 'secondary: broker rate card' },
  { kind: 'unpledge', from: 20200901, to: null, amount: paise(0), source: 'secondary: broker rate card' },
  { kind: 'cuspaPledge', from: 20200901, to: null, amount: paise(20_00), source: 'secondary: broker rate card' },
];

/** A fee and the GST on it. */
export interface ClientFee {
  readonly fee: Paise;
  readonly gst: ChargeAmount;
  readonly total: Paise;
}

const GST_PERCENT = 18n;

/** GST of 18 % on a fee, a penalty that is passed on, or any amount that is rounded already. */
export function gstOn(amount: Paise): ChargeAmount {
  const exact = exactRupees((exactOfPaise(amount) * GST_PERCENT) / 100n);
  return { exact, note: toPaise(exact) };
}

/** `count` fees of one kind under `tariff`. Throws RateUnknown when the tariff has no row for the date. */
export function clientFee(kind: FeeKind, count: number, date: BusinessDate, tariff: readonly FeeRow[] = PUBLISHED_FEES): ClientFee {
  assert(Number.isSafeInteger(count) && count >= 0, 'fees are counted in whole numbers');
  const row = tariff.find((one) => one.kind === kind && one.from <= date && (one.to === null || date <= one.to));
  if (row === undefined) throw new RateUnknown(`no ${kind} fee is known on ${dateText(date)}`);
  const fee = paise(row.amount * count);
  const gst = gstOn(fee);
  return { fee, gst, total: paise(fee + gst.note) };
}
