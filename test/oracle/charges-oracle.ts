// Charges a second time, as fractions of integers, one trade after the other, from the published rates only. Shares no code and no table with the engine.

/** A fraction; the denominator is positive. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export const fraction = (text: string): Fraction => {
  const [whole = '0', tail = ''] = text.split('.');
  return { n: BigInt(whole + tail), d: 10n ** BigInt(tail.length) };
};
export const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
export const isLess = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
export const isSame = (a: Fraction, b: Fraction): boolean => a.n * b.d === b.n * a.d;
const ZERO = fraction('0');

/** Whole multiples of 1/`parts` nearest to a fraction that is not negative; a half goes up. */
export function halfUp(value: Fraction, parts: bigint): bigint {
  return (2n * value.n * parts + value.d) / (2n * value.d);
}

export interface OracleTrade {
  readonly exchange: string;
  readonly segment: string;
  readonly product: string;
  readonly side: string;
  readonly quantity: number;
  /** Micros. */
  readonly price: number;
  readonly orderId?: string | undefined;
}

/** [first day, rate] rising; '-' = not charged. */
type Series = readonly (readonly [number, string])[];
const since = (series: Series, date: number): Fraction => {
  const row = [...series].reverse().find(([from]) => from <= date);
  if (row === undefined) throw new RangeError('oracle: no rate');
  return fraction(row[1]);
};

const STT: Readonly<Record<string, Series>> = {
  'EQ-D-BUY': [[20130601, '0.001']],
  'EQ-D-SELL': [[20130601, '0.001']],
  'EQ-I-SELL': [[20130601, '0.00025']],
  'FUT-SELL': [
    [20230401, '0.000125'],
    [20241001, '0.0002'],
    [20260401, '0.0005'],
  ],
  'OPT-SELL': [
    [20230401, '0.000625'],
    [20241001, '0.001'],
    [20260401, '0.0015'],
  ],
  'COM_FUT-SELL': [[20130701, '0.0001']],
  'COM_OPT-SELL': [[20180401, '0.0005']],
};
const EXCHANGE: Readonly<Record<string, Series>> = {
  'NSE-EQ': [
    [20241001, '0.0000297'],
    [20260301, '0.000030699'],
  ],
  'NSE-FUT': [
    [20241001, '0.0000173'],
    [20260301, '0.000018299'],
  ],
  'NSE-OPT': [
    [20241001, '0.0003503'],
    [20260301, '0.0003552'],
  ],
  'NSE-CUR_FUT': [[20241001, '0.0000035']],
  'NSE-CUR_OPT': [[20241001, '0.000311']],
  'BSE-EQ': [[20241001, '0.0000375']],
  'BSE-FUT': [[20241001, '0']],
  'BSE-OPT': [[20241001, '0.000325']],
  'BSE-CUR_FUT': [[20241001, '0.0000045']],
  'BSE-CUR_OPT': [[20241001, '0.00001']],
  'MCX-COM_FUT': [[20241001, '0.000021']],
  'MCX-COM_OPT': [[20241001, '0.000418']],
};
/** Rupees a crore. */
const IPFT: Readonly<Record<string, Series>> = {
  'NSE-EQ': [
    [20241001, '10'],
    [20260301, '0.01'],
  ],
  'NSE-FUT': [
    [20241001, '10'],
    [20260301, '0.01'],
  ],
  'NSE-OPT': [
    [20241001, '50'],
    [20260301, '1'],
  ],
};
const STAMP: Readonly<Record<string, string>> = {
  'EQ-D': '0.00015',
  'EQ-I': '0.00003',
  FUT: '0.00002',
  OPT: '0.00003',
  CUR_FUT: '0.000001',
  CUR_OPT: '0.000001',
  COM_FUT: '0.00002',
  COM_OPT: '0.00003',
};
const CRORE = { n: 1n, d: 10_000_000n };

/** Markets the oracle knows, from October 2024 on. */
export const ORACLE_MARKETS: readonly (readonly [string, string])[] = Object.keys(EXCHANGE).map((key) => key.split('-') as [string, string]);

export interface OraclePlan {
  /** Per cent of turnover. */
  readonly percent?: string | undefined;
  /** Rupees an order. */
  readonly flat?: string | undefined;
}

export type OracleCharges = Readonly<Record<'brokerage' | 'stt' | 'exchange' | 'ipft' | 'sebi' | 'stamp' | 'gst', Fraction>>;

/** Exact charges of trades on a date from 1 October 2024 on. */
export function oracleCharges(trades: readonly OracleTrade[], date: number, plan: OraclePlan): OracleCharges {
  let [stt, exchange, ipft, sebi, stamp] = [ZERO, ZERO, ZERO, ZERO, ZERO];
  const orders = new Map<string, Fraction>();
  for (const [index, trade] of trades.entries()) {
    const turnover = { n: BigInt(trade.quantity) * BigInt(trade.price), d: 1_000_000n };
    const kind = trade.segment === 'EQ' ? `EQ-${trade.product === 'MIS' ? 'I' : 'D'}` : trade.segment;
    const market = `${trade.exchange}-${trade.segment}`;
    const tax = STT[`${kind}-${trade.side}`];
    if (tax !== undefined) stt = plus(stt, times(turnover, since(tax, date)));
    exchange = plus(exchange, times(turnover, since(EXCHANGE[market] ?? [], date)));
    const fund = IPFT[market];
    if (fund !== undefined) ipft = plus(ipft, times(turnover, times(since(fund, date), CRORE)));
    sebi = plus(sebi, times(turnover, fraction('0.000001')));
    if (trade.side === 'BUY') stamp = plus(stamp, times(turnover, fraction(STAMP[kind] ?? '')));
    const order = `${market} ${trade.product} ${trade.side} ${trade.orderId ?? `alone ${index}`}`;
    orders.set(order, plus(orders.get(order) ?? ZERO, turnover));
  }
  let brokerage = ZERO;
  for (const turnover of orders.values()) brokerage = plus(brokerage, orderBrokerage(turnover, plan));
  const gst = times(plus(plus(brokerage, exchange), plus(sebi, ipft)), fraction('0.18'));
  return { brokerage, stt, exchange, ipft, sebi, stamp, gst };
}

function orderBrokerage(turnover: Fraction, { percent, flat }: OraclePlan): Fraction {
  const byPercent = percent === undefined ? undefined : times(times(turnover, fraction(percent)), { n: 1n, d: 100n });
  const byFlat = flat === undefined ? undefined : fraction(flat);
  if (byPercent === undefined) return byFlat ?? ZERO;
  return byFlat === undefined || isLess(byPercent, byFlat) ? byPercent : byFlat;
}
