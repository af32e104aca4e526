// Cash-segment margin of one position: which rate applies and on how many units. Rates in 1/10,000 of the previous close. The file's applicable
// rate (VaR + ELM + adhoc) and the least rate a member collects come from outside; overlays by product, series and list are rules.
import { Product } from '../instrument.ts';
import { ruleValue } from './margin-rules.ts';

/** A net position of one security and product. */
export interface CashPosition {
  /** Signed units traded and not yet settled. */
  readonly units: number;
  readonly product: number;
  /** Units held that may be delivered: free in the demat account, bought yesterday and not delivered yet (T1), early paid in and booked. */
  readonly free: number;
  readonly t1: number;
  readonly earlyPaidIn: number;
  /** Units bought whose purchase the client's money at the clearing corporation covers; absent: none. */
  readonly paidFor?: number;
}

/** The security's side of it. */
export interface CashRates {
  /** Applicable rate of the VaR file, and the least rate the member collects. */
  readonly applicable: number;
  readonly least: number;
  readonly isTradeToTrade: boolean;
  /** What the share asks at least when it is bought with funding: VaR and a multiple of ELM; absent or 0: it is on no list. */
  readonly funded?: number;
  /** The rule that makes it so much; absent: VaR and three times ELM. */
  readonly fundedRule?: string;
}

/** Rate, units it applies to, and the rule that decided. */
export interface CashMarginLine {
  readonly rule: string;
  readonly rate: number;
  readonly units: number;
  readonly basis: string;
}

/** Margin rate and margined units of a position on a date. */
export function cashMarginLine(position: CashPosition, rates: CashRates, date: number): CashMarginLine {
  const { rule, rate } = cashRateOf(position.product, rates, date);
  const { units, product, paidFor = 0 } = position;
  if (product !== Product.CNC && product !== Product.MTF) return { rule, rate, units: Math.abs(units), basis: 'net intraday position' };
  if (units > 0 && paidFor > 0)
    return {
      rule: paidFor < units ? rule : 'cash.paidEarly',
      rate: paidFor < units ? rate : 0,
      units: units - paidFor,
      basis: `bought for delivery, ${paidFor} of it paid in early`,
    };
  if (units >= 0) return { rule, rate, units, basis: product === Product.MTF ? 'bought with funding' : 'bought for delivery' };
  return deliverySale(position, rule, rate);
}

/** Sold: what is free or early paid in is delivered without margin; what was bought yesterday (BTST) or is not held is margined. */
function deliverySale(position: CashPosition, rule: string, rate: number): CashMarginLine {
  const { free, t1, earlyPaidIn } = position;
  const open = Math.max(0, -position.units - free - earlyPaidIn);
  const fromT1 = Math.min(open, t1);
  if (open === 0)
    return {
      rule: 'cash.deliverySale',
      rate: 0,
      units: 0,
      basis: earlyPaidIn === 0 ? 'sold out of holdings' : 'sold out of holdings, and delivered early',
    };
  if (fromT1 === open) return { rule: 'cash.btst', rate, units: open, basis: 'sold before delivery (T1)' };
  return { rule, rate, units: open, basis: fromT1 === 0 ? 'sold beyond holdings' : `sold beyond holdings, ${fromT1} of it before delivery (T1)` };
}

function cashRateOf(
  product: number,
  { applicable, least, isTradeToTrade, funded = 0, fundedRule = 'cash.mtf.elm' }: CashRates,
  date: number,
): { rule: string; rate: number } {
  const candidates: { rule: string; rate: number }[] = [
    { rule: 'cash.varElm', rate: applicable },
    { rule: 'cash.least', rate: least },
  ];
  if (isTradeToTrade) candidates.push({ rule: 'cash.tradeToTrade', rate: ruleValue('cash.tradeToTrade', date) });
  if (product === Product.MTF) candidates.push({ rule: 'cash.mtf', rate: ruleValue('cash.mtf', date) }, { rule: fundedRule, rate: funded });
  return candidates.reduce((most, each) => (each.rate > most.rate ? each : most));
}
