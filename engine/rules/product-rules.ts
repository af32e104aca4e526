// What each product type means for margin, and when the broker squares it off, as data: one row per product, market and span of dates. The
// times are a broker's own policy, before the exchange's close; the rows are what this program starts with, to be replaced by the house's.
import { Product } from '../instrument.ts';
import type { RuleSegment } from './margin-rules.ts';

/** How a position of the product is margined. */
export type ProductMargin =
  /** Bought in full value's margin, sold out of holdings free. */
  | 'delivery'
  /** Net position of the day, in full: no leverage on an intraday product since peak margins count 100 %. */
  | 'intraday'
  /** As the clearing corporation's own margin, carried overnight. */
  | 'overnight'
  /** A quarter of the value at least, the rest funded by the broker. */
  | 'funded';

/** One product in one market. */
export interface ProductRule {
  readonly product: number;
  readonly segment: RuleSegment;
  readonly from: number;
  readonly to: number | null;
  readonly margin: ProductMargin;
  /** Exit orders linked to the entry count as their largest, not their sum. */
  readonly linkedExits: boolean;
  /** When open positions are squared off: minutes after midnight, India, or minutes before the market's close; null = not on the day. */
  readonly squareOff: { readonly at: number } | { readonly beforeClose: number } | null;
  readonly source: string;
}

const at = (hours: number, minutes: number): { at: number } => ({ at: hours * 60 + minutes });
const PEAK = 'SEBI/HO/MRD2/DCAP/CIR/P/2020/127: peak margin in full since 2021-09-01';
const HOUSE = 'as large brokers publish it, house policy';
const INTRADAY = [
  ['cash', at(15, 20)],
  ['equity derivatives', at(15, 25)],
  ['currency derivatives', at(16, 45)],
  ['commodity derivatives', { beforeClose: 25 }],
] as const;

const intraday = (product: number, linkedExits: boolean): ProductRule[] =>
  INTRADAY.map(([segment, squareOff]) => ({
    product,
    segment,
    from: 20210901,
    to: null,
    margin: 'intraday',
    linkedExits,
    squareOff,
    source: `${PEAK}; time: ${HOUSE}`,
  }));

const carried = (product: number, segment: RuleSegment, margin: ProductMargin, source: string): ProductRule => ({
  product,
  segment,
  from: 0,
  to: null,
  margin,
  linkedExits: false,
  squareOff: null,
  source,
});

/** The table. */
export const PRODUCT_RULES: readonly ProductRule[] = [
  carried(Product.CNC, 'cash', 'delivery', 'NSE/INSP/45534, NSE/INSP/45565'),
  carried(Product.NRML, 'equity derivatives', 'overnight', 'clearing corporation margin'),
  carried(Product.NRML, 'currency derivatives', 'overnight', 'clearing corporation margin'),
  carried(Product.NRML, 'commodity derivatives', 'overnight', 'clearing corporation margin'),
  carried(Product.MTF, 'cash', 'funded', 'margin trading funding; pledge not accepted by T+3: squared off on T+4'),
  ...intraday(Product.MIS, false),
  ...intraday(Product.CO, true),
  ...intraday(Product.BO, true),
];

/** The row of a product in a market on a date (yyyymmdd); undefined where the product is not offered. */
export function productRuleOn(product: number, segment: RuleSegment, date: number): ProductRule | undefined {
  return PRODUCT_RULES.find(
    (rule) => rule.product === product && rule.segment === segment && rule.from <= date && (rule.to === null || date <= rule.to),
  );
}
