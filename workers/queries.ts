// Questions a shard answers between batches, about one slot, without changing it. Requests and answers are plain objects that can cross
// threads. Judges nothing itself: every figure is the engine's.
import {
  type AsIfHeld,
  type BasketQuery,
  basketView,
  breakViews,
  brokenAccounts,
  CommandView,
  cheapestFix,
  clientCopy,
  clientSummaries,
  clientSummary,
  clientView,
  collateralView,
  coverOrders,
  dayView,
  exposureByUnderlying,
  type Fold,
  findOrderView,
  fundingView,
  fundingViews,
  heldInstruments,
  limitsView,
  marginExplanation,
  marginForecast,
  memberShare,
  nearDeliveries,
  openOrderViews,
  orderAtView,
  orderMargin,
  orderViewsOf,
  peakView,
  portfolioView,
  rejectViews,
  requestView,
  type SlotState,
  type SquareOffMoment,
  scenarioView,
  shortClients,
  sliceViews,
  slotSummary,
  snapshotSums,
  squareOffDue,
  stuckViews,
  Verdict,
} from '../engine/index.ts';

/** A question, by type. */
export type ShardQuery =
  /** → { slot, sequence, hash } of the slot's state. */
  | { readonly type: 'hash' }
  /** → DayView: business day, kill switch and parameter table of the slot. */
  | { readonly type: 'day' }
  /** → ClientView or undefined: standing, funds, margin by underlying. */
  | { readonly type: 'client'; readonly account: string }
  /** → { positions, holdings } or undefined. */
  | { readonly type: 'portfolio'; readonly account: string }
  /** → OrderView[] of the open orders of an account, or of the slot. */
  | { readonly type: 'openOrders'; readonly account?: string }
  /** → OrderView or undefined; by sequence (0 = unknown) or ClOrdID. */
  | { readonly type: 'order'; readonly account: string; readonly clOrdId: string; readonly sequence: number }
  /** → HeldInstrument[]: instruments some client of the slot holds or works. */
  | { readonly type: 'instruments' }
  /** → BreakList of the slot: breaks that no later report has settled, oldest first. */
  | { readonly type: 'breaks' }
  /** → BrokenAccounts of the slot: who has open breaks. */
  | { readonly type: 'brokenAccounts' }
  /** → ClientSummary[] of the slot. */
  | { readonly type: 'clients' }
  /** → ClientSummary or undefined. */
  | { readonly type: 'summary'; readonly account: string }
  /** → DueClient[]: who is due to be squared off at that moment. */
  | ({ readonly type: 'squareOff' } & SquareOffMoment)
  /** → CoverOrder[]: cover orders of an account, or of the slot, with something to exit. */
  | { readonly type: 'coverOrders'; readonly account?: string }
  /** → SnapshotSumView[]: the slot's margin snapshots of the day in sums. */
  | { readonly type: 'snapshots' }
  /** → PeakView or undefined: the account's margin snapshots of the day. */
  | { readonly type: 'peak'; readonly account: string }
  /** → FundingView or undefined; without account FundingView[] of the slot. */
  | { readonly type: 'funding'; readonly account?: string }
  /** → LimitsView or undefined. */
  | { readonly type: 'limits'; readonly account: string }
  /** → OrderView or undefined. */
  | { readonly type: 'orderAt'; readonly sequence: number }
  /** → OrderView[] of the day, newest first, at most `limit`, below sequence `before` (0 = from the newest). */
  | { readonly type: 'ordersOf'; readonly account: string; readonly before: number; readonly limit: number }
  /** → OrderView[] of the slot that the exchange has not answered in time. */
  | { readonly type: 'stuck' }
  /** → RequestView or undefined: what a ClOrdID of the account was used for. */
  | { readonly type: 'request'; readonly account: string; readonly clOrdId: string }
  /** → RejectList of the slot. */
  | { readonly type: 'rejects'; readonly limit: number }
  /** → UnderlyingExposure[] of the slot. */
  | { readonly type: 'exposure'; readonly top: number }
  /** → NearDelivery[] of the slot: stock derivatives that expire within so many days of trading. */
  | { readonly type: 'deliveries'; readonly within: number }
  /** → UnderlyingScenarios or undefined: what one underlying's position, `also` added, would lose in each scenario. */
  | { readonly type: 'scenarios'; readonly account: string; readonly symbol: string; readonly also?: AsIfHeld }
  /** → { client, portfolio, orders } or undefined: all the stream shows of an account, as of one moment; orders newest first. */
  | { readonly type: 'live'; readonly account: string; readonly orders: number }
  /** → SlotSummary of the slot. */
  | { readonly type: 'slotSummary'; readonly top: number }
  /** → BasketSlice, 'moved' or undefined: the next legs of a basket of new orders. */
  | ({ readonly type: 'basket' } & BasketQuery)
  /** → Uint8Array or undefined: the account alone as a slot's snapshot. */
  | { readonly type: 'copy'; readonly account: string }
  /** → MarginExplanation or undefined: the client's margin and funds as trees. */
  | { readonly type: 'explainMargin'; readonly account: string }
  /** → MarginForecast or undefined: what the positions will ask on the days ahead. */
  | { readonly type: 'forecast'; readonly account: string }
  /** → CollateralView or undefined: pieces, places, what is short where. */
  | { readonly type: 'collateral'; readonly account: string }
  /** → MemberShare of the slot: margin and collateral of its clients at each clearing corporation. */
  | { readonly type: 'memberShare' }
  /** → ShortClients of the slot, from a client row on. */
  | { readonly type: 'shortClients'; readonly from: number; readonly most: number }
  /** → SliceView[] of the slot: what it has of the member's limits. */
  | { readonly type: 'slices' }
  /** → CheapestFix or undefined: what would let a new order pass that has too little margin. */
  | { readonly type: 'fix'; readonly command: Uint8Array }
  /** → Verdict (plain) an order command would get now: its bytes, as they would go on the ring. */
  | { readonly type: 'whatIf'; readonly command: Uint8Array }
  /** → OrderMargin or undefined: its client's margin before it and with it working, as trees. Copies the slot: for looks at the past. */
  | { readonly type: 'orderMargin'; readonly command: Uint8Array }
  /** → Explanation of the same. */
  | { readonly type: 'explain'; readonly command: Uint8Array };

