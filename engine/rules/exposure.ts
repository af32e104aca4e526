// Extreme loss (exposure) margin by rule, for contracts that no ELM file names: rates in 1/10,000 of the contract's notional (futures: the
// future's price; options: the underlying's price, sold options only). Files go before: per contract, then per symbol.
import { ruleOn, ruleValue } from './margin-rules.ts';

/** A contract as the rules see it. */
export interface ExposureSubject {
  readonly isIndex: boolean;
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly strike: number;
  readonly expiry: number;
  /** Underlying's previous close (or the file's price), ticks. */
  readonly underlyingPrice: number;
  /** Default equity; the others know no deep out-of-the-money and no long-dated rate. */
  readonly market?: 'equity' | 'currency' | 'commodity';
  /** Symbol of the underlying; only commodity rules ask. */
  readonly symbol?: string;
}

const family = (subject: ExposureSubject): string => (subject.isIndex ? 'elm.index' : 'elm.stock');
const isEquity = (subject: ExposureSubject): boolean => (subject.market ?? 'equity') === 'equity';

/** Whether an option is deep out of the money under the rule in force: the type OTM of an ael file. */
export function isDeepOutOfTheMoney(subject: ExposureSubject, date: number): boolean {
  const rule = ruleOn(`${family(subject)}.deepOtm`, date);
  if (rule?.beyond === undefined || subject.kind === 'FUT' || subject.underlyingPrice <= 0 || !isEquity(subject)) return false;
  const distance = (subject.kind === 'CE' ? subject.strike - subject.underlyingPrice : subject.underlyingPrice - subject.strike) * 10_000;
  return distance > subject.underlyingPrice * rule.beyond;
}

/** ELM rate of a buyer's future or a seller's contract by rule, 1/10,000, without the expiry-day add-on. */
export function exposureRate(subject: ExposureSubject, date: number): number {
  const { market = 'equity' } = subject;
  if (market !== 'equity') return ruleValue(`elm.${market}`, date);
  const normal = ruleValue(family(subject), date);
  if (subject.kind === 'FUT') return normal;
  const otm = isDeepOutOfTheMoney(subject, date) ? ruleValue(`${family(subject)}.deepOtm`, date) : normal;
  return Math.max(otm, longDatedRate(subject, date));
}

/** The same for a short: crude oil pays more. */
export function shortExposureRate(subject: ExposureSubject, date: number): number {
  const rate = exposureRate(subject, date);
  return isCrude(subject) ? Math.max(rate, ruleValue('elm.commodity.crudeShort', date)) : rate;
}

/** Id of the rule that gives a short's rate where no file does. */
export function exposureRuleId(subject: ExposureSubject, date: number): string {
  const { market = 'equity' } = subject;
  if (market !== 'equity') return isCrude(subject) ? 'elm.commodity.crudeShort' : `elm.${market}`;
  const rate = exposureRate(subject, date);
  if (rate === longDatedRate(subject, date)) return 'elm.index.longDated';
  return subject.kind !== 'FUT' && isDeepOutOfTheMoney(subject, date) ? `${family(subject)}.deepOtm` : family(subject);
}

function isCrude(subject: ExposureSubject): boolean {
  return subject.market === 'commodity' && /^CRUDEOIL/.test(subject.symbol ?? '');
}

/** Least rate of an index option with more than nine months to run, which no symbol file tells apart; 0 for others. */
export function longDatedRate(subject: ExposureSubject, date: number): number {
  if (subject.kind === 'FUT' || !subject.isIndex || !isEquity(subject) || !isBeyondNineMonths(date, subject.expiry)) return 0;
  return ruleValue('elm.index.longDated', date);
}

/** Extra rate on a sold index option that expires on the business date, 1/10,000: whatever the files say, on the underlying's price. */
export function expiryDayRate(subject: ExposureSubject, date: number): number {
  const applies = subject.isIndex && isEquity(subject) && subject.kind !== 'FUT' && subject.expiry === date;
  return applies ? ruleValue('elm.expiryDay', date) : 0;
}

function isBeyondNineMonths(date: number, expiry: number): boolean {
  const months = (Math.floor(expiry / 10_000) - Math.floor(date / 10_000)) * 12 + (Math.floor(expiry / 100) % 100) - (Math.floor(date / 100) % 100);
  return months > 9 || (months === 9 && expiry % 100 > date % 100);
}
