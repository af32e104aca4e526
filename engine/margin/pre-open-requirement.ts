// What orders of the pre-open session ask, from a parameter table: each by itself, nothing netted with the book (engine/rules/order-rules.ts).
import { Side } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { preOpenMargin } from '../rules/order-rules.ts';
import { type Paise, roundMicrosToPaise } from '../units.ts';
import { compiledRules } from './compiled-rules.ts';
import { underlyingSpan } from './underlying-span.ts';

/** A working order of the session; side as FIX Side(54). */
export interface PreOpenTerms {
  readonly instrument: number;
  readonly side: number;
  readonly quantity: number;
}

/** Paise; undefined on dates before such a session existed. */
export function preOpenRequirement(table: ParameterTable, orders: readonly PreOpenTerms[]): Paise | undefined {
  const rules = compiledRules(table);
  const alone = orders.map(({ instrument, side, quantity }) => {
    const isBuy = side === Side.BUY;
    const { span, exposure } = underlyingSpan(rules, rules.groupOf(instrument), [{ instrument, quantity: isBuy ? 1 : -1 }]);
    return { instrument, isBuy, units: quantity, span, exposure };
  });
  const micros = preOpenMargin(alone, table.businessDate);
  return micros === undefined ? undefined : roundMicrosToPaise(micros);
}
