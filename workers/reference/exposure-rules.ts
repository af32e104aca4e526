// Extreme loss (exposure) margin by rule, for contracts that no ELM file names, and the add-on that no file carries. A dated table:
// the row in force is the last whose `from` is not after the business date. Rates in 1/10,000 of the contract's notional.

/** Underlyings that are indices, where no instrument type says so (a SPAN file does not). */
export const INDEX_UNDERLYINGS: ReadonlySet<string> = new Set([
  'NIFTY',
  'BANKNIFTY',
  'FINNIFTY',
  'MIDCPNIFTY',
  'NIFTYNXT50',
  'SENSEX',
  'BANKEX',
  'SENSEX50',
  'BSXOPT',
  'BKXOPT',
]);

interface ExposureRule {
  /** First business date, yyyymmdd. */
  readonly from: number;
  readonly underlying: 'index' | 'stock';
  readonly rate: number;
  /** Deep out-of-the-money options: farther than `otmBeyond` (1/10,000 of the underlying's previous close) they pay `otmRate`. */
  readonly otmBeyond: number;
  readonly otmRate: number;
  /** Options with more than nine months to run; 0 = as the others. */
  readonly longDatedRate: number;
  readonly source: string;
}

/** Evidence: the plain 2 % and 3.5 % are exchange pages; the out-of-the-money and long-dated rates are weaker (a per-contract file, when given, decides). */
const EXPOSURE_RULES: readonly ExposureRule[] = [
  {
    from: 20200501,
    underlying: 'index',
    rate: 200,
    otmBeyond: 1000,
    otmRate: 300,
    longDatedRate: 500,
    source: 'NSE Clearing, equity derivatives margins page (2024-07); beyond 10 % and nine months: reported',
  },
  {
    from: 20200501,
    underlying: 'stock',
    rate: 350,
    otmBeyond: 3000,
    otmRate: 525,
    longDatedRate: 0,
    source: 'NSE Clearing, equity derivatives margins page (2024-07); beyond 30 %: 1.5 times, as in ael files of 2026',
  },
];

/** Short index options on their expiry day: +2 % (NCL/CMPT/64639 of 2024-10-21, SEBI 2024/132), on the underlying's price. */
const EXPIRY_DAY_ADD_ON = { from: 20241120, rate: 200 } as const;

/** A contract as the rules see it. */
export interface ExposureSubject {
  readonly isIndex: boolean;
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly strike: number;
  readonly expiry: number;
  /** Underlying's previous close (or the file's price), ticks. */
  readonly underlyingPrice: number;
}

/** Whether an option is deep out of the money under the rule in force: the type OTM of an ael file. */
export function isDeepOutOfTheMoney(subject: ExposureSubject, date: number): boolean {
  if (subject.kind === 'FUT' || subject.underlyingPrice <= 0) return false;
  const distance = (subject.kind === 'CE' ? subject.strike - subject.underlyingPrice : subject.underlyingPrice - subject.strike) * 10_000;
  return distance > subject.underlyingPrice * ruleOf(subject, date).otmBeyond;
}

/** ELM rate by rule, 1/10,000, without the expiry-day add-on. Dates before the table's first row take that row. */
export function exposureRate(subject: ExposureSubject, date: number): number {
  const rule = ruleOf(subject, date);
  if (subject.kind === 'FUT') return rule.rate;
  const otm = isDeepOutOfTheMoney(subject, date) ? rule.otmRate : rule.rate;
  return Math.max(otm, longDatedRate(subject, date));
}

/** Least rate of an option with more than nine months to run, which no symbol file tells apart; 0 for others. */
export function longDatedRate(subject: ExposureSubject, date: number): number {
  return subject.kind !== 'FUT' && isBeyondNineMonths(date, subject.expiry) ? ruleOf(subject, date).longDatedRate : 0;
}

/** Extra rate on a short option that expires on the business date, 1/10,000. */
export function expiryDayRate(subject: ExposureSubject, date: number): number {
  const applies = subject.isIndex && subject.kind !== 'FUT' && subject.expiry === date && date >= EXPIRY_DAY_ADD_ON.from;
  return applies ? EXPIRY_DAY_ADD_ON.rate : 0;
}

function ruleOf(subject: ExposureSubject, date: number): ExposureRule {
  const underlying = subject.isIndex ? 'index' : 'stock';
  const rules = EXPOSURE_RULES.filter((rule) => rule.underlying === underlying);
  const rule = rules.findLast((each) => each.from <= date) ?? rules[0];
  if (rule === undefined) throw new RangeError(`no exposure rule for ${underlying}`);
  return rule;
}

function isBeyondNineMonths(date: number, expiry: number): boolean {
  const months = (Math.floor(expiry / 10_000) - Math.floor(date / 10_000)) * 12 + (Math.floor(expiry / 100) % 100) - (Math.floor(date / 100) % 100);
  return months > 9 || (months === 9 && expiry % 100 > date % 100);
}
