// Rules about money that moves with an order or a day's trades rather than with a position: premium of buyers, the consolidated crystallised
// obligation, and orders of the pre-open session. Amounts in micros.
import { MICROS_PER_TICK } from '../units.ts';
import { ruleOn } from './margin-rules.ts';

/** Premium a buyer of options must have up front: price (ticks) x units. Before the rule brokers asked it all the same; then 0 here. */
export function premiumUpfront(price: number, units: number, date: number): number {
  return ruleOn('premium.upfront', date) === undefined ? 0 : Math.max(0, price * units * MICROS_PER_TICK);
}

/** A client's day across derivatives, micros. */
export interface CrystallisedDay {
  readonly premiumPaid: number;
  readonly premiumReceived: number;
  /** Profit positive; of trades closed out today. */
  readonly realised: number;
}

/** The consolidated crystallised obligation: what the client owes for closed trades and premium, net; never a credit. */
export function crystallisedObligation(day: CrystallisedDay, date: number): number {
  if (ruleOn('crystallised', date) === undefined) return 0;
  return Math.max(0, day.premiumPaid - day.premiumReceived - day.realised);
}

/** A working order of the pre-open session, with what one unit asks on its own (SPAN floored at 0, exposure). */
export interface PreOpenOrder {
  readonly instrument: number;
  readonly isBuy: boolean;
  readonly units: number;
  readonly span: number;
  readonly exposure: number;
}

/**
 * Margin of pre-open orders: each carries SPAN and exposure by itself, nothing nets with the book or between contracts; orders against each
 * other in one contract count as the larger side. Undefined where the rule is not in force: there is no such session.
 */
export function preOpenMargin(orders: readonly PreOpenOrder[], date: number): number | undefined {
  if (ruleOn('preOpen.gross', date) === undefined) return undefined;
  const sides = new Map<number, { buy: number; sell: number }>();
  for (const { instrument, isBuy, units, span, exposure } of orders) {
    const own = sides.get(instrument) ?? { buy: 0, sell: 0 };
    sides.set(instrument, own);
    const margin = units * (Math.max(0, span) + exposure);
    if (isBuy) own.buy += margin;
    else own.sell += margin;
  }
  return [...sides.values()].reduce((sum, { buy, sell }) => sum + Math.max(buy, sell), 0);
}
