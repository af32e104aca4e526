// A verdict as a sentence for the screen: who wanted what, and what came of it. Reads the tags of the report, adds nothing to them.

import type { OmsOrder } from './oms-order.ts';
import type { VerdictLine } from './oms-view.ts';
import { counted, priceText, rupees } from './rupees.ts';

/** Reads one tag of a report; '' when absent. */
export type TagReader = (tag: number) => string;

/** Rupees with decimals, as FIX carries them, to paise; 0 when absent. */
export const paiseOf = (text: string): number => Math.round(Number(text || '0') * 100);

/** What the OMS asked for, in words: "BUY 650 NIFTY26NOV24000CE @ 123.45"; with the house's funding "BUY 10 INFY (MTF) @ 1500.00". */
export function orderWords(order: Pick<OmsOrder, 'side' | 'quantity' | 'symbol' | 'market' | 'price' | 'product'>): string {
  const price = order.market ? 'at market' : `@ ${priceText(order.price)}`;
  return `${order.side === 1 ? 'BUY' : 'SELL'} ${counted(order.quantity)} ${order.symbol}${order.product === 'MTF' ? ' (MTF)' : ''} ${price}`;
}

/** The line for an order's verdict (8 with 150=0 or 150=8). */
export function verdictLine(order: OmsOrder, tag: TagReader): VerdictLine {
  const what = `${order.account} ${orderWords(order)}`;
  if (tag(150) !== '8') return { accepted: true, text: `accepted  ${what}: client's margin ${rupees(paiseOf(tag(10102)))}` };
  const shortfall = paiseOf(tag(10104));
  const why = shortfall > 0 ? `needs ${rupees(shortfall)} more` : tag(58) || `code ${tag(10100)}`;
  return { accepted: false, text: `REJECTED  ${what}: ${why}` };
}

/** The line for the verdict on a cancel or replace. */
export function changeLine(order: OmsOrder, asked: string, tag: TagReader): VerdictLine {
  const what = `${order.account} ${asked} ${orderWords(order)}`;
  if (tag(35) !== '9') return { accepted: true, text: `accepted  ${what}` };
  const shortfall = paiseOf(tag(10104));
  return { accepted: false, text: `REJECTED  ${what}: ${shortfall > 0 ? `needs ${rupees(shortfall)} more` : tag(58)}` };
}
