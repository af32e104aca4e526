// Margin of a portfolio of positions, whole: SPAN per underlying with credits between underlyings, exposure, and the cash segment. For
// reports and one-off work; a client's live figure is the MarginBook's, which agrees to the paisa where no order works (a property test holds
// them together).
import { assert } from '../assert.ts';
import { InstrumentKind, Product } from '../instrument.ts';
import { InstrumentFlag, type ParameterTable } from '../parameters/parameter-table.ts';
import { cashMarginLine } from '../rules/cash-margin.ts';
import { MICROS_PER_PAISA, roundMicrosToPaise } from '../units.ts';
import { cashMarginPerUnit } from './cash-book.ts';
import { type CompiledRules, compiledRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import { type CrossRelief, crossMarginReliefs } from './cross-margin.ts';
import { creditOf, interCommodityCredits, type SpreadCredit, superCredits } from './inter-commodity.ts';
import { type AddOn, addOnsOf, type TradingDaysTo } from './position-add-ons.ts';
import {
  type ContractPosition,
  inPaise,
  type SpanAmounts,
  scanUnderlying,
  sumOfAmounts,
  type UnderlyingSpan,
  withCharges,
  withCredit,
} from './underlying-span.ts';

/** One underlying of a portfolio, amounts in paise. */
export interface UnderlyingReport extends SpanAmounts {
  readonly symbol: string;
  readonly underlying: number;
  /** 1..16, of the tier with the largest scan risk. */
  readonly activeScenario: number;
  /** Net composite delta in units; price risk in rupees per unit of delta. */
  readonly delta: number;
  readonly weightedPriceRisk: number;
  readonly tiers: readonly { readonly tier: number; readonly scan: number; readonly activeScenario: number }[];
  /** Amounts of the dated rules, each with its rule's id; `added` is the sum of those that total has beside span and exposure. */
  readonly addOns: readonly { readonly rule: string; readonly amount: number; readonly inExposure: boolean; readonly basis: string }[];
  readonly added: number;
}

/** One cash instrument and product, margin in paise on `margined` of its units at `rate` (1/10,000), less what cross margin relieves it of. */
export interface CashReport {
  readonly symbol: string;
  readonly instrument: number;
  readonly quantity: number;
  readonly margin: number;
  /** Units under each listing that nets in `quantity`: one, or the two of a share that both exchanges list. */
  readonly listings: readonly { readonly symbol: string; readonly units: number }[];
  /** Paise that `margin` is less by cross margin, and the rule; 0 and '' without. */
  readonly relief: number;
  readonly reliefRule: string;
  readonly margined: number;
  readonly rate: number;
  readonly rule: string;
  readonly basis: string;
}

export interface PortfolioMargin {
  readonly underlyings: readonly UnderlyingReport[];
  readonly cash: readonly CashReport[];
  /** Sums over underlyings; total also has the cash segment. Premium of bought options is stated but is no part of total: it is paid already. */
  readonly sum: SpanAmounts & { readonly addOns: number; readonly cash: number };
}

/** A position; product and holdings matter to cash instruments only (without a product: the net position, as intraday). */
export interface PortfolioPosition extends ContractPosition {
  readonly product?: number;
  readonly free?: number;
  readonly t1?: number;
  readonly earlyPaidIn?: number;
  /** Of a purchase: units that are paid for already. */
  readonly paidFor?: number;
}

/** A position after netting: of a share that both exchanges list, units by listing where both were named. */
interface NettedPosition extends PortfolioPosition {
  readonly listings: ReadonlyMap<number, number>;
}

/** A portfolio worked out, before it is rounded: what reports and explanations are made of. */
export interface WorkedPortfolio {
  readonly rules: CompiledRules;
  readonly spans: readonly UnderlyingSpan[];
  readonly credits: readonly SpreadCredit[];
  readonly addOns: readonly AddOn[];
  readonly cash: readonly CashReport[];
}

/**
 * Margins `positions` (signed units by instrument row; several entries of one contract are netted). `cashRateFloor` is the smallest
 * cash-segment rate in 1/10,000. With `tradingDaysTo` the dated rules of the table's business date are applied as well; without it the figure
 * is SPAN and exposure as the table has them. Fails an assertion on a row outside the table.
 */
export function portfolioMargin(
  table: ParameterTable,
  positions: readonly PortfolioPosition[],
  cashRateFloor: number,
  tradingDaysTo?: TradingDaysTo,
): PortfolioMargin {
  const { spans, addOns, cash } = workPortfolio(table, positions, cashRateFloor, tradingDaysTo);
  const underlyings = spans.map((span) => report(table, span, addOns));
  const cashTotal = cash.reduce((sum, line) => sum + line.margin, 0);
  const sum = sumOfAmounts(underlyings);
  const added = underlyings.reduce((total, line) => total + line.added, 0);
  return { underlyings, cash, sum: { ...sum, addOns: added, cash: cashTotal, total: sum.total + cashTotal } };
}

/** The same, unrounded and with what each figure is made of; `date` is the day whose rules apply, where it is not the table's. */
export function workPortfolio(
  table: ParameterTable,
  positions: readonly PortfolioPosition[],
  cashRateFloor: number,
  tradingDaysTo?: TradingDaysTo,
  date: number = table.businessDate,
): WorkedPortfolio {
  const rules = compiledRules(table);
  const groups = new Map<number, ContractPosition[]>();
  const cash: CashReport[] = [];
  for (const position of netted(rules, positions)) {
    const { instrument, quantity } = position;
    if (table.kind[instrument] === InstrumentKind.EQ) {
      cash.push(cashReport(table, position, cashRateFloor));
      continue;
    }
    const underlying = rules.groupOf(instrument);
    const group = groups.get(underlying) ?? [];
    groups.set(underlying, group);
    // What was closed out is no member of any spread.
    if (quantity !== 0) group.push({ instrument, quantity });
  }
  const scans = [...groups].sort(([a], [b]) => a - b).map(([underlying, group]) => scanUnderlying(rules, underlying, group));
  const before = superCredits(rules, scans);
  const charged = scans.map((scan) => withCharges(rules, scan));
  const credits = [...before, ...interCommodityCredits(rules, charged)];
  const spans = charged.map((each) => withCredit(each, creditOf(credits, each.underlying)));
  if (tradingDaysTo === undefined) return { rules, spans, credits, addOns: [], cash };
  const addOns = spans.flatMap((span) => addOnsOf(rules, span, { date, tradingDaysTo }));
  const reliefs = crossMarginReliefs(rules, spans, (underlying) => addedTo(underlying, addOns), cash, date);
  return { rules, spans, credits, addOns: [...addOns, ...crossAddOns(reliefs)], cash: relieved(cash, reliefs) };
}

/** Micros that the rules add to an underlying beside SPAN and exposure. */
function addedTo(underlying: number, addOns: readonly AddOn[]): number {
  return addOns.reduce((sum, addOn) => sum + (addOn.underlying !== underlying || addOn.inExposure ? 0 : addOn.amount), 0);
}

function crossAddOns(reliefs: readonly CrossRelief[]): AddOn[] {
  return reliefs
    .filter(({ underlying }) => underlying >= 0)
    .map(({ underlying, rule, units, amount }) => ({
      underlying,
      rule,
      amount: 0 - amount,
      inExposure: false,
      basis: `${Math.round(units * 100) / 100} units offset across underlyings`,
    }));
}

/** Cash lines less their reliefs, rounded down; of several products of one share the first lines give first. */
function relieved(cash: readonly CashReport[], reliefs: readonly CrossRelief[]): CashReport[] {
  const left = new Map<number, { paise: number; rule: string }>();
  for (const { instrument, rule, amount } of reliefs) {
    if (instrument < 0) continue;
    const before = left.get(instrument);
    left.set(instrument, { paise: (before?.paise ?? 0) + Math.floor(amount / MICROS_PER_PAISA), rule: before?.rule ?? rule });
  }
  return cash.map((line) => {
    const own = left.get(line.instrument);
    if (own === undefined) return line;
    const relief = Math.min(own.paise, line.margin);
    own.paise -= relief;
    return relief === 0 ? line : { ...line, margin: line.margin - relief, relief, reliefRule: own.rule };
  });
}

/** The rule behind the rate of a listing in the table's list of funded shares. */
function fundedRuleOf(table: ParameterTable, instrument: number): { readonly fundedRule?: string } {
  const [segment, token] = [table.segment[instrument], table.token[instrument]];
  const fundedRule = table.details.funded?.find((each) => each[0] === segment && each[1] === token)?.[3];
  return fundedRule === undefined ? {} : { fundedRule };
}

function cashReport(table: ParameterTable, position: NettedPosition, cashRateFloor: number): CashReport {
  const { instrument, quantity, product = Product.MIS, free = 0, t1 = 0, earlyPaidIn = 0, paidFor = 0 } = position;
  const isTradeToTrade = ((table.flags[instrument] as number) & InstrumentFlag.TRADE_TO_TRADE) !== 0;
  const funded = compiledRules(table).contracts[instrument * CONTRACT_STRIDE + Contract.fundedRate] as number;
  const fundedRule = product === Product.MTF ? fundedRuleOf(table, instrument) : {};
  const rates = { applicable: table.cashRate[instrument] as number, least: cashRateFloor, isTradeToTrade, funded, ...fundedRule };
  const line = cashMarginLine({ units: quantity, product, free, t1, earlyPaidIn, paidFor }, rates, table.businessDate);
  const margin = roundMicrosToPaise(line.units * cashMarginPerUnit(table.previousClose[instrument] as number, line.rate));
  const { rate, rule, basis, units: margined } = line;
  const symbol = table.instrumentName(instrument);
  const listings = [...position.listings].map(([row, units]) => ({ symbol: table.instrumentName(row), units }));
  return { symbol, instrument, quantity, margin, listings, relief: 0, reliefRule: '', margined, rate, rule, basis };
}

/** One entry per contract, and per product of a share, whichever exchange it was traded on. */
function netted(rules: CompiledRules, positions: readonly PortfolioPosition[]): NettedPosition[] {
  const { table } = rules;
  const net = new Map<string, NettedPosition>();
  for (const position of positions) {
    const { instrument: listing, quantity, product } = position;
    assert(listing >= 0 && listing < table.instruments, 'portfolio names no instrument of the table');
    const isCash = rules.isShare(listing);
    const instrument = isCash ? rules.leadOf(listing) : listing;
    const key = `${instrument}/${isCash ? (product ?? '') : ''}`;
    const known = net.get(key);
    const more = (name: 'free' | 't1' | 'earlyPaidIn' | 'paidFor'): number => (known?.[name] ?? 0) + (position[name] ?? 0);
    const holdings = isCash ? { free: more('free'), t1: more('t1'), earlyPaidIn: more('earlyPaidIn'), paidFor: more('paidFor') } : {};
    const listings = new Map(known?.listings).set(listing, (known?.listings.get(listing) ?? 0) + quantity);
    net.set(key, { ...position, ...holdings, instrument, listings, quantity: (known?.quantity ?? 0) + quantity });
  }
  return [...net.values()];
}

function report(table: ParameterTable, span: UnderlyingSpan, all: readonly AddOn[]): UnderlyingReport {
  const own = all.filter((addOn) => addOn.underlying === span.underlying);
  const added = own.reduce((sum, addOn) => sum + (addOn.inExposure ? 0 : addOn.amount), 0);
  return {
    symbol: span.underlying < table.underlyings ? table.underlyingName(span.underlying) : '',
    underlying: span.underlying,
    activeScenario: span.activeScenario,
    delta: span.delta / 10_000,
    weightedPriceRisk: span.weightedPriceRisk / 100,
    tiers: span.tiers.map((tier) => ({ tier: tier.tier, scan: roundMicrosToPaise(tier.scan), activeScenario: tier.activeScenario })),
    addOns: own.map(({ rule, amount, inExposure, basis }) => ({ rule, amount: roundMicrosToPaise(amount), inExposure, basis })),
    added: roundMicrosToPaise(added),
    ...inPaise(span),
    total: roundMicrosToPaise(span.total + added),
  };
}
