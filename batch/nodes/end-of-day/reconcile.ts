// EOD-RECON: the exchange's trades of a segment against the engine's book, and against the order system's list where it leaves one. Breaks go to the work list
// in the commit that records the node; the gate stays open until the three sums agree or two persons accept the difference. What is charged and settled from
// here on are the exchange's trades.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chargeProductOf, eachTrade, Side } from '../../../engine/index.ts';
import { loadTradeFile } from '../../files/trade-file.ts';
import { type Chain, SEGMENT_OF } from '../../graph/node-row.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { compactDate, TRADE_ROLE, UDIFF_SEGMENT } from '../../ports/file-names.ts';
import { BreakStore } from '../../recon/break-store.ts';
import { TradeReconciler, type TradeReconciliation, type TradeTotals } from '../../recon/reconcile-trades.ts';
import { TradeBook } from '../../recon/trade-book.ts';
import type { OwnTrade } from '../../recon/trade-break.ts';
import { type Gate, type NodeBody, type NodeContext, PermanentFault } from '../../runner/index.ts';
import { eachSlot } from '../engine/engine-state.ts';
import { exchangeOf, segmentsOf } from '../engine/exchange-segments.ts';
import { chainOf, type DayParts, dayNumber, keepMade, refusing, useKept } from './day-parts.ts';
import { sameDayTokens } from './settle-engine.ts';

const TICK_UNITS_PER_PAISA = 100n;

/** Body of EOD-RECON. Outputs: `file` (the reconciled book) with its hash, counts, numbers of breaks. */
export function reconcileBody(parts: DayParts): NodeBody {
  return async (context) => {
    const chain = chainOf(context);
    const role = TRADE_ROLE[chain];
    const book = TradeBook.fromBytes(readFileSync(useKept(context, `${role}-book`, context.outputsOf(tradeFileNode(chain)))));
    const engine = new TradeReconciler(book, 'engine');
    const segments = segmentsOf(chain, context.chains);
    const isOwn = await ownSession(parts, context);
    const hasEngine = await visitEngine(parts.dataDirectory, segments, dayNumber(context.date), (trade) => {
      if (isOwn(trade.token)) engine.addOurs(trade);
    });
    const oms = await orderSystem(parts, context, { chain, segments, theirs: book });
    if (!hasEngine && oms === undefined)
      throw new PermanentFault(
        `${parts.dataDirectory}: holds neither tables of the engine nor a list of the order system: nothing to reconcile with`,
      );
    const results = [...(hasEngine ? [engine.result()] : []), ...(oms === undefined ? [] : [oms])];
    const breaks = results.flatMap((result) => result.breaks);
    const made = keepMade(parts, `${role}-reconciled`, context.date, {
      name: `${role}-${compactDate(context.date)}-reconciled.book`,
      bytes: book.toBytes(),
    });
    return {
      outputs: { file: made.path, sha256: made.sha256, breaks: breaks.length, ...matchedOf(results), trades: results[0]?.theirs.trades ?? 0 },
      gates: gatesOf(hasEngine ? engineName : omsName, results),
      note: breaks.length === 0 ? '' : `${breaks.length} breaks: tarazu-batch breaks --date ${context.date}`,
      commit: () => new BreakStore(context.root).replace(context.date, chain, breaks, context.now()),
    };
  };
}

/** Tells by token whether a trade in NSE's cash segment is of the chain's own session: T+0 has tokens of its own, where the house offers it. */
async function ownSession(parts: DayParts, context: NodeContext): Promise<(token: number) => boolean> {
  const { segment, chains } = context;
  if ((segment !== 'CM' && segment !== 'T0') || !chains.includes('T0')) return () => true;
  const sameDay = await sameDayTokens(parts);
  return segment === 'T0' ? (token) => sameDay.has(token) : (token) => !sameDay.has(token);
}

/** Instance that takes in a chain's trade file. */
export const tradeFileNode = (chain: Chain): string => `EOD-TB-${SEGMENT_OF[chain]}@${chain}`;

const engineName = 'engine';
const omsName = 'order system';
const matchedOf = (results: readonly TradeReconciliation[]): { matched: number } => ({ matched: results[0]?.matched ?? 0 });

/** Count, units and value (paise, whole) of each of our lists against the exchange. */
function gatesOf(first: string, results: readonly TradeReconciliation[]): Gate[] {
  return results.flatMap(({ ours, theirs }, index) => {
    const name = index === 0 ? first : omsName;
    const gate = (what: string, of: (totals: TradeTotals) => bigint): Gate => ({
      name: `${what} ${name} = exchange`,
      left: Number(of(ours)),
      right: Number(of(theirs)),
    });
    return [
      gate('trades', ({ trades }) => BigInt(trades)),
      gate('units', ({ quantity }) => quantity),
      gate('value (paise)', ({ value }) => value / TICK_UNITS_PER_PAISA),
    ];
  });
}

/** Visits the engine's trades of a date in exchange segments; false when there are no tables. */
function visitEngine(dataDirectory: string, segments: readonly number[], date: number, visit: (trade: OwnTrade) => void): Promise<boolean> {
  return eachSlot(dataDirectory, (state) =>
    eachTrade(state, (trade) => {
      if (!segments.includes(trade.segment) || trade.tradeDate !== date) return;
      const exchange = exchangeOf(trade.segment);
      const { tradeId, account, token, quantity, price, isBusted, product } = trade;
      const side = trade.side === Side.BUY ? 'B' : 'S';
      visit({ exchange, tradeId, side, client: account, token, quantity, price, isCancelled: isBusted, product: chargeProductOf(product) });
    }),
  );
}

interface OwnList {
  readonly chain: Chain;
  readonly segments: readonly number[];
  readonly theirs: TradeBook;
}

/** The order system's own list, DATA/oms/trades-CHAIN-YYYYMMDD.csv[.gz], in the columns of the trade file; undefined when it leaves none. */
async function orderSystem(parts: DayParts, context: NodeContext, { chain, segments, theirs }: OwnList): Promise<TradeReconciliation | undefined> {
  const stem = join(parts.dataDirectory, 'oms', `trades-${chain}-${compactDate(context.date)}.csv`);
  const path = [stem, `${stem}.gz`].find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const ours = new TradeBook();
  const exchanges = segments.map(exchangeOf);
  await refusing(() => loadTradeFile(path, { segment: UDIFF_SEGMENT[chain], date: context.date, exchanges }, ours));
  context.pin(`oms-${TRADE_ROLE[chain]}`, path, sha256Of(readFileSync(path)));
  const reconciler = new TradeReconciler(theirs, 'oms');
  reconciler.addBook(ours);
  return reconciler.result();
}
