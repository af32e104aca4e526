// Margins of commodity contracts beside SPAN and ELM: additional and special, tender and pre-expiry, agri lean period, the least initial margin, and
// that of goods to be delivered. What the clearing corporation's daily margin file prints goes before the dated rule; it is asked per unit of the
// contract's net position, both its sides as they say, and is part of the table's exposure column, so that live orders carry it. Rates in 1/10,000,
// amounts in micros.
import { MICROS_PER_TICK } from '../units.ts';
import { type MarginRule, ruleOn, ruleValue } from './margin-rules.ts';

/** What the day's file says of one contract; see workers/reference/commodity-margin-file.ts. All absent: no file names it. */
export interface CommodityRates {
  readonly initial?: number | undefined;
  readonly tender?: number | undefined;
  readonly additionalLong?: number;
  readonly additionalShort?: number;
  readonly specialLong?: number;
  readonly specialShort?: number;
  readonly preExpiry?: number;
  readonly isLean?: boolean;
}

/** A contract on a day. */
export interface CommoditySubject {
  readonly symbol: string;
  readonly isFuture: boolean;
  /** Ticks a unit: the future's price; of an option that of its underlying. */
  readonly price: number;
  /** Worst scenario loss of one unit held long, and of one short; micros, 0 and more. */
  readonly scanLong: number;
  readonly scanShort: number;
  /** Trading days to the expiry, 0 = today. */
  readonly daysToExpiry: number;
}

/** What one rule asks of one unit net long and of one net short, micros. */
export interface CommodityAddOn {
  readonly rule: string;
  readonly long: number;
  readonly short: number;
}

/** Commodities that settle in cash: they have no tender period (contract specifications, reported). */
const CASH_SETTLED = /^(CRUDEOIL|NATURALGAS|NATGAS|MCX.*DEX)/;

/** The row whose tender period a future is in, by its days to expiry; undefined outside it and for what settles in cash. */
export function tenderRule(symbol: string, daysToExpiry: number, date: number): MarginRule | undefined {
  if (CASH_SETTLED.test(symbol)) return undefined;
  const rule = ruleOn(`commodity.tender.${symbol}`, date) ?? ruleOn('commodity.tender', date);
  return rule !== undefined && daysToExpiry >= 0 && daysToExpiry < (rule.days ?? 0) ? rule : undefined;
}

/** Whether spreads with a future have lost their benefit: it is in its tender period, by file or rule, or expires today. */
export function hasLostSpreads(subject: Pick<CommoditySubject, 'symbol' | 'daysToExpiry'>, rates: CommodityRates, date: number): boolean {
  if (ruleOn('calendar.commodity.tender', date) === undefined) return false;
  return subject.daysToExpiry === 0 || (rates.tender ?? tenderRule(subject.symbol, subject.daysToExpiry, date)?.value ?? 0) > 0;
}

/** Everything that is asked of a contract beside SPAN and ELM; nothing that amounts to 0. Bought options are free of all of it: their premium is paid. */
export function commodityAddOns(subject: CommoditySubject, rates: CommodityRates, date: number): CommodityAddOn[] {
  const { price, isFuture } = subject;
  const micros = (rate: number): number => Math.round((price * MICROS_PER_TICK * rate) / 10_000);
  const both = (rule: string, long: number, short: number): CommodityAddOn => ({ rule, long: isFuture ? micros(long) : 0, short: micros(short) });
  const tender = isFuture ? tenderRule(subject.symbol, subject.daysToExpiry, date) : undefined;
  const tenderRate = isFuture ? (rates.tender ?? tender?.value ?? 0) : 0;
  const lean = rates.isLean === true ? ruleValue('commodity.leanPeriod', date) : 0;
  const found = [
    both('commodity.additional', rates.additionalLong ?? 0, rates.additionalShort ?? 0),
    both('commodity.special', rates.specialLong ?? 0, rates.specialShort ?? 0),
    both(tender?.id ?? 'commodity.tender', tenderRate, tenderRate),
    both('commodity.preExpiry', rates.preExpiry ?? 0, rates.preExpiry ?? 0),
    both('commodity.leanPeriod', lean, lean),
    ...(isFuture && rates.initial !== undefined ? [least(subject, micros(rates.initial))] : []),
  ];
  return found.filter(({ long, short }) => long > 0 || short > 0);
}

/**
 * What an outright future's scan risk misses of the least initial margin. Asked per contract, so that a spread, whose scan risk is less than the sum
 * of its legs', asks it of both: never below the minimum.
 */
function least({ scanLong, scanShort }: CommoditySubject, initial: number): CommodityAddOn {
  return { rule: 'commodity.minimum', long: Math.max(0, initial - Math.round(scanLong)), short: Math.max(0, initial - Math.round(scanShort)) };
}

/** Goods to be delivered or taken after expiry. */
export interface GoodsObligation {
  /** Net units: to receive positive, to deliver negative. */
  readonly units: number;
  /** Ticks: due date rate it settles at. */
  readonly settlementPrice: number;
  /** 99 % value at risk of the spot price over five days, 1/10,000; 0 where it is not known. */
  readonly spotRisk: number;
}

/** Micros: the larger of 3 % and the five days' value at risk, and 25 %, of the value to be delivered. */
export function goodsDeliveryMargin({ units, settlementPrice, spotRisk }: GoodsObligation, date: number): number {
  const least = ruleOn('commodity.delivery', date);
  if (least === undefined) return 0;
  const rate = Math.max(least.value, ruleValue('commodity.delivery.overRisk', date) + spotRisk);
  return Math.round((Math.abs(units) * settlementPrice * MICROS_PER_TICK * rate) / 10_000);
}
