// Margin of a portfolio of positions, whole: SPAN per underlying with credits between underlyings, exposure, and the cash segment. For
// reports and one-off work; a client's live figure is the MarginBook's, which agrees to the paisa where no order works and no
// inter-commodity credit applies (a property test holds them together).
import { assert } from '../assert.ts';
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { roundMicrosToPaise } from '../units.ts';
import { cashMarginPerUnit } from './cash-book.ts';
import { type CompiledRules, compiledRules } from './compiled-rules.ts';
import { creditOf, interCommodityCredits, superCredits } from './inter-commodity.ts';
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
}

/** One cash instrument, margin in paise. */
interface CashReport {
  readonly symbol: string;
  readonly instrument: number;
  readonly quantity: number;
  readonly margin: number;
}

export interface PortfolioMargin {
  readonly underlyings: readonly UnderlyingReport[];
  readonly cash: readonly CashReport[];
  /** Sums over underlyings; total also has the cash segment. Premium of bought options is stated but is no part of total: it is paid already. */
  readonly sum: SpanAmounts & { readonly cash: number };
}

/**
 * Margins `positions` (signed units by instrument row; several entries of one contract are netted). `cashRateFloor` is the smallest
 * cash-segment rate in 1/10,000. Fails an assertion on a row outside the table.
 */
export function portfolioMargin(table: ParameterTable, positions: readonly ContractPosition[], cashRateFloor: number): PortfolioMargin {
  const rules = compiledRules(table);
  const groups = new Map<number, ContractPosition[]>();
  const cash: CashReport[] = [];
  for (const [instrument, quantity] of netted(table, positions)) {
    if (table.kind[instrument] === InstrumentKind.EQ) {
      const rate = Math.max(table.cashRate[instrument] as number, cashRateFloor);
      const margin = roundMicrosToPaise(Math.abs(quantity) * cashMarginPerUnit(table.previousClose[instrument] as number, rate));
      cash.push({ symbol: table.instrumentName(instrument), instrument, quantity, margin });
      continue;
    }
    const underlying = rules.groupOf(instrument);
    const group = groups.get(underlying) ?? [];
    groups.set(underlying, group);
    group.push({ instrument, quantity });
  }
  const underlyings = marginedTogether(rules, groups).map((span) => report(table, span));
  const cashTotal = cash.reduce((sum, line) => sum + line.margin, 0);
  const sum = sumOfAmounts(underlyings);
  return { underlyings, cash, sum: { ...sum, cash: cashTotal, total: sum.total + cashTotal } };
}

/** The three steps of all underlyings, with the credits between them. */
function marginedTogether(rules: CompiledRules, groups: ReadonlyMap<number, readonly ContractPosition[]>): UnderlyingSpan[] {
  const scans = [...groups].sort(([a], [b]) => a - b).map(([underlying, group]) => scanUnderlying(rules, underlying, group));
  const before = superCredits(rules, scans);
  const charged = scans.map((scan) => withCharges(rules, scan));
  const credits = [...before, ...interCommodityCredits(rules, charged)];
  return charged.map((each) => withCredit(each, creditOf(credits, each.underlying)));
}

function netted(table: ParameterTable, positions: readonly ContractPosition[]): Map<number, number> {
  const net = new Map<number, number>();
  for (const { instrument, quantity } of positions) {
    assert(instrument >= 0 && instrument < table.instruments, 'portfolio names no instrument of the table');
    net.set(instrument, (net.get(instrument) ?? 0) + quantity);
  }
  return net;
}

function report(table: ParameterTable, span: UnderlyingSpan): UnderlyingReport {
  return {
    symbol: span.underlying < table.underlyings ? table.underlyingName(span.underlying) : '',
    underlying: span.underlying,
    activeScenario: span.activeScenario,
    delta: span.delta / 10_000,
    weightedPriceRisk: span.weightedPriceRisk / 100,
    tiers: span.tiers.map((tier) => ({ tier: tier.tier, scan: roundMicrosToPaise(tier.scan), activeScenario: tier.activeScenario })),
    ...inPaise(span),
  };
}
