// Every rate of a trade's charges, one row per change and never edited: a past date computes as it did. A rate that does not exist in law is a row of
// value 0; where there is no row nothing is known, and charging is refused rather than guessed. Values are fractions of turnover (of premium for options).
import type { ChargeExchange, ChargeSegment, ChargeSide } from './charged-trade.ts';

/** What a rate is for. `tax` is STT, or CTT on commodities. */
export type RateItem = 'tax' | 'exchange' | 'ipft' | 'sebi' | 'stamp';

export interface RateRow {
  readonly item: RateItem;
  /** First day, yyyymmdd. */
  readonly from: number;
  /** Last day, yyyymmdd; null = still in force. */
  readonly to: number | null;
  readonly exchange: ChargeExchange | '*';
  readonly segment: ChargeSegment | '*';
  /** Only EQ tells delivery (CNC, NRML) from intraday (MIS). */
  readonly product: 'DELIVERY' | 'INTRADAY' | '*';
  readonly side: ChargeSide | '*';
  /** Decimal fraction, at most nine decimals. */
  readonly value: string;
  /** Circular, or where the figure was read when no circular was at hand ("secondary"). */
  readonly source: string;
  /** Date of the source, yyyymmdd; 0 = undated. */
  readonly sourceDate: number;
}

/** One line of a series: [from, to, value, source, source date]. */
type Span = readonly [number, number | null, string, string, number];
type Where = Pick<RateRow, 'item' | 'exchange' | 'segment' | 'product' | 'side'>;

const rows = (where: Where, spans: readonly Span[]): RateRow[] =>
  spans.map(([from, to, value, source, sourceDate]) => ({ ...where, from, to, value, source, sourceDate }));
const at = (item: RateItem, segment: RateRow['segment'], side: RateRow['side'], product: RateRow['product'] = '*'): Where => ({
  item,
  exchange: '*',
  segment,
  product,
  side,
});
const of = (item: RateItem, exchange: ChargeExchange, segment: ChargeSegment): Where => ({ item, exchange, segment, product: '*', side: '*' });

const FATAX = 'NSE/FATAX/73524, table of STT rates';
const FINANCE_ACT = 'Finance Act series, secondary table by date';
const NO_TAX = 'no STT on currency derivatives';
const BUY_FREE = 'charged to the seller only';

const TAX: readonly RateRow[] = [
  ...rows(at('tax', 'EQ', '*', 'DELIVERY'), [[20130601, null, '0.001', FATAX, 20260331]]),
  ...rows(at('tax', 'EQ', 'SELL', 'INTRADAY'), [[20130601, null, '0.00025', FATAX, 20260331]]),
  ...rows(at('tax', 'EQ', 'BUY', 'INTRADAY'), [[20130601, null, '0', BUY_FREE, 20260331]]),
  ...rows(at('tax', 'FUT', 'SELL'), [
    [20130601, 20230331, '0.0001', FINANCE_ACT, 0],
    [20230401, 20240930, '0.000125', FINANCE_ACT, 0],
    [20241001, 20260331, '0.0002', FATAX, 20260331],
    [20260401, null, '0.0005', FATAX, 20260331],
  ]),
  ...rows(at('tax', 'OPT', 'SELL'), [
    [20160601, 20230331, '0.0005', FINANCE_ACT, 0],
    [20230401, 20240930, '0.000625', FINANCE_ACT, 0],
    [20241001, 20260331, '0.001', FATAX, 20260331],
    [20260401, null, '0.0015', FATAX, 20260331],
  ]),
  ...rows(at('tax', 'FUT', 'BUY'), [[20130601, null, '0', BUY_FREE, 20260331]]),
  ...rows(at('tax', 'OPT', 'BUY'), [[20130601, null, '0', BUY_FREE, 20260331]]),
  ...rows(at('tax', 'CUR_FUT', '*'), [[20130601, null, '0', NO_TAX, 0]]),
  ...rows(at('tax', 'CUR_OPT', '*'), [[20130601, null, '0', NO_TAX, 0]]),
  ...rows(at('tax', 'COM_FUT', 'SELL'), [[20130701, null, '0.0001', 'CTT, Finance Act 2013, non-agricultural', 20130701]]),
  ...rows(at('tax', 'COM_FUT', 'BUY'), [[20130701, null, '0', BUY_FREE, 20130701]]),
  ...rows(at('tax', 'COM_OPT', 'SELL'), [[20180401, null, '0.0005', 'CTT on the premium of an option on commodity derivative', 0]]),
  ...rows(at('tax', 'COM_OPT', 'BUY'), [[20180401, null, '0', BUY_FREE, 0]]),
];

