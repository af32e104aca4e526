// The stop-loss of a cover or bracket order: compulsory, on the losing side of the entry's price, and within the permitted range of it. The range is
// the day's policy, and ends where the exchange's own margin of a unit no longer pays for the way to the stop. So the margin of a cover order, which
// is the larger of that way and the exchange's least, is the exchange's least: since peak margins count in full (SEBI/HO/MRD2/DCAP/CIR/P/2020/127) a
// stop-loss earns no leverage, it only must not lose more than is held. Entries have a limit price, because a market order has nothing to measure the
// way from.
import { Side } from '../instrument.ts';
import { aloneMarginPerUnit } from '../margin/alone-margin.ts';
import { cashMarginPerUnit } from '../margin/cash-book.ts';
import { Contract } from '../margin/contract-row.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Leg } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order } from '../state/order-table.ts';
import { MICROS_PER_TICK } from '../units.ts';
import type { DecisionContext } from './decision-context.ts';
import { isCashSegment } from './is-cash-segment.ts';
import { onTick } from './on-tick.ts';

const WHOLE = 10_000;

/** stopLossRange: value is the way from the entry's price to the stop, limit the nearest or farthest it may be, ticks. */
export function stopLossRange(d: DecisionContext): number {
  d.measure(0, 0, LimitLevel.firm);
  if (d.leg === Leg.ENTRY || d.leg === Leg.RELEASED) return rangeOfEntry(d);
  return d.leg === Leg.STOP ? rangeOfLeg(d) : 0;
}

function rangeOfEntry(d: DecisionContext): number {
  const { meta } = d.state;
  const way = d.side === Side.BUY ? d.price - d.stopPx : d.stopPx - d.price;
  const nearest = Math.ceil((d.price * meta.u16(META_ROW, Meta.coverLeast)) / WHOLE);
  d.measure(way, nearest, LimitLevel.firm);
  const bandHigh = d.contracts[d.contractAt + Contract.bandHigh] as number;
  const bandLow = d.contracts[d.contractAt + Contract.bandLow] as number;
  if (!onTick(d.stopPx, d.contracts[d.contractAt + Contract.tickSize] as number)) return RejectCode.stopLossRange;
  // Without a band the leg, which goes to the market, could not be valued.
  if (way <= 0 || way < nearest || d.stopPx < bandLow || d.stopPx > bandHigh) return RejectCode.stopLossRange;
  const most = farthest(d, d.price);
  d.measure(way, most, LimitLevel.firm);
  if (way > most) return RejectCode.stopLossRange;
  const paid = Math.floor(leastMarginPerUnit(d) / MICROS_PER_TICK);
  if (paid < most) d.measure(way, paid, LimitLevel.exchange);
  return way > paid ? RejectCode.stopLossRange : 0;
}

/** A leg's trigger may follow the price as far as one likes into the gain, but not fall back beyond the range. One without a trigger goes to the market. */
function rangeOfLeg(d: DecisionContext): number {
  if (d.stopPx === 0) return 0;
  const price = d.state.orders.f64(d.entry, Order.price);
  const way = d.side === Side.SELL ? price - d.stopPx : d.stopPx - price;
  const most = farthest(d, price);
  d.measure(way, most, LimitLevel.firm);
  return way > most ? RejectCode.stopLossRange : 0;
}

function farthest(d: DecisionContext, price: number): number {
  return Math.floor((price * d.state.meta.u16(META_ROW, Meta.coverMost)) / WHOLE);
}

/** Micros the exchange asks at least for one unit by itself. */
function leastMarginPerUnit(d: DecisionContext): number {
  const { rules, cashRateFloor } = d.state;
  if (rules === undefined) return 0;
  if (!isCashSegment(d.segment)) return aloneMarginPerUnit(rules, d.instrument, d.side);
  const rate = Math.max(d.contracts[d.contractAt + Contract.cashRate] as number, cashRateFloor);
  return cashMarginPerUnit(d.price, rate);
}
