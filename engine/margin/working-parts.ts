// What one working order can add to each branch of its contract: the positive part of its fill. A fill of f units, 0 <= f <= Q, changes a
// branch by f x u, so the worst is f = Q where u > 0 and f = 0 elsewhere: Q x max(0, u), partial fills included.
//
//   u = ±(scenario loss - file price) ± exposure + premium (option buys) + calendar and spot bound, + for a buy, - for a sell
import { InstrumentKind, Side } from '../instrument.ts';
import { MICROS_PER_PAISA, MICROS_PER_TICK } from '../units.ts';
import { BRANCHES, FLOOR, SCAN_BRANCHES, SOM_CALLS, SOM_PUTS, SPAN_ZERO, UNCHARGED, WORKING_STRIDE } from './branches.ts';
import { type CompiledRules, Trait } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';
import type { OrderTerms } from './order-terms.ts';

/** Micros of one unit's file price for net option value; 0 for a future. */
export function optionValuePerUnit(rules: CompiledRules, instrument: number): number {
  const { table } = rules;
  if ((table.kind[instrument] as number) < InstrumentKind.CE) return 0;
  return Math.round((table.price[instrument] as number) * MICROS_PER_PAISA);
}

/** Short option minimum of one short unit in the branch for calls (or for the sum) or in that for puts, micros. */
export function somPerUnit(rules: CompiledRules, instrument: number, branch: number): number {
  const underlying = rules.groupOf(instrument);
  const kind = rules.table.kind[instrument] as number;
  if (rules.hasSom[underlying] === 0 || kind < InstrumentKind.CE) return 0;
  const wrongSide = branch === SOM_CALLS ? InstrumentKind.PE : InstrumentKind.CE;
  if (rules.somIsMax[underlying] === 1 && kind === wrongSide) return 0;
  return rules.som[rules.expiryColumn(instrument)] as number;
}

/** The parts of the other side of a replace, for the time of one call. */
const altParts = new Float64Array(WORKING_STRIDE);

/**
 * Fills `out` (WORKING_STRIDE doubles: see branches.ts) with the order's parts, micros. Those without calendar charge only where the underlying is
 * POOLED, those of the minimum are 0 where it has none.
 */
export function fillWorkingParts(rules: CompiledRules, terms: OrderTerms, out: Float64Array): void {
  fillParts(rules, terms, terms.quantity, terms.price, out);
  if (terms.altQuantity === 0) return;
  fillParts(rules, terms, terms.altQuantity, terms.altPrice, altParts);
  for (let b = 0; b < WORKING_STRIDE; b++) out[b] = Math.max(out[b] as number, altParts[b] as number);
}

function fillParts(rules: CompiledRules, terms: OrderTerms, quantity: number, price: number, out: Float64Array): void {
  const { contracts } = rules;
  const at = terms.instrument * CONTRACT_STRIDE;
  const sign = terms.side === Side.BUY ? 1 : -1;
  const premium = sign > 0 && (contracts[at + Contract.kind] as number) >= InstrumentKind.CE ? price * MICROS_PER_TICK : 0;
  const value = sign * (contracts[at + Contract.value] as number);
  const long = premium + sign * (contracts[at + Contract.elmLong] as number);
  const short = premium - sign * (contracts[at + Contract.elmShort] as number);
  const charge = Math.abs(contracts[at + Contract.charge] as number);
  const traits = rules.traits[contracts[at + Contract.group] as number] as number;
  for (let s = 0; s <= FLOOR; s++) {
    const u = (s === FLOOR ? 0 : sign * (contracts[at + s] as number)) - value + charge;
    // Cheaper than Math.max, and as safe: what is not a number stays so and fails the margin check.
    out[s] = u + long < 0 ? 0 : quantity * (u + long);
    out[BRANCHES + s] = u + short < 0 ? 0 : quantity * (u + short);
  }
  if ((traits & Trait.POOLED) !== 0) {
    for (let s = 0; s <= FLOOR; s++) {
      const u = (s === FLOOR ? 0 : sign * (contracts[at + s] as number)) - value;
      out[UNCHARGED + s] = u + long < 0 ? 0 : quantity * (u + long);
      out[UNCHARGED + SCAN_BRANCHES + s] = u + short < 0 ? 0 : quantity * (u + short);
    }
  }
  out[SPAN_ZERO] = quantity * Math.max(0, long);
  out[BRANCHES + SPAN_ZERO] = quantity * Math.max(0, short);
  const hasMinimum = (traits & Trait.MINIMUM) !== 0;
  out[SOM_CALLS] = hasMinimum ? quantity * Math.max(0, long - value) : 0;
  out[SOM_PUTS] = out[SOM_CALLS] as number;
  out[BRANCHES + SOM_CALLS] = hasMinimum ? quantity * Math.max(0, short - value - sign * (contracts[at + Contract.somCalls] as number)) : 0;
  out[BRANCHES + SOM_PUTS] = hasMinimum ? quantity * Math.max(0, short - value - sign * (contracts[at + Contract.somPuts] as number)) : 0;
}
