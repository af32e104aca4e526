// POST /charges/orders: the virtual contract note of Kite Connect 3, request and answer in its shape, so that programs written for it work unchanged.
// Charges are the engine's; here symbols become segments and JSON is checked. Quantities are units on every exchange (Kite counts lots on MCX).
import { z } from 'zod';
import {
  type BrokeragePlan,
  type BusinessDate,
  businessDate,
  type ChargedTrade,
  type ChargeExchange,
  type ChargeSegment,
  ChargeTariff,
  chargeRatesOn,
  type GstStates,
  orderCharges,
  RateUnknown,
} from '../../engine/index.ts';
import { type PlainText, type Route, route } from '../http/route.ts';
import { KITE_REFUSAL, kiteError } from './kite-refusal.ts';

/** What the charges depend on beside the orders. */
export interface ChargesBasis {
  /** Whose rates apply: the trading day. */
  readonly date: () => BusinessDate;
  readonly plan: BrokeragePlan;
  readonly states: GstStates;
}

/** What the charges of an order depend on. */
export interface ChargedKiteOrder {
  readonly exchange: 'NSE' | 'BSE' | 'NFO' | 'BFO' | 'CDS' | 'BCD' | 'MCX';
  readonly tradingsymbol: string;
  readonly transaction_type: 'BUY' | 'SELL';
  readonly product: 'CNC' | 'MIS' | 'NRML' | 'MTF' | 'CO' | 'BO';
  readonly quantity: number;
  readonly average_price: number;
}

/** Kite's exchanges: where the rates are, and what is traded there. */
const EXCHANGES: Readonly<
  Record<
    ChargedKiteOrder['exchange'],
    { readonly exchange: ChargeExchange; readonly cash?: ChargeSegment; readonly futures?: ChargeSegment; readonly options?: ChargeSegment }
  >
> = {
  NSE: { exchange: 'NSE', cash: 'EQ' },
  BSE: { exchange: 'BSE', cash: 'EQ' },
  NFO: { exchange: 'NSE', futures: 'FUT', options: 'OPT' },
  BFO: { exchange: 'BSE', futures: 'FUT', options: 'OPT' },
  CDS: { exchange: 'NSE', futures: 'CUR_FUT', options: 'CUR_OPT' },
  BCD: { exchange: 'BSE', futures: 'CUR_FUT', options: 'CUR_OPT' },
  MCX: { exchange: 'MCX', futures: 'COM_FUT', options: 'COM_OPT' },
};

const ORDERS_MAX = 500;
const MICROS = 1_000_000;

const orderSchema = z.object({
  order_id: z.string().min(1).max(64),
  exchange: z.enum(Object.keys(EXCHANGES) as [keyof typeof EXCHANGES, ...(keyof typeof EXCHANGES)[]]),
  tradingsymbol: z.string().min(1).max(60),
  transaction_type: z.enum(['BUY', 'SELL']),
  variety: z.string().min(1).max(20),
  product: z.enum(['CNC', 'MIS', 'NRML', 'MTF', 'CO', 'BO']),
  order_type: z.string().min(1).max(20),
  quantity: z.int().min(1).max(1_000_000_000),
  average_price: z.number().positive().max(1e9),
});
type KiteOrder = z.output<typeof orderSchema>;

/** CO and BO are intraday; MTF is delivery. */
const PRODUCTS = { CNC: 'CNC', MIS: 'MIS', NRML: 'NRML', MTF: 'CNC', CO: 'MIS', BO: 'MIS' } as const;

/** The segment of a symbol: futures end in FUT, options in CE or PE. Undefined for a derivative exchange's symbol that ends in neither. */
export function segmentOf({ exchange, tradingsymbol }: Pick<ChargedKiteOrder, 'exchange' | 'tradingsymbol'>): ChargeSegment | undefined {
  const here = EXCHANGES[exchange];
  if (here.cash !== undefined) return here.cash;
  if (/FUT$/.test(tradingsymbol)) return here.futures;
  return /(CE|PE)$/.test(tradingsymbol) ? here.options : undefined;
}

/** The order as the charges know a trade, at its average price. */
export function asTrade(order: Omit<ChargedKiteOrder, 'tradingsymbol'>, segment: ChargeSegment): ChargedTrade {
  const { exchange } = EXCHANGES[order.exchange];
  // An average of fills may have more decimals than money has: a millionth of a rupee is as far as anybody charges.
  const price = Math.max(1, Math.round(order.average_price * MICROS));
  return { exchange, segment, product: PRODUCTS[order.product], side: order.transaction_type, quantity: order.quantity, price };
}

const inputException = (message: string): PlainText => ({
  contentType: 'application/json',
  status: 400,
  text: JSON.stringify(kiteError(message, 'InputException')),
});

/** The day in India at an instant. */
export function indianDay(epochMillis: number): BusinessDate {
  const india = new Date(epochMillis + 330 * 60_000);
  return businessDate(india.getUTCFullYear() * 10_000 + (india.getUTCMonth() + 1) * 100 + india.getUTCDate());
}

/** The answer to one request, in Kite's success or error shape. */
export function chargesAnswer(body: readonly unknown[], basis: ChargesBasis): PlainText {
  const tariff = new ChargeTariff(chargeRatesOn(basis.date()), basis.plan);
  const data: object[] = [];
  for (const [index, value] of body.entries()) {
    const parsed = orderSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return inputException(`order ${index + 1}: ${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message ?? 'is not valid'}`);
    }
    const order = parsed.data;
    const segment = segmentOf(order);
    if (segment === undefined) return inputException(`order ${index + 1}: tradingsymbol: ${order.tradingsymbol} ends in none of FUT, CE, PE`);
    try {
      data.push({ ...echoOf(order), charges: orderCharges(asTrade(order, segment), tariff, basis.states) });
    } catch (error) {
      if (error instanceof RateUnknown) return inputException(`order ${index + 1}: ${error.message}`);
      throw error;
    }
  }
  return { contentType: 'application/json', text: JSON.stringify({ status: 'success', data }) };
}

function echoOf({ transaction_type, tradingsymbol, exchange, variety, product, order_type, quantity, average_price }: KiteOrder): object {
  return { transaction_type, tradingsymbol, exchange, variety, product, order_type, quantity, price: average_price };
}

/** The route. */
export function chargesRoute(basis: ChargesBasis): Route {
  return route({
    method: 'POST',
    path: '/charges/orders',
    summary: 'Charges of executed orders, one by one, in the shape of Kite Connect 3',
    tag: 'kite',
    access: 'token',
    body: z.array(z.unknown()).min(1).max(ORDERS_MAX),
    plain: 'application/json',
    refusal: KITE_REFUSAL,
    example: {
      body: [
        {
          order_id: '1',
          exchange: 'NSE',
          tradingsymbol: 'SBIN',
          transaction_type: 'BUY',
          variety: 'regular',
          product: 'CNC',
          order_type: 'MARKET',
          quantity: 1,
          average_price: 560,
        },
      ],
    },
    handle: async ({ body }) => chargesAnswer(body, basis),
  });
}
