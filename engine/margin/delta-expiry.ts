// Under which expiry a contract's delta counts: its own, or for an option on a future that of the future it delivers. Spreads, spot charges
// and tiers look at this one; an option's life ends at its own.
import { InstrumentKind } from '../instrument.ts';
import type { CombinedCommodity } from '../parameters/combined-commodity.ts';
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';

/** Expiry (yyyymmdd) that spreads and tiers see. */
export function deltaExpiryOf(commodity: CombinedCommodity | undefined, kind: number, expiry: number): number {
  return kind < InstrumentKind.CE ? expiry : (commodity?.deltaExpiry?.[expiry] ?? expiry);
}

/** Its place among the underlying's expiries; the contract's own place where the table does not list the future. */
export function deltaIndexOf(rules: CompiledRules, underlying: number, instrument: number): number {
  const { table } = rules;
  const expiry = deltaExpiryOf(table.details.commodities[underlying], table.kind[instrument] as number, table.expiry[instrument] as number);
  const at = (rules.underlyings[underlying] as UnderlyingRules).expiries.indexOf(expiry);
  return at < 0 ? (rules.expiryIndex[instrument] as number) : at;
}
