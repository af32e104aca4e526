// Whether two compiled tables list the same contracts in the same places, so that what lies by row in the margin book may stay where it is when the one
// replaces the other: two risk files of one day do. Prices, arrays, rates and bands may differ in anything.
import type { CompiledRules, UnderlyingRules } from './compiled-rules.ts';
import { CONTRACT_STRIDE, Contract } from './contract-row.ts';

/** Cells that say what a row is; of a cash instrument the last two are what it nets with. */
const PLACES = [Contract.key, Contract.kind, Contract.group, Contract.tier] as const;

const compared = new WeakMap<CompiledRules, WeakMap<CompiledRules, boolean>>();

/** True when instruments, groups, tiers, expiries and the traits of underlyings agree row by row. Found once for two tables. */
export function hasSameContracts(one: CompiledRules, other: CompiledRules): boolean {
  const known = compared.get(one) ?? new WeakMap<CompiledRules, boolean>();
  compared.set(one, known);
  const found = known.get(other) ?? agree(one, other);
  known.set(other, found);
  return found;
}

function agree(one: CompiledRules, other: CompiledRules): boolean {
  if (one.table.instruments !== other.table.instruments || one.underlyings.length !== other.underlyings.length) return false;
  return (
    equal(one.traits, other.traits) &&
    equal(one.somTier, other.somTier) &&
    equal(one.deltaIndex, other.deltaIndex) &&
    one.underlyings.every(({ expiries }, u) => equal(expiries, (other.underlyings[u] as UnderlyingRules).expiries)) &&
    rowsAgree(one.contracts, other.contracts)
  );
}

function equal(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

function rowsAgree(one: Float64Array, other: Float64Array): boolean {
  for (let at = 0; at < one.length; at += CONTRACT_STRIDE) {
    for (const place of PLACES) if (one[at + place] !== other[at + place]) return false;
  }
  return true;
}