const TRUE_TO_LABEL = 'NSE/FA/64323';
const MARCH_2026 = 'NSE/FA/73061';
const BEFORE_2024 = 'secondary: published broker responses of July 2023';
const APRIL_2024 = 'secondary: NSE notice of March 2024, one per cent lower';
const RATE_CARD = 'secondary: broker rate cards, reproduce published totals';
const BSE_2024 = 'BSE notice of 27 September 2024, secondary';
const NO_IPFT = 'no IPFT shown beside the transaction charge';

const EXCHANGE: readonly RateRow[] = [
  ...rows(of('exchange', 'NSE', 'EQ'), [
    [20230401, 20240331, '0.0000325', BEFORE_2024, 20230713],
    [20240401, 20240930, '0.0000322', APRIL_2024, 0],
    [20241001, 20260228, '0.0000297', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.000030699', MARCH_2026, 0],
  ]),
  ...rows(of('exchange', 'NSE', 'FUT'), [
    [20230401, 20240331, '0.000019', BEFORE_2024, 0],
    [20240401, 20240930, '0.0000188', APRIL_2024, 0],
    [20241001, 20260228, '0.0000173', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.000018299', MARCH_2026, 0],
  ]),
  ...rows(of('exchange', 'NSE', 'OPT'), [
    [20230401, 20240331, '0.0005', BEFORE_2024, 0],
    [20240401, 20240930, '0.000495', APRIL_2024, 0],
    [20241001, 20260228, '0.0003503', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.0003552', MARCH_2026, 0],
  ]),
  ...rows(of('exchange', 'NSE', 'CUR_FUT'), [[20241001, null, '0.0000035', TRUE_TO_LABEL, 20240927]]),
  ...rows(of('exchange', 'NSE', 'CUR_OPT'), [[20241001, null, '0.000311', TRUE_TO_LABEL, 20240927]]),
  // Groups A and B; X, XT, Z and the like have rates of their own, which are not public in one place.
  ...rows(of('exchange', 'BSE', 'EQ'), [[20230401, null, '0.0000375', RATE_CARD, 20260901]]),
  ...rows(of('exchange', 'BSE', 'FUT'), [[20230401, null, '0', RATE_CARD, 20260901]]),
  // Sensex and Bankex options.
  ...rows(of('exchange', 'BSE', 'OPT'), [[20241001, null, '0.000325', BSE_2024, 20240927]]),
  ...rows(of('exchange', 'BSE', 'CUR_FUT'), [[20241001, null, '0.0000045', BSE_2024, 20240927]]),
  ...rows(of('exchange', 'BSE', 'CUR_OPT'), [[20241001, null, '0.00001', BSE_2024, 20240927]]),
  ...rows(of('exchange', 'MCX', 'COM_FUT'), [
    [20230401, 20240930, '0.000026', BEFORE_2024, 20230713],
    [20241001, null, '0.000021', 'MCX notice of 24 September 2024, secondary', 20240924],
  ]),
  ...rows(of('exchange', 'MCX', 'COM_OPT'), [
    [20230401, 20240930, '0.0005', BEFORE_2024, 0],
    [20241001, null, '0.000418', 'MCX notice of 24 September 2024, secondary', 20240924],
  ]),
];

const IPFT: readonly RateRow[] = [
  ...rows(of('ipft', 'NSE', 'EQ'), [
    [20230401, 20240930, '0.000001', BEFORE_2024, 20230713],
    [20241001, 20260228, '0.000001', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.000000001', MARCH_2026, 0],
  ]),
  ...rows(of('ipft', 'NSE', 'FUT'), [
    [20230401, 20240930, '0.000001', BEFORE_2024, 0],
    [20241001, 20260228, '0.000001', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.000000001', MARCH_2026, 0],
  ]),
  ...rows(of('ipft', 'NSE', 'OPT'), [
    [20230401, 20240930, '0.000005', BEFORE_2024, 0],
    [20241001, 20260228, '0.000005', TRUE_TO_LABEL, 20240927],
    [20260301, null, '0.0000001', MARCH_2026, 0],
  ]),
  ...(['CUR_FUT', 'CUR_OPT'] as const).flatMap((segment) => rows(of('ipft', 'NSE', segment), [[20241001, null, '0', NO_IPFT, 0]])),
  ...(['EQ', 'FUT', 'OPT', 'CUR_FUT', 'CUR_OPT'] as const).flatMap((segment) =>
    rows(of('ipft', 'BSE', segment), [[20230401, null, '0', NO_IPFT, 0]]),
  ),
  ...(['COM_FUT', 'COM_OPT'] as const).flatMap((segment) => rows(of('ipft', 'MCX', segment), [[20230401, null, '0', NO_IPFT, 0]])),
];

const STAMP_ACT = 'Indian Stamp Act as amended, uniform in all states since 1 July 2020; buyer pays';
const SELLER_FREE = 'charged to the buyer only';
const stamp = (segment: ChargeSegment, value: string, product: RateRow['product'] = '*'): RateRow[] => [
  ...rows(at('stamp', segment, 'BUY', product), [[20200701, null, value, STAMP_ACT, 20200701]]),
  ...rows(at('stamp', segment, 'SELL', product), [[20200701, null, '0', SELLER_FREE, 20200701]]),
];

/** All rows. A house of its own for each change: add a row and close the old one's `to`; never edit a value. */
export const RATE_ROWS: readonly RateRow[] = [
  ...TAX,
  ...EXCHANGE,
  ...IPFT,
  ...rows(at('sebi', '*', '*'), [[20210401, null, '0.000001', 'SEBI turnover fee, Rs 10 a crore', 20210401]]),
  ...stamp('EQ', '0.00015', 'DELIVERY'),
  ...stamp('EQ', '0.00003', 'INTRADAY'),
  ...stamp('FUT', '0.00002'),
  ...stamp('OPT', '0.00003'),
  ...stamp('CUR_FUT', '0.000001'),
  ...stamp('CUR_OPT', '0.000001'),
  ...stamp('COM_FUT', '0.00002'),
  ...stamp('COM_OPT', '0.00003'),
];

/** GST: its rate and what it is charged on beside brokerage, the exchange's charge and SEBI's fee. */
export interface GstRow {
  readonly from: number;
  readonly to: number | null;
  /** Decimal fraction, at most three decimals. */
  readonly value: string;
  /** Is the IPFT part of the exchange's charge in the base? */
  readonly ipftInBase: boolean;
  readonly source: string;
}

/** Published responses of 2023 leave IPFT out of the base, published totals of 2026 put it in; the change is dated to the true-to-label circular between. */
export const GST_ROWS: readonly GstRow[] = [
  { from: 20170701, to: 20240930, value: '0.18', ipftInBase: false, source: 'GST Act; base as in published responses of July 2023' },
  { from: 20241001, to: null, value: '0.18', ipftInBase: true, source: 'GST Act; base as in published totals of September 2026' },
];
