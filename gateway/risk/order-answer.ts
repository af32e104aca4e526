// Orders and instruments as HTTP and the stream show them: names instead of numbers, prices in rupees, ids as FIX has them.
import { ExchangeSegment, type OrderView, OrdStatus, OrdType, Product, Side, TimeInForce } from '../../engine/index.ts';
import type { SymbolIndex } from './symbol-index.ts';
import { segmentName } from './symbol-index.ts';

const TICKS_PER_RUPEE = 10_000;

/** Names an instrument. */
export interface InstrumentName {
  readonly exchange: string;
  readonly token: number;
  /** Trading symbol; '' when the file of the day does not have it. */
  readonly symbol: string;
}

/** One order. Prices in rupees; 0 = none. */
export interface OrderAnswer extends InstrumentName {
  readonly id: string;
  readonly account: string;
  readonly cl_ord_id: string;
  readonly exchange_order_id: string;
  readonly side: string;
  readonly order_type: string;
  readonly validity: string;
  readonly product: string;
  readonly state: string;
  readonly quantity: number;
  readonly price: number;
  readonly trigger_price: number;
  readonly target_price: number;
  readonly filled: number;
  readonly leaves: number;
  readonly average_price: number;
  readonly confirmed: boolean;
  readonly stuck: boolean;
  /** When it was accepted, microseconds since 1970; 0 when not known. */
  readonly time_micros: number;
}

/** Name of a number in one of the engine's tables; '' for one it does not have. */
export function nameIn(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? '';
}

/** Ticks as rupees. */
export const rupees = (ticks: number): number => ticks / TICKS_PER_RUPEE;

/** Rupees of at most four decimals as ticks. */
export const ticksOf = (price: number): number => Math.round(price * TICKS_PER_RUPEE);

/** Exchange, token and symbol of an instrument. */
export function instrumentName(symbols: SymbolIndex | undefined, segment: number, token: number): InstrumentName {
  const row = symbols?.table.find(segment, token) ?? -1;
  return { exchange: segmentName(segment), token, symbol: symbols === undefined || row < 0 ? '' : symbols.table.instrumentName(row) };
}

/** Token of a symbol in an exchange segment; 0 when there is none. */
export function tokenOf(symbols: SymbolIndex | undefined, segment: number, symbol: string): number {
  const name = Buffer.from(symbol, 'latin1');
  const row = symbols?.find(segment, name, 0, name.length) ?? -1;
  return symbols === undefined || row < 0 ? 0 : (symbols.table.token[row] ?? 0);
}

/** Product of an order that names none: CNC in the cash segment, NRML in derivatives. */
export function productOr(product: keyof typeof Product | undefined, segment: number): number {
  if (product !== undefined) return Product[product];
  return segment === ExchangeSegment.NSE || segment === ExchangeSegment.BSE ? Product.CNC : Product.NRML;
}

/** An order as the API shows it. */
export function orderAnswer(order: OrderView, symbols: SymbolIndex | undefined): OrderAnswer {
  return {
    id: `${order.slot}-${order.sequence}`,
    account: order.account,
    cl_ord_id: order.clOrdId,
    exchange_order_id: order.exchangeOrderId,
    ...instrumentName(symbols, order.segment, order.token),
    side: nameIn(Side, order.side),
    order_type: nameIn(OrdType, order.ordType),
    validity: nameIn(TimeInForce, order.timeInForce),
    product: nameIn(Product, order.product),
    state: nameIn(OrdStatus, order.ordStatus),
    quantity: order.quantity,
    price: rupees(order.price),
    trigger_price: rupees(order.stopPx),
    target_price: rupees(order.targetPx),
    filled: order.cumQuantity,
    leaves: order.leavesQuantity,
    average_price: rupees(order.avgPx),
    confirmed: order.confirmed,
    stuck: order.stuck,
    time_micros: order.time,
  };
}
