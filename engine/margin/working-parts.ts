// What one working order can add to each branch of its contract: the positive part of its fill. A fill of f units, 0 <= f <= Q, changes a
// branch by f x u, so the worst is f = Q where u > 0 and f = 0 elsewhere: Q x max(0, u), partial fills included.
//
//   u = ±(scenario loss - file price) ± exposure + premium (option buys) + calendar and spot bound, + for a buy, - for a sell
import { InstrumentKind, Side } from '../instrument.ts';
import { SCENARIOS } from '../parameters/parameter-table.ts';
import { MICROS_PER_PAISA, MICROS_PER_TICK } from '../units.ts';
import { BRANCHES, FLOOR, SOM_CALLS, SOM_PUTS, SPAN_ZERO } from './branches.ts';
import { workingChargePerUnit } from './calendar-charge.ts';
import type { CompiledRules } from './compiled-rules.ts';
import type { OrderTerms } from './order-terms.ts';

/** Micros of one unit's file price for net option value; 0 for a future. */
export function optionValuePerUnit(rules: CompiledRules, instrument: number): number {
  const { table } = rules;
  if ((table.kind[instrument] as number) < InstrumentKind.CE) return 0;
  return Math.round((table.price[instrument] as number) * MICROS_PER_PAISA);
}

/** Short option minimum of one short unit in the branch for calls (or the sum) or for puts, micros. */
export function somPerUnit(rules: CompiledRules, instrument: number, branch: number): number {
  const kind = rules.table.kind[instrument];
  if (kind !== InstrumentKind.CE && kind !== InstrumentKind.PE) return 0;
  const wrongSide = branch === SOM_CALLS ? InstrumentKind.PE : InstrumentKind.CE;
  if (rules.somIsMax[rules.groupOf(instrument)] === 1 && kind === wrongSide) return 0;
  return rules.som[rules.expiryColumn(instrument)] as number;
}

/** Fills `out` (WORKING_STRIDE doubles: branches if net long, then if net short) with the order's parts, micros. */
export function fillWorkingParts(rules: CompiledRules, terms: OrderTerms, out: Float64Array): void {
  const { table } = rules;
  const { instrument, quantity, altQuantity } = terms;
  const sign = terms.side === Side.BUY ? 1 : -1;
  const paysPremium = sign > 0 && (table.kind[instrument] as number) >= InstrumentKind.CE;
  const premium = paysPremium ? terms.price * MICROS_PER_TICK : 0;
  const altPremium = paysPremium ? terms.altPrice * MICROS_PER_TICK : 0;
  const value = optionValuePerUnit(rules, instrument);
  const long = sign * Math.round(table.elmLong[instrument] as number);
  const short = -sign * Math.round(table.elmShort[instrument] as number);
  const charge = workingChargePerUnit(rules, instrument);
  const scale = rules.arrayScale[rules.groupOf(instrument)] as number;
  const { riskArray } = table;
  const base = instrument * SCENARIOS;
  for (let s = 0; s < SCENARIOS; s++) {
    const u = sign * (Math.floor((riskArray[base + s] as number) * scale + 0.5) - value) + charge;
    out[s] = worse(quantity, u + long + premium, altQuantity, u + long + altPremium);
    out[BRANCHES + s] = worse(quantity, u + short + premium, altQuantity, u + short + altPremium);
  }
  const floor = charge - sign * value;
  out[FLOOR] = worse(quantity, floor + long + premium, altQuantity, floor + long + altPremium);
  out[BRANCHES + FLOOR] = worse(quantity, floor + short + premium, altQuantity, floor + short + altPremium);
  out[SPAN_ZERO] = worse(quantity, long + premium, altQuantity, long + altPremium);
  out[BRANCHES + SPAN_ZERO] = worse(quantity, short + premium, altQuantity, short + altPremium);
  for (let branch = SOM_CALLS; branch <= SOM_PUTS; branch++) {
    const u = -sign * value;
    const minimum = -sign * somPerUnit(rules, instrument, branch);
    out[branch] = worse(quantity, u + long + premium, altQuantity, u + long + altPremium);
    out[BRANCHES + branch] = worse(quantity, u + short + minimum + premium, altQuantity, u + short + minimum + altPremium);
  }
}

function worse(quantity: number, u: number, altQuantity: number, altU: number): number {
  return Math.max(quantity * u, altQuantity * altU, 0);
}
