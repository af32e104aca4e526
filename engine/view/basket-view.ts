// Baskets by account, as queries ask for them. Reads state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { Fold } from '../fold.ts';
import { type BasketAsk, type BasketSlice, weighBasket } from '../margin/basket.ts';
import { copyClient } from '../margin/basket-client.ts';
import { SlotMemory } from '../state/slot-memory.ts';
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

/** The account alone, with all it holds, as a slot's snapshot: for whoever margins it elsewhere under other parameters. Undefined when there is none. */
export function clientCopy(state: SlotState, account: string): Uint8Array | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, account);
  return client === 0 ? undefined : copyClient(state, client, new SlotMemory(), true).snapshot();
}
