// Margin of a portfolio of positions, whole: SPAN per underlying with credits between underlyings, exposure, and the cash segment. For
// reports and one-off work; a client's live figure is the MarginBook's, which agrees to the paisa where no order works and no
// inter-commodity credit applies (a property test holds them together).
import { assert } from '../assert.ts';
import { InstrumentKind } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { roundMicrosToPaise } from '../units.ts';
import { cashMarginPerUnit } from './cash-book.ts';
import { compiledRules } from './compiled-rules.ts';
import { withInterCommodityCredits } from './inter-commodity.ts';
import { type ContractPosition, inPaise, type SpanAmounts, type UnderlyingSpan, underlyingSpan } from './underlying-span.ts';

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
  const spans = [...groups].sort(([a], [b]) => a - b).map(([underlying, group]) => underlyingSpan(rules, underlying, group));
  const underlyings = withInterCommodityCredits(rules, spans).map((span) => report(table, span));
  const cashTotal = cash.reduce((sum, line) => sum + line.margin, 0);
  const sum = (name: keyof SpanAmounts): number => underlyings.reduce((total, line) => total + line[name], 0);
  return {
    underlyings,
    cash,
    sum: {
      scan: sum('scan'),
      time: sum('time'),
      volatility: sum('volatility'),
      price: sum('price'),
      calendar: sum('calendar'),
      spot: sum('spot'),
      interCommodity: sum('interCommodity'),
      shortOptionMinimum: sum('shortOptionMinimum'),
      netOptionValue: sum('netOptionValue'),
      span: sum('span'),
      exposure: sum('exposure'),
      premium: sum('premium'),
      cash: cashTotal,
      total: sum('total') + cashTotal,
    },
  };
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
