// What a client must have by the house's rules: the margin book's figure with the policy's multiplier.
import { AFTER } from '../margin/margin-book.ts';
import type { OrderTerms } from '../margin/order-terms.ts';
import { META_ROW, Meta } from './meta-table.ts';
import { scaleCellsUp } from './scale-up.ts';
import type { SlotState } from './slot-state.ts';

/**
 * Cells BEFORE and AFTER of the book, paise: the requirement as it is, and with `add` working, `remove` gone and `apart` more asked by orders that do not
 * net. undefined without parameters.
 */
export function weighHouse(state: SlotState, client: number, add: OrderTerms | null, remove: OrderTerms | null, apart = 0): Float64Array | undefined {
  const { book } = state.derived;
  if (book === undefined) return undefined;
  book.weigh(client, add, remove);
  if (apart !== 0) book.weighed[AFTER] = (book.weighed[AFTER] as number) + apart;
  scaleCellsUp(book.weighed, state.meta.f64(META_ROW, Meta.spanMultiplier));
  return book.weighed;
}
