// Trades, corrections and busts: facts, each booked once by its key, whatever the state of the order, with a break for what does not fit.
import { ExecType } from '../../engine/index.ts';
import { type Account, type Order, rowOf, type Slot, type Trade } from './book.ts';
import type { Fields } from './commands.ts';
import { larger } from './exact.ts';
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
  return quantity * price > 1e14;
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
  const quantity = BigInt(num(fields, 'lastQuantity'));
  const price = BigInt(num(fields, 'lastPx'));
  const seen = account.trades.get(key);
  if (seen !== undefined) {
    const differs = seen.quantity !== quantity || seen.price !== price;
    return differs ? [opened(TRADE_MISMATCH, account.account)] : [];
  }
  const breaks: Happening[] = [];
  const named = order;
  const fits = order !== undefined && fitsOrder(order, fields);
  const trade = openTrade(slot, account, fits ? order : undefined, fields);
  account.trades.set(key, trade);
  if (rowOf(slot, trade.position.segment, trade.position.token) < 0) breaks.push(opened(UNKNOWN_INSTRUMENT, account.account));
  trade.quantity = quantity;
  trade.price = price;
  bookTrade(slot, account, trade, 1n);
  if (named === undefined) breaks.push(opened(UNKNOWN_ORDER, account.account));
  else if (!fits) breaks.push(opened(ORDER_MISMATCH, account.account));
  else breaks.push(...fillOrder(named, quantity, price));
  return [told(account, fits ? named : undefined, fields), ...breaks];
}

function fitsOrder(order: Order, fields: Fields): boolean {
  const token = num(fields, 'token');
  const side = num(fields, 'side');
  const segment = num(fields, 'segment');
  return (token === 0 || (token === order.token && segment === order.segment)) && (side === 0 || side === order.side);
}

function openTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Trade {
  const where = { segment: num(fields, 'segment'), token: num(fields, 'token'), product: order?.product ?? num(fields, 'product') };
  return { position: positionIn(slot, account, where), order, side: num(fields, 'side'), quantity: 0n, price: 0n, busted: false };
}

/** Books a trade (1) or takes it back (-1). */
function bookTrade(slot: Slot, account: Account, trade: Trade, direction: bigint): void {
  const units = (trade.side === 1 ? trade.quantity : -trade.quantity) * direction;
  book(slot, account, trade.position, units, trade.price);
  account.turnover += direction * valuePaise(trade.price, trade.quantity);
}

function fillOrder(order: Order, quantity: bigint, price: bigint): Happening[] {
  const breaks: Happening[] = [];
  order.filled += quantity;
  order.filledValue += quantity * price;
  const most = larger(order.terms.quantity, order.pendingReplace?.terms.quantity ?? 0n);
  if (order.ending !== undefined) breaks.push(opened(FILL_AFTER_CLOSE, order.account));
  if (order.filled > most) breaks.push(opened(OVERFILL, order.account));
  if (order.ending === undefined) {
    confirm(order);
    closeIfFilled(order);
  }
  return breaks;
}

function amendTrade(slot: Slot, account: Account, order: Order | undefined, fields: Fields): Happening[] {
  const reference = text(fields, 'execRefId');
  const key = keyOf(fields, reference === '' ? text(fields, 'tradeId') : reference);
  const correct = num(fields, 'execType') === ExecType.TRADE_CORRECT;
  const quantity = correct ? BigInt(num(fields, 'lastQuantity')) : 0n;
  const price = correct ? BigInt(num(fields, 'lastPx')) : 0n;
  const seen = account.trades.get(key);
  const breaks: Happening[] = [];
  const trade = seen ?? openTrade(slot, account, undefined, fields);
  if (seen === undefined) {
    account.trades.set(key, trade);
    breaks.push(opened(UNKNOWN_TRADE, account.account));
  }
  const old = { quantity: trade.busted ? 0n : trade.quantity, price: trade.price };
  if (seen !== undefined && !trade.busted) bookTrade(slot, account, trade, -1n);
  trade.quantity = quantity;
  trade.price = price;
  trade.busted = !correct;
  if (correct) bookTrade(slot, account, trade, 1n);
  if (trade.order !== undefined) {
    trade.order.filled += quantity - old.quantity;
    trade.order.filledValue += quantity * price - old.quantity * old.price;
    if (trade.order.ending === undefined) {
      confirm(trade.order);
      closeIfFilled(trade.order);
    }
  }
  return [told(account, trade.order ?? order, fields), ...breaks];
}
