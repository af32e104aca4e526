// Questions a shard answers between batches, about one slot, without changing it. Requests and answers are plain objects that can cross
// threads. Judges nothing itself: figures come from the engine.
import {
  accountsOf,
  CommandView,
  clientView,
  type Fold,
  findOrderView,
  openOrderViews,
  portfolioView,
  type SlotState,
  Verdict,
} from '../engine/index.ts';

/** A question, by type. */
export type ShardQuery =
  | { readonly type: 'hash' }
  /** The verdict an order command would get now: its bytes. */
  | { readonly type: 'whatIf'; readonly command: Uint8Array }
  /** Standing, funds and margin of an account; its positions and holdings. */
  | { readonly type: 'client' | 'portfolio'; readonly account: string }
  /** One order of an account, by slot sequence (0 = not given) or by ClOrdID. */
  | { readonly type: 'order'; readonly account: string; readonly clOrdId: string; readonly sequence: number }
  /** Open orders of an account, or of all. */
  | { readonly type: 'openOrders'; readonly account: string | undefined }
  /** Names of all accounts of the slot. */
  | { readonly type: 'accounts' };

/** The answer to a query of the given type. Throws RangeError on a type it does not know. */
export function answerQuery(engine: Fold, state: SlotState, request: object): unknown {
  const query = request as ShardQuery;
  switch (query.type) {
    case 'hash':
      return { slot: state.slot, sequence: state.sequence, hash: state.hash() };
    case 'whatIf': {
      const { buffer, byteOffset, byteLength } = query.command;
      const view = new CommandView().wrap(query.command, new DataView(buffer, byteOffset, byteLength), 0);
      const verdict = new Verdict();
      engine.whatIf(state, view, verdict);
      return { ...verdict };
    }
    case 'client':
      return clientView(state, query.account);
    case 'portfolio':
      return portfolioView(state, query.account);
    case 'order':
      return findOrderView(state, query.account, query.clOrdId, query.sequence);
    case 'openOrders':
      return openOrderViews(state, query.account);
    case 'accounts':
      return accountsOf(state);
    default:
      throw new RangeError(`unknown query ${JSON.stringify((request as { type?: unknown }).type)}`);
  }
}
