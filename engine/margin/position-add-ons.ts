// What the dated rules (engine/rules) add to or take off the SPAN and exposure of one underlying's position on a day: the table's, or one ahead. From
// scratch, for positions; each amount names its rule. Working orders are not known here.
import { InstrumentKind } from '../instrument.ts';
import { calendarExposureRelief, isExpiryBenefitWithdrawn } from '../rules/calendar-benefit.ts';
import { tenderRule } from '../rules/commodity-margins.ts';
import { deliveryMargin, deliveryRule } from '../rules/delivery.ts';
import { ruleValue } from '../rules/margin-rules.ts';
import { type UnderlyingKind, underlyingKind } from '../rules/underlying-kind.ts';
import { MICROS_PER_TICK } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { isApartOn } from './dated-rules.ts';
import { scanUnderlying, type UnderlyingSpan, withCharges } from './underlying-span.ts';

/** One rule's amount on one underlying. */
export interface AddOn {
  readonly underlying: number;
  readonly rule: string;
  /** Micros; negative for a relief. */
  readonly amount: number;
  /** True when the exposure column holds it already: stated, not added. */
  readonly inExposure: boolean;
  /** What it was worked out on, for people. */
  readonly basis: string;
}

/** Trading days to an expiry, 0 on the day itself. */
export type TradingDaysTo = (expiry: number) => number;

/** The day whose rules are asked for: its date (yyyymmdd), and how far expiries are from it. */
export interface RuleDay {
  readonly date: number;
  readonly tradingDaysTo: TradingDaysTo;
}

/** Smallest cash rate where no VaR file gives a stock's own, 1/10,000. */
export const RATE_WITHOUT_FILE = 2_000;

/** The add-ons of one underlying, in the order of the rules; amounts of 0 are left out. */
export function addOnsOf(rules: CompiledRules, span: UnderlyingSpan, day: RuleDay): AddOn[] {
  const { table } = rules;
  const first = span.positions[0]?.instrument;
  const commodity = table.details.commodities[span.underlying];
  if (first === undefined || commodity === undefined) return [];
  const kind = underlyingKind(commodity.symbol, table.segment[first] as number);
  const found = [
    expiryDay(rules, span, kind, day.date),
    calendarRelief(rules, span, kind, day.date),
    withdrawnBenefit(rules, span, kind, day.date),
    ...(kind === 'commodity' ? span.positions.flatMap((position) => commodityParts(rules, span.underlying, position, day)) : []),
    ...(kind === 'stock' ? span.positions.map((position) => delivery(rules, span.underlying, position, day)) : []),
  ];
  return found.filter((addOn) => addOn !== undefined && addOn.amount !== 0) as AddOn[];
}

/** Sold index options that expire that day: on the table's own date part of the exposure column and stated apart, on a later one added. */
function expiryDay(rules: CompiledRules, span: UnderlyingSpan, kind: UnderlyingKind, date: number): AddOn | undefined {
  const { table } = rules;
  const rate = ruleValue('elm.expiryDay', date);
  if (kind !== 'index' || rate === 0) return undefined;
  const sold = span.positions
    .filter(({ instrument, quantity }) => isOption(rules, instrument) && quantity < 0 && table.expiry[instrument] === date)
    .reduce((units, { quantity }) => units - quantity, 0);
  const perUnit = Math.round(((table.spot[span.underlying] as number) * MICROS_PER_TICK * rate) / 10_000);
  return {
    underlying: span.underlying,
    rule: 'elm.expiryDay',
    amount: sold * perUnit,
    inExposure: date === table.businessDate,
    basis: `${sold} units sold, expiring on the day`,
  };
}

function calendarRelief(rules: CompiledRules, span: UnderlyingSpan, kind: UnderlyingKind, date: number): AddOn {
  const { table } = rules;
  const legs = span.positions
    .filter(({ instrument }) => table.kind[instrument] === InstrumentKind.FUT)
    .map(({ instrument, quantity }) => ({
      expiry: table.expiry[instrument] as number,
      units: quantity,
      exposure: Math.round((quantity > 0 ? table.elmLong[instrument] : table.elmShort[instrument]) as number),
    }));
  const relief = calendarExposureRelief(legs, kind, date);
  return {
    underlying: span.underlying,
    rule: 'elm.calendarThird',
    amount: 0 - relief,
    inExposure: false,
    basis: 'futures spread on a third of its far month',
  };
}

