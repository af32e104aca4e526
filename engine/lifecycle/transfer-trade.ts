// TransferTrade: a trade booked to the wrong client is taken out of its account and booked to another of the same slot or of the firm's ERROR
// account, as the exchange's client-code modification has it. Two halves, because accounts may live in two slots: OUT busts the trade where it
// stands, IN books it where it belongs under the same key. The order that brought the trade keeps its fill: at the exchange it was filled. Each half
// happens once; a half that does not fit is refused, not guessed. A trade that has left an account may come back to it, in the same instrument or in
// another: so is a trade put right that was booked to the wrong instrument.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { Product, Side } from '../instrument.ts';
import { ORDER_VALUE_MAX, PRICE_MAX, QUANTITY_MAX } from '../limits.ts';
import { Position } from '../state/position-table.ts';
import { Trade, TradeKey } from '../state/trade-table.ts';
import { BodyReader } from './body-reader.ts';
import { bookTrade } from './booking.ts';
import type { Emission } from './emission.ts';
import { openPosition } from './open-position.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
const SIDES = { BUY: Side.BUY, SELL: Side.SELL };
const WAYS = { OUT: 0, IN: 1 };
const PRODUCTS = { CNC: Product.CNC, MIS: Product.MIS, NRML: Product.NRML };
const TRADE_ID_BYTES = 24;

/**
 * Folds a TransferTrade; '' or the reason it was refused. The event carries signed units (value), the price (lastPx) and the other account's half by
 * its trade number.
 */
export function transferTrade(out: Emission, body: unknown): string {
  const { state } = out;
  const { trades } = state;
  const read = new BodyReader('TransferTrade', body);
  const way = read.choice('way', WAYS);
  const client = readClient(out, read);
  const key = keyOf(read, client);
  const token = read.integer('token', 1, TOKEN_MAX);
  const quantity = read.integer('quantity', 1, QUANTITY_MAX);
  const price = read.integer('price', 0, PRICE_MAX);
  const product = read.choice('product', PRODUCTS);
  read.text('reason', 256);
  if (read.error === '' && quantity * price > ORDER_VALUE_MAX) read.fail('quantity', 'times price is above the largest value kept');
  if (read.error !== '') return refuse(out, read.error);
  const found = trades.find(key);
  if (way === WAYS.IN && found !== 0 && trades.u8(found, Trade.busted) === 0)
    return refuse(out, 'TransferTrade.tradeId is a trade of this account already');
  if (way === WAYS.OUT && !stands(out, found, { token, quantity, price }))
    return refuse(out, 'TransferTrade.tradeId is no such trade of this account');
  out.note(client);
  const trade = way === WAYS.OUT ? found : add(out, key, found, { token, quantity, price, product });
  const position = trades.u32(trade, Trade.position);
  const signed = (key.side === Side.BUY ? quantity : -quantity) * (way === WAYS.OUT ? -1 : 1);
  bookTrade(state, position, signed, price, way === WAYS.OUT ? -1 : 1);
  if (way === WAYS.OUT) trades.setU8(trade, Trade.busted, 1);
  const event = out.margin(out.account(out.answer(EventKind.TradeTransferred), client), client);
  event.u32(EventField.token, token).u8(EventField.segment, key.segment).u8(EventField.side, key.side);
  event.f64(EventField.value, signed).f64(EventField.lastPx, price);
  return '';
}

/** The trade's key as the body has it. */
function keyOf(read: BodyReader, client: number): TradeKey {
  const key = new TradeKey();
  key.client = client;
  key.segment = read.integer('segment', 1, SEGMENT_MAX);
  key.tradeDate = read.integer('tradeDate', 19_000_101, 99_991_231);
  key.side = read.choice('side', SIDES);
  const id = read.name('tradeId', TRADE_ID_BYTES);
  for (let i = 0; i < id.length; i++) key.bytes[i] = id.charCodeAt(i);
  return key;
}

/** What is transferred. */
interface Deal {
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
}

function stands({ state }: Emission, trade: number, { token, quantity, price }: Deal): boolean {
  const { trades, positions } = state;
  if (trade === 0 || trades.u8(trade, Trade.busted) === 1) return false;
  if (trades.f64(trade, Trade.quantity) !== quantity || trades.f64(trade, Trade.price) !== price) return false;
  return positions.u32(trades.u32(trade, Trade.position), Position.token) === token;
}

/** Books it under `key`, in the row of the trade that left (`before`, 0 = none); the order that brought that one is no longer its order. */
function add({ state }: Emission, key: TradeKey, before: number, { token, quantity, price, product }: Deal & { readonly product: number }): number {
  const { trades } = state;
  const trade = before === 0 ? trades.add(key) : before;
  const kept = isCashSegment(key.segment) ? (product === Product.CNC ? Product.CNC : Product.MIS) : 0;
  trades.setU32(trade, Trade.position, openPosition(state, key.client, key.segment, token, kept));
  trades.setF64(trade, Trade.quantity, quantity);
  trades.setF64(trade, Trade.price, price);
  trades.setU32(trade, Trade.order, 0);
  trades.setU8(trade, Trade.busted, 0);
  return trade;
}
