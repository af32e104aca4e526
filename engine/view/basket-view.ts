// Baskets by account, as queries ask for them. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { Fold } from '../fold.ts';
import { type BasketAsk, type BasketSlice, weighBasket } from '../margin/basket.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** A slice of a basket of one account's orders. */
export interface BasketQuery extends Omit<BasketAsk, 'client'> {
  readonly account: string;
}

/** The next slice; undefined when the slot has no such account or no parameters, 'moved' when the parameters are others than the first slice's. */
export function basketView(engine: Fold, state: SlotState, query: BasketQuery): BasketSlice | 'moved' | undefined {
  assert(query.account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, query.account);
  if (client === 0 || state.derived.book === undefined) return undefined;
  return weighBasket(engine, state, { ...query, client }) ?? 'moved';
}
