// Trades of the day as plain objects, for whoever reconciles and charges them. Reads state, changes nothing; hands out one at a time, because a slot can have
// many thousands.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES, EXCHANGE_ID_BYTES } from '../command/layout.ts';
import { Client } from '../state/client-table.ts';
import { Order } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { Trade } from '../state/trade-table.ts';

/** One trade as the engine booked it. Quantity in units, price in ticks. */
export interface TradeView {
  readonly segment: number;
  /** yyyymmdd. */
  readonly tradeDate: number;
  readonly tradeId: string;
  /** FIX side: 1 buy, 2 sell. */
  readonly side: number;
  readonly account: string;
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
  /** Product of its order; of its position where no order is known. 0 = neither says. */
  readonly product: number;
  readonly isBusted: boolean;
}

/** Visits every trade of the slot in the order they were booked. */
export function eachTrade(state: SlotState, visit: (trade: TradeView) => void): void {
  const { trades, positions, orders, clients } = state;
  assert(trades.rows >= 1, 'a trades table has its row 0');
  for (let row = 1; row < trades.rows; row++) {
    if (!trades.isLive(row)) continue;
    const position = trades.u32(row, Trade.position);
    const order = trades.u32(row, Trade.order);
    visit({
      segment: trades.u8(row, Trade.segment),
      tradeDate: trades.u32(row, Trade.tradeDate),
      tradeId: trades.text(row, Trade.tradeId, EXCHANGE_ID_BYTES),
      side: trades.u8(row, Trade.side),
      account: clients.text(trades.u32(row, Trade.client), Client.account, ACCOUNT_BYTES),
      token: positions.u32(position, Position.token),
      quantity: trades.f64(row, Trade.quantity),
      price: trades.f64(row, Trade.price),
      product: order === 0 ? positions.u8(position, Position.product) : orders.u8(order, Order.product),
      isBusted: trades.u8(row, Trade.busted) !== 0,
    });
  }
}
