// Physical delivery of stock derivatives: the margin that grows on bought options in the money over the last days, and the margin of what is
// to be delivered after expiry. Rates in 1/10,000, amounts in micros. Which days trade the caller knows.
import { MICROS_PER_TICK } from '../units.ts';
import { type MarginRule, ruleOn } from './margin-rules.ts';

/** Rungs of the ladder, by trading days to expiry. */
const RUNGS = ['delivery.E', 'delivery.E-1', 'delivery.E-2', 'delivery.E-3', 'delivery.E-4'] as const;

/** The rung in force with `daysToExpiry` trading days left (0 = expiry day); undefined outside the last five. */
export function deliveryRule(daysToExpiry: number, date: number): MarginRule | undefined {
  const id = RUNGS[daysToExpiry];
  return id === undefined ? undefined : ruleOn(id, date);
}

/** A bought stock option near expiry. */
export interface DeliverySubject {
  readonly kind: 'CE' | 'PE';
  /** Ticks. */
  readonly strike: number;
  readonly underlyingPrice: number;
  /** Net bought units. */
  readonly units: number;
  /** Cash-segment VaR + ELM + adhoc of the stock, 1/10,000. */
  readonly rate: number;
}

/** Whether the option would be exercised at the underlying's price. */
export function isInTheMoney(subject: Pick<DeliverySubject, 'kind' | 'strike' | 'underlyingPrice'>): boolean {
  return subject.kind === 'CE' ? subject.strike < subject.underlyingPrice : subject.strike > subject.underlyingPrice;
}

/**
 * Micros: a part of (VaR + ELM + adhoc) on strike x units, for bought options in the money; 0 for others and outside the last days. Rounded per
 * unit, so that it is linear in the units: what is bought and sold again leaves nothing.
 */
export function deliveryMargin(subject: DeliverySubject, daysToExpiry: number, date: number): number {
  const rule = deliveryRule(daysToExpiry, date);
  if (rule === undefined || subject.units <= 0 || !isInTheMoney(subject)) return 0;
  return subject.units * Math.round((subject.strike * MICROS_PER_TICK * subject.rate * rule.value) / 1e8);
}

/** Shares to be delivered or taken after expiry, netted per client and stock. */
export interface DeliveryObligation {
  /** Net units: to receive positive, to deliver negative. */
  readonly units: number;
  /** Ticks: the price it settles at, and the stock's close. */
  readonly settlementPrice: number;
  readonly close: number;
  /** VaR + ELM, 1/10,000. */
  readonly rate: number;
}

/** Micros: the cash segment's VaR + ELM on the value at close, and what the price has moved against the holder since. */
export function afterExpiryMargin(obligation: DeliveryObligation, date: number): number {
  const rule = ruleOn('delivery.afterExpiry', date);
  if (rule === undefined) return 0;
  const { units, close, settlementPrice, rate } = obligation;
  const loss = Math.max(0, units * (settlementPrice - close)) * MICROS_PER_TICK;
  return Math.round((Math.abs(units) * close * MICROS_PER_TICK * rate * rule.value) / 1e8) + loss;
}
