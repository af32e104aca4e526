// Short option minimum of a position: what the file asks at least for sold options, whatever the scenarios say (span.md section 1.8).
import { InstrumentKind } from '../instrument.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { deltaIndexOf } from './delta-expiry.ts';
import type { ContractPosition } from './underlying-span.ts';

/** Rate x short option units, micros; per SOM tier the sum of calls and puts (GROSS) or the larger (MAX), tiers added. */
export function shortOptionMinimum(rules: CompiledRules, underlying: number, positions: readonly ContractPosition[]): number {
  const { table } = rules;
  const own = rules.underlyings[underlying] as UnderlyingRules;
  const byTier = new Map<number, { calls: number; puts: number }>();
  for (const { instrument, quantity } of positions) {
    const kind = table.kind[instrument];
    if (quantity >= 0 || (kind !== InstrumentKind.CE && kind !== InstrumentKind.PE)) continue;
    const e = deltaIndexOf(rules, underlying, instrument);
    const tier = rules.somTier[own.first + e] as number;
    const sums = byTier.get(tier) ?? { calls: 0, puts: 0 };
    byTier.set(tier, sums);
    const minimum = -quantity * (rules.som[own.first + e] as number);
    if (kind === InstrumentKind.CE) sums.calls += minimum;
    else sums.puts += minimum;
  }
  const larger = rules.somIsMax[underlying] === 1;
  return [...byTier.values()].reduce((sum, { calls, puts }) => sum + (larger ? Math.max(calls, puts) : calls + puts), 0);
}
