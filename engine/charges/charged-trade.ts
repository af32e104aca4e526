// A trade as charges see it, and the small vocabulary of the rate tables. Instruments have no part in it: only where, what kind, which product and side.
// Does not know clients or settlement numbers; a caller keeps one set of charges per contract note.
import { assert } from '../assert.ts';

/** Exchanges with rates of their own. */
export const CHARGE_EXCHANGES = ['NSE', 'BSE', 'MCX'] as const;
export type ChargeExchange = (typeof CHARGE_EXCHANGES)[number];

/** Kinds of instrument with rates of their own. COM_* are non-agricultural commodities: agricultural ones carry no CTT and are not priced here. */
export const CHARGE_SEGMENTS = ['EQ', 'FUT', 'OPT', 'CUR_FUT', 'CUR_OPT', 'COM_FUT', 'COM_OPT'] as const;
export type ChargeSegment = (typeof CHARGE_SEGMENTS)[number];

/** Products. In EQ, MIS is intraday and the others are delivery; elsewhere the product only chooses the brokerage. */
export const CHARGE_PRODUCTS = ['CNC', 'MIS', 'NRML'] as const;
export type ChargeProduct = (typeof CHARGE_PRODUCTS)[number];

/** What each Product is charged as: cover and bracket orders are intraday, funded shares are delivered. */
const CHARGED_AS: readonly (ChargeProduct | undefined)[] = [undefined, 'CNC', 'MIS', 'NRML', 'CNC', 'MIS', 'MIS'];

/** Product a trade is charged by; undefined where nobody knows the order's. */
export function chargeProductOf(product: number): ChargeProduct | undefined {
  assert(product >= 0, 'product is negative');
  return CHARGED_AS[product];
}

export const CHARGE_SIDES = ['BUY', 'SELL'] as const;
export type ChargeSide = (typeof CHARGE_SIDES)[number];

/** One executed trade. */
export interface ChargedTrade {
  readonly exchange: ChargeExchange;
  readonly segment: ChargeSegment;
  readonly product: ChargeProduct;
  readonly side: ChargeSide;
  /** Units (lots x lot size), an integer from 1. */
  readonly quantity: number;
  /** Micros of a rupee per unit, an integer from 0; the premium of an option. */
  readonly price: number;
  /** Trades of one order share a brokerage; without it the trade is an order by itself. */
  readonly orderId?: string | undefined;
}

/** Where a trade falls in every table of rates: 0..CHARGE_KEYS-1. */
export type ChargeKey = number;
export const CHARGE_KEYS: number = CHARGE_EXCHANGES.length * CHARGE_SEGMENTS.length * CHARGE_PRODUCTS.length * CHARGE_SIDES.length;

const indexOf = <Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>;
const EXCHANGE = indexOf(CHARGE_EXCHANGES);
const SEGMENT = indexOf(CHARGE_SEGMENTS);
const PRODUCT = indexOf(CHARGE_PRODUCTS);

/** The four words of a key. */
export interface ChargeTerms {
  readonly exchange: ChargeExchange;
  readonly segment: ChargeSegment;
  readonly product: ChargeProduct;
  readonly side: ChargeSide;
}

/** The key of a trade. */
export function chargeKey({ exchange, segment, product, side }: ChargeTerms): ChargeKey {
  const key =
    ((EXCHANGE[exchange] * CHARGE_SEGMENTS.length + SEGMENT[segment]) * CHARGE_PRODUCTS.length + PRODUCT[product]) * 2 + (side === 'BUY' ? 0 : 1);
  assert(key >= 0 && key < CHARGE_KEYS, 'charge key out of range');
  return key;
}

/** The words a key stands for. */
export const CHARGE_TERMS: readonly ChargeTerms[] = CHARGE_EXCHANGES.flatMap((exchange) =>
  CHARGE_SEGMENTS.flatMap((segment) => CHARGE_PRODUCTS.flatMap((product) => CHARGE_SIDES.map((side) => ({ exchange, segment, product, side })))),
);
