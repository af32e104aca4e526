// Shares and funds that futures may be offset against (cross margin), client by client, as the close found them: the margin files grant what the
// day's peak rows grant. Purchases are the reconciled trades', whatever the product; of sales only what the engine was left short of at its close,
// because units that are held ask no margin and so offset nothing. Where the engine has no such close any more, a sale offsets nothing; nor does a
// purchase whose client paid in early.
import { compiledRules, type ParameterTable, type PortfolioPosition, Product } from '../../../engine/index.ts';
import { chainsSettledIn } from '../../graph/node-row.ts';
import { type BookedTrade, TradeFlag } from '../../recon/trade-book.ts';
import type { NodeContext } from '../../runner/index.ts';
import { type EngineState, readEngine } from '../engine/engine-state.ts';
import { exchangeSegmentOf } from '../engine/exchange-segments.ts';
import { earlyFunds } from '../settlement/funds-early-pay-in.ts';
import { type DayParts, dayNumber } from './day-parts.ts';
import { reconciledBook } from './reconciled-book.ts';

/** Positions by client. */
export type CashBeside = ReadonlyMap<string, readonly PortfolioPosition[]>;

/** What a client came to in one share on the day, under all its listings; signed units. `left`: short at the engine's close, 0 or below. */
interface ShareDay {
  traded: number;
  left: number;
}

/** Days of shares by client and leading instrument row. */
type ShareDays = Map<string, Map<number, ShareDay>>;

/** One trade of shares, by the engine's exchange segment. */
export type ShareTrade = Pick<BookedTrade, 'client' | 'token' | 'side' | 'quantity'> & { readonly segment: number };

/** What is known of a date (yyyymmdd) in the evening. */
export interface SharesOfDay {
  readonly date: number;
  readonly trades: Iterable<ShareTrade>;
  readonly engine: EngineState;
  /** Clients who paid in early for what they bought. */
  readonly paidEarly: ReadonlySet<string>;
}

/** Reads the day's shares; nothing, and nothing is read, where the table's cross margin names none. */
export async function cashBeside({ dataDirectory }: DayParts, context: NodeContext, table: ParameterTable): Promise<CashBeside> {
  if (compiledRules(table).credits.cashCircle.size === 0) return new Map();
  const early = earlyFunds(context.root).filter(({ date, paid }) => date === context.date && paid > 0);
  return sharesBeside(table, {
    date: dayNumber(context.date),
    trades: shareTrades(context),
    engine: await readEngine(dataDirectory),
    paidEarly: new Set(early.map(({ client }) => client)),
  });
}

function* shareTrades(context: NodeContext): Generator<ShareTrade> {
  for (const chain of chainsSettledIn('CM', context.chains)) {
    const book = reconciledBook(context, chain);
    for (let row = 0; row < book.rows; row++) {
      if (book.has(row, TradeFlag.CANCELLED)) continue;
      const trade = book.trade(row);
      yield { ...trade, segment: exchangeSegmentOf(chain, trade.exchange) };
    }
  }
}

/** Positions of the shares that the table's cross margin names, by client. */
export function sharesBeside(table: ParameterTable, { date, trades, engine, paidEarly }: SharesOfDay): CashBeside {
  const days: ShareDays = new Map();
  for (const trade of trades) addTrade(days, table, trade);
  addShorts(days, table, engine, date);
  return positionsOf(days, paidEarly);
}

function dayOf(
  days: ShareDays,
  table: ParameterTable,
  client: string,
  share: { readonly segment: number; readonly token: number },
): ShareDay | undefined {
  const rules = compiledRules(table);
  const listing = table.find(share.segment, share.token);
  if (listing < 0 || !rules.isShare(listing)) return undefined;
  const instrument = rules.leadOf(listing);
  if (!rules.credits.cashCircle.has(instrument)) return undefined;
  const own = days.get(client) ?? new Map<number, ShareDay>();
  days.set(client, own);
  const known = own.get(instrument) ?? { traded: 0, left: 0 };
  own.set(instrument, known);
  return known;
}

function addTrade(days: ShareDays, table: ParameterTable, { client, side, quantity, ...share }: ShareTrade): void {
  const day = dayOf(days, table, client, share);
  if (day !== undefined) day.traded += side === 'B' ? quantity : -quantity;
}

function addShorts(days: ShareDays, table: ParameterTable, { slots, clients }: EngineState, date: number): void {
  const closed = new Set(slots.filter(({ businessDate, isOpen }) => businessDate === date && !isOpen).map(({ slot }) => slot));
  for (const { account, slot, positions } of clients.values()) {
    if (!closed.has(slot)) continue;
    for (const { net, ...share } of positions) {
      const day = net < 0 ? dayOf(days, table, account, share) : undefined;
      if (day !== undefined) day.left += net;
    }
  }
}

function positionsOf(days: ShareDays, paidEarly: ReadonlySet<string>): CashBeside {
  const found = new Map<string, readonly PortfolioPosition[]>();
  for (const [client, shares] of days) {
    const positions = [...shares].flatMap(([instrument, { traded, left }]): PortfolioPosition[] => {
      const quantity = left < 0 ? left : Math.max(0, paidEarly.has(client) ? 0 : traded);
      return quantity === 0 ? [] : [{ instrument, quantity, product: Product.CNC }];
    });
    if (positions.length > 0) found.set(client, positions);
  }
  return found;
}
