// Order types, validities and products of rule set 1: DAY and IOC; delivery or intraday in cash, carried or intraday in derivatives. Cover and
// bracket orders, where the house takes them: an entry has a limit price, its stop-loss a trigger or goes to the market, its target a limit price;
// all for the day. MTF where the house funds clients (OpenDay's policy), or to close what it funded before: shares for delivery, but not those that
// are settled trade for trade or in T+0.
import { OrdType, Product, TimeInForce } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { isFundingOffered } from '../state/funding.ts';
import { Leg } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { isCashSegment } from './is-cash-segment.ts';
import { reduces } from './reduces.ts';

/** Shares that are for delivery only: what settles trade for trade, and T+0. */
const DELIVERED = InstrumentFlag.TRADE_TO_TRADE | InstrumentFlag.SAME_DAY;

/** orderTypeNotAllowed: value is the Product, limit the OrdType. */
export function orderTypeNotAllowed(d: DecisionContext): number {
  d.measure(d.product, d.ordType, LimitLevel.instrument);
  return typeAllowed(d) && productAllowed(d) ? 0 : RejectCode.orderTypeNotAllowed;
}

function typeAllowed(d: DecisionContext): boolean {
  if (d.ordType < OrdType.MARKET || d.ordType > OrdType.STOP_LIMIT) return false;
  if (d.leg !== Leg.NONE)
    return d.timeInForce === TimeInForce.DAY && (d.leg === Leg.STOP ? d.ordType !== OrdType.LIMIT : d.ordType === OrdType.LIMIT);
  if (d.timeInForce === TimeInForce.DAY) return true;
  return d.timeInForce === TimeInForce.IOC && d.ordType <= OrdType.LIMIT;
}

function productAllowed(d: DecisionContext): boolean {
  const flags = d.contracts[d.contractAt + Contract.flags] as number;
  if (d.product >= Product.CO) return (flags & DELIVERED) === 0 && isTaken(d) && opens(d);
  if (d.product === Product.MIS) return (flags & DELIVERED) === 0;
  if (d.product === Product.MTF) return (flags & DELIVERED) === 0 && isCashSegment(d.segment) && (isFundingOffered(d.state) || reduces(d));
  return d.product === (isCashSegment(d.segment) ? Product.CNC : Product.NRML);
}

/** Does the house take cover orders, or bracket orders? */
function isTaken({ state: { meta }, product }: DecisionContext): boolean {
  if (product === Product.CO) return meta.u16(META_ROW, Meta.coverMost) > 0;
  return product === Product.BO && meta.u16(META_ROW, Meta.targetMost) > 0;
}

/** An order of the product is an entry or its leg, or closes what is there. */
function opens(d: DecisionContext): boolean {
  return d.leg !== Leg.NONE || reduces(d);
}
