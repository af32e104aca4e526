// Trades, corrections and busts: facts, each booked once by its key, whatever the state of the order, with a break for what does not fit.
import { ExecType, Product } from '../../engine/index.ts';
import { type Account, type Order, rowOf, type Slot, type Trade } from './book.ts';
import type { Fields } from './commands.ts';
import { larger } from './exact.ts';
import { notePurchase } from './funding.ts';
import { valuePaise } from './funds.ts';
import { type Happening, opened, orderFacts } from './happening.ts';
import { closeIfFilled, confirm, num, text } from './orders.ts';
import { book, positionIn } from './positions.ts';

const UNKNOWN_ORDER = 1;
const OVERFILL = 3;
const FILL_AFTER_CLOSE = 4;
const UNKNOWN_INSTRUMENT = 6;
const UNKNOWN_TRADE = 7;
const TRADE_MISMATCH = 8;
const ORDER_MISMATCH = 9;
const MALFORMED = 11;

/** Trade, correct or bust of an account that exists by now. */
export function recordTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Happening[] {
  const execType = num(fields, 'execType');
  if (malformed(fields, execType)) return [opened(MALFORMED, account.account)];
  if (execType === ExecType.TRADE) return newTrade(slot, account, order, fields);
  return amendTrade(slot, account, order, fields);
}

function malformed(fields: Fields, execType: number): boolean {
  if (execType === ExecType.TRADE_CANCEL) return false;
  const quantity = num(fields, 'lastQuantity');
  const price = num(fields, 'lastPx');
  if (!Number.isInteger(quantity) || quantity < 1 || !Number.isInteger(price) || price < 0) return true;
  return quantity > 100_000_000 || price > 10_000_000_000 || quantity * price > 1e14;
}

function keyOf(fields: Fields, tradeId: string): string {
  return `${num(fields, 'segment')}/${num(fields, 'tradeDate')}/${tradeId}/${num(fields, 'side')}`;
}

/** Facts of the trade as told, whatever else happened. */
function told(account: Account, order: Order | undefined, fields: Fields): Happening {
  const execType = num(fields, 'execType');
  return { kind: 'ExecutionRecorded', facts: { account: account.account, execType, ...(order === undefined ? {} : orderFacts(order)) } };
}

function newTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Happening[] {
  const key = keyOf(fields, text(fields, 'tradeId'));
  const deal = dealOf(fields);
  const seen = account.trades.get(key);
  if (seen !== undefined) {
    // A late original of a busted trade is the bust's own trade.
    const differs = !seen.busted && (seen.quantity !== deal.quantity || seen.price !== deal.price);
    return differs ? [opened(TRADE_MISMATCH, account.account)] : [];
  }
  return [...bookUnseen(slot, account, { order, key, deal }, fields), told(account, account.trades.get(key)?.order, fields)];
}

/** Quantity and price of one trade. */
interface Deal {
  readonly quantity: bigint;
  readonly price: bigint;
}

const dealOf = (fields: Fields): Deal => ({ quantity: BigInt(num(fields, 'lastQuantity')), price: BigInt(num(fields, 'lastPx')) });

/** Remembers and books a trade nobody reported before; the breaks it opens. */
function bookUnseen(slot: Slot, account: Account, of: { order: Order | undefined; key: string; deal: Deal }, fields: Fields): Happening[] {
  const { breaks, trade } = remember(slot, account, of.order, of.key, fields);
  change(account, trade, of.deal);
  if (trade.order !== undefined) breaks.push(...fillOrder(trade.order, of.deal.quantity, of.deal.quantity * of.deal.price, true));
  return breaks;
}

/** A new trade of nothing yet, under its key. */
function remember(slot: Slot, account: Account, order: Order | undefined, key: string, fields: Fields): { breaks: Happening[]; trade: Trade } {
  const breaks: Happening[] = [];
  const fits = order !== undefined && fitsOrder(order, fields);
  if (order === undefined) breaks.push(opened(UNKNOWN_ORDER, account.account));
  else if (!fits) breaks.push(opened(ORDER_MISMATCH, account.account));
  const trade = openTrade(slot, account, fits ? order : undefined, fields);
  account.trades.set(key, trade);
  if (rowOf(slot, trade.position.segment, trade.position.token) < 0) breaks.push(opened(UNKNOWN_INSTRUMENT, account.account));
  return { breaks, trade };
}

