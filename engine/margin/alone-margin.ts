// What a contract's units ask with nothing beside them: SPAN floored at 0, and exposure. The measure of orders that may not net (the pre-open session).
// One unit is worked out once per table and side, from scratch by the code of reports, and kept; so only a session that asks pays for it.
import { assert } from '../assert.ts';
import { Side } from '../instrument.ts';
import { type Paise, roundMicrosToPaise } from '../units.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { underlyingSpan } from './underlying-span.ts';

/** Two cells a contract: micros of one unit bought, of one sold; NaN until asked for. */
const kept = new WeakMap<CompiledRules, Float64Array>();

/** Micros one unit of a derivative asks by itself, bought or sold. */
export function aloneMarginPerUnit(rules: CompiledRules, instrument: number, side: number): number {
  assert(instrument >= 0 && instrument < rules.table.instruments, 'contract alone is no row of the table');
  const cells = kept.get(rules) ?? new Float64Array(2 * rules.table.instruments).fill(Number.NaN);
  kept.set(rules, cells);
  const at = 2 * instrument + (side === Side.BUY ? 0 : 1);
  const known = cells[at] as number;
  if (!Number.isNaN(known)) return known;
  const { total } = underlyingSpan(rules, rules.groupOf(instrument), [{ instrument, quantity: side === Side.BUY ? 1 : -1 }]);
  cells[at] = total;
  return total;
}

/** Paise of a contract's working units that net with nothing: the larger of all buys and all sells, rounded once. */
export function aloneMargin(rules: CompiledRules, instrument: number, buys: number, sells: number): Paise {
  assert(buys >= 0 && sells >= 0, 'working units are negative');
  const bought = buys === 0 ? 0 : buys * aloneMarginPerUnit(rules, instrument, Side.BUY);
  const sold = sells === 0 ? 0 : sells * aloneMarginPerUnit(rules, instrument, Side.SELL);
  return roundMicrosToPaise(Math.max(bought, sold));
}