/** The answer to a query of the given type. Throws RangeError on a type it does not know. */
export function answerQuery(engine: Fold, state: SlotState, request: object): unknown {
  const query = request as ShardQuery;
  switch (query.type) {
    case 'hash':
      return { slot: state.slot, sequence: state.sequence, hash: state.hash() };
    case 'day':
      return dayView(state);
    case 'client':
      return clientView(state, query.account);
    case 'portfolio':
      return portfolioView(state, query.account);
    case 'openOrders':
      return openOrderViews(state, query.account);
    case 'order':
      return findOrderView(state, query.account, query.clOrdId, query.sequence);
    case 'instruments':
      return heldInstruments(state);
    case 'breaks':
      return breakViews(state, true);
    case 'brokenAccounts':
      return brokenAccounts(state);
    case 'clients':
      return clientSummaries(state);
    case 'summary':
      return clientSummary(state, query.account);
    case 'limits':
      return limitsView(state, query.account);
    case 'orderAt':
      return orderAtView(state, query.sequence);
    case 'ordersOf':
      return orderViewsOf(state, query.account, query.before, query.limit);
    case 'stuck':
      return stuckViews(state);
    case 'request':
      return requestView(state, query.account, query.clOrdId);
    case 'rejects':
      return rejectViews(state, query.limit);
    case 'exposure':
      return exposureByUnderlying(state, query.top);
    case 'deliveries':
      return nearDeliveries(state, query.within);
    case 'scenarios':
      return scenarioView(state, query.account, query.symbol, query.also);
    case 'live': {
      const client = clientView(state, query.account);
      if (client === undefined) return undefined;
      return { client, portfolio: portfolioView(state, query.account), orders: orderViewsOf(state, query.account, 0, query.orders) };
    }
    case 'slotSummary':
      return slotSummary(state, query.top);
    default:
      return answerOrderQuery(engine, state, query);
  }
}

/** Questions about orders that are not there. */
function answerOrderQuery(engine: Fold, state: SlotState, query: ShardQuery): unknown {
  switch (query.type) {
    case 'whatIf': {
      const verdict = new Verdict();
      engine.whatIf(state, viewOf(query.command), verdict);
      return { ...verdict };
    }
    case 'basket':
      return basketView(engine, state, query);
    case 'copy':
      return clientCopy(state, query.account);
    case 'squareOff':
      return squareOffDue(state, query);
    case 'coverOrders':
      return coverOrders(state, query.account);
    case 'snapshots':
      return snapshotSums(state);
    case 'peak':
      return peakView(state, query.account);
    case 'funding':
      return query.account === undefined ? fundingViews(state) : fundingView(state, query.account);
    case 'explainMargin':
      return marginExplanation(state, query.account);
    case 'forecast':
      return marginForecast(state, query.account);
    case 'fix':
      return cheapestFix(engine, state, viewOf(query.command));
    case 'orderMargin':
      return orderMargin(engine, state, viewOf(query.command));
    case 'explain':
      return engine.explain(state, viewOf(query.command));
    case 'collateral':
      return collateralView(state, query.account);
    case 'memberShare':
      return memberShare(state);
    case 'slices':
      return sliceViews(state);
    case 'shortClients':
      return shortClients(state, query.from, query.most);
    default:
      throw new RangeError(`unknown query ${JSON.stringify((query as { type?: unknown }).type)}`);
  }
}

function viewOf(command: Uint8Array): CommandView {
  return new CommandView().wrap(command, new DataView(command.buffer, command.byteOffset, command.byteLength), 0);
}
