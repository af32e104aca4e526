// Order types, validities and products of rule set 1: DAY and IOC; delivery or intraday in cash, carried or intraday in derivatives.
import { OrdType, Product, TimeInForce } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import type { DecisionContext } from './decision-context.ts';
import { isCashSegment } from './is-cash-segment.ts';

/** orderTypeNotAllowed: value is the Product, limit the OrdType. */
export function orderTypeNotAllowed(d: DecisionContext): number {
  d.measure(d.product, d.ordType, LimitLevel.instrument);
  return typeAllowed(d) && productAllowed(d) ? 0 : RejectCode.orderTypeNotAllowed;
}

function typeAllowed(d: DecisionContext): boolean {
  if (d.ordType < OrdType.MARKET || d.ordType > OrdType.STOP_LIMIT) return false;
  if (d.timeInForce === TimeInForce.DAY) return true;
  return d.timeInForce === TimeInForce.IOC && d.ordType <= OrdType.LIMIT;
}

function productAllowed(d: DecisionContext): boolean {
  const flags = d.contracts[d.contractAt + Contract.flags] as number;
  if (d.product === Product.MIS) return (flags & InstrumentFlag.TRADE_TO_TRADE) === 0;
  return d.product === (isCashSegment(d.segment) ? Product.CNC : Product.NRML);
}