/** What a trade is from now on; 0 units is a bust. What it was is taken back first. */
function change(account: Account, trade: Trade, deal: Deal): void {
  if (trade.quantity > 0n) bookTrade(account, trade, -1n);
  trade.quantity = deal.quantity;
  trade.price = deal.price;
  if (trade.quantity > 0n) bookTrade(account, trade, 1n);
}

function fitsOrder(order: Order, fields: Fields): boolean {
  const token = num(fields, 'token');
  const side = num(fields, 'side');
  const segment = num(fields, 'segment');
  return (token === 0 || (token === order.token && segment === order.segment)) && (side === 0 || side === order.side);
}

/** CNC when the report says so, MTF where the house funds, else intraday, which is margined on both sides. */
function reportedProduct({ policy }: Slot, fields: Fields): number {
  const product = num(fields, 'product');
  if (product === Product.MTF && (policy.fundingLimit ?? 0n) > 0n) return Product.MTF;
  return product === Product.CNC ? Product.CNC : Product.MIS;
}

function openTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Trade {
  const where = { segment: num(fields, 'segment'), token: num(fields, 'token'), product: order?.product ?? reportedProduct(slot, fields) };
  return { position: positionIn(slot, account, where), order, side: num(fields, 'side'), quantity: 0n, price: 0n, busted: false };
}

/** Books a trade (1) or takes it back (-1). */
function bookTrade(account: Account, trade: Trade, direction: bigint): void {
  const units = (trade.side === 1 ? trade.quantity : -trade.quantity) * direction;
  book(account, trade.position, units, trade.price);
  if (trade.side === 1) notePurchase(account, trade.position, units, trade.price);
  account.turnover += direction * valuePaise(trade.price, trade.quantity);
}

/** Moves what is filled of an order; value is ticks x units. A correction is not a fresh fill. */
function fillOrder(order: Order, quantity: bigint, value: bigint, fresh: boolean): Happening[] {
  const breaks: Happening[] = [];
  order.filled += quantity;
  order.filledValue += value;
  if (order.entry !== undefined) order.entry.exited += quantity;
  const most = larger(order.terms.quantity, order.pendingReplace?.terms.quantity ?? 0n);
  if (fresh && order.ending !== undefined) breaks.push(opened(FILL_AFTER_CLOSE, order.account));
  const exitedTooMuch = order.entry !== undefined && order.entry.exited > order.entry.filled;
  if (quantity > 0n && (order.filled > most || exitedTooMuch)) breaks.push(opened(OVERFILL, order.account));
  if (order.ending !== undefined) return breaks;
  confirm(order);
  closeIfFilled(order);
  return breaks;
}

function amendTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Happening[] {
  const reference = text(fields, 'execRefId');
  const key = keyOf(fields, reference === '' ? text(fields, 'tradeId') : reference);
  const correct = num(fields, 'execType') === ExecType.TRADE_CORRECT;
  const trade = account.trades.get(key);
  if (trade === undefined) return amendUnseen(slot, account, { order, key, correct }, fields);
  const old = { quantity: trade.quantity, price: trade.price };
  const deal = correct ? dealOf(fields) : { quantity: 0n, price: old.price };
  // The same correction or bust again says nothing new.
  if (deal.quantity === old.quantity && deal.price === old.price) return [];
  change(account, trade, deal);
  trade.busted = !correct;
  const value = deal.quantity * deal.price - old.quantity * old.price;
  const breaks = trade.order === undefined ? [] : fillOrder(trade.order, deal.quantity - old.quantity, value, false);
  return [...breaks, told(account, trade.order, fields)];
}

function amendUnseen(slot: Slot, account: Account, of: { order: Order | undefined; key: string; correct: boolean }, fields: Fields): Happening[] {
  const unknown = opened(UNKNOWN_TRADE, account.account);
  if (of.correct) {
    const breaks = bookUnseen(slot, account, { ...of, deal: dealOf(fields) }, fields);
    return [unknown, ...breaks, told(account, account.trades.get(of.key)?.order, fields)];
  }
  // Nothing is booked, so nothing but the missing trade is amiss.
  remember(slot, account, of.order, of.key, fields).trade.busted = true;
  return [unknown];
}