/** Contracts expiring that day are scanned and spread by themselves; 0 where the file's own tiers did it. */
function withdrawnBenefit(rules: CompiledRules, span: UnderlyingSpan, kind: UnderlyingKind, date: number): AddOn | undefined {
  const { table } = rules;
  const isTendered = date === table.businessDate && (table.details.commodities[span.underlying]?.apart?.length ?? 0) > 0;
  if (!isTendered && !isExpiryBenefitWithdrawn(kind, date)) return undefined;
  const expiring = span.positions.filter(({ instrument }) => isApartOn(table, instrument, date));
  const others = span.positions.filter(({ instrument }) => !isApartOn(table, instrument, date));
  if (expiring.length === 0 || others.length === 0) return undefined;
  const parts = [expiring, others].map((positions) => withCharges(rules, scanUnderlying(rules, span.underlying, positions)));
  const apart = parts.reduce((sum, part) => sum + part.scan + part.calendar + part.spot, 0) - span.interCommodity;
  const without = Math.max(0, Math.max(apart, span.shortOptionMinimum) - span.netOptionValue);
  const amount = Math.max(0, without - span.span);
  return {
    underlying: span.underlying,
    rule: isTendered ? 'calendar.commodity.tender' : `calendar.${kind}.expiryDay`,
    amount,
    inExposure: false,
    basis: isTendered ? 'contracts in their tender period margined by themselves' : 'contracts expiring on the day margined by themselves',
  };
}

/** Parts of a commodity contract's exposure column, stated; on a later day the tender margin that day brings, added. */
function commodityParts(
  rules: CompiledRules,
  underlying: number,
  { instrument, quantity }: UnderlyingSpan['positions'][number],
  { date, tradingDaysTo }: RuleDay,
): AddOn[] {
  const { table } = rules;
  const commodity = table.details.commodities[underlying];
  const [expiry, isFuture, name] = [table.expiry[instrument] as number, !isOption(rules, instrument), table.instrumentName(instrument)];
  const held = (commodity?.inExposure ?? []).filter((part) => part.expiry === expiry && part.isFuture === isFuture);
  const found = held.map(({ rule, long, short }) => ({
    underlying,
    rule,
    amount: Math.abs(quantity) * (quantity > 0 ? long : short),
    inExposure: true,
    basis: `${Math.abs(quantity)} x ${name}`,
  }));
  const tender = isFuture && date > table.businessDate ? tenderRule(commodity?.symbol ?? '', tradingDaysTo(expiry), date) : undefined;
  if (tender === undefined || held.some(({ rule }) => rule === tender.id)) return found;
  const perUnit = Math.round(((table.previousClose[instrument] as number) * MICROS_PER_TICK * tender.value) / 10_000);
  return [...found, { underlying, rule: tender.id, amount: Math.abs(quantity) * perUnit, inExposure: false, basis: `${name} in its tender period` }];
}

function delivery(
  rules: CompiledRules,
  underlying: number,
  { instrument, quantity }: UnderlyingSpan['positions'][number],
  { date, tradingDaysTo }: RuleDay,
): AddOn | undefined {
  const { table } = rules;
  if (!isOption(rules, instrument) || quantity <= 0) return undefined;
  const days = tradingDaysTo(table.expiry[instrument] as number);
  const rule = deliveryRule(days, date);
  if (rule === undefined) return undefined;
  const rate = table.details.commodities[underlying]?.deliveryRate ?? RATE_WITHOUT_FILE;
  const subject = {
    kind: table.kind[instrument] === InstrumentKind.CE ? ('CE' as const) : ('PE' as const),
    strike: table.strike[instrument] as number,
    underlyingPrice: table.spot[underlying] as number,
    units: quantity,
    rate,
  };
  const basis = `${table.instrumentName(instrument)}: ${rule.value / 100} % of ${rate / 100} % on strike x ${quantity}`;
  return { underlying, rule: rule.id, amount: deliveryMargin(subject, days, date), inExposure: false, basis };
}

function isOption(rules: CompiledRules, instrument: number): boolean {
  return (rules.table.kind[instrument] as number) >= InstrumentKind.CE;
}
