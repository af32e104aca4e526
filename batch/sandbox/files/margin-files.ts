// What the clearing corporation found at its peak-margin snapshots, worked out from its own books: positions carried in, the trades it saw until then, its own
// parameters of the morning, and the collateral it holds. The whole portfolio is margined anew each time, by the code of reports and not of the live book.
import {
  compiledRules,
  ExchangeSegment,
  type ParameterTable,
  type PortfolioPosition,
  Product,
  peakWindowsOn,
  portfolioMargin,
} from '../../../engine/index.ts';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { SAME_DAY_TYPE, settlementWindow } from '../../calendar/settlement-windows.ts';
import { CHAINS, type Chain, chainsIn, SEGMENT_OF, SEGMENTS, type Segment } from '../../graph/node-row.ts';
import { compactDate, type FileRoleName, MEMBER_CODE, PEAK_ROLE } from '../../ports/file-names.ts';
import type { MarketDay } from '../market-day.ts';
import { csvText, type Row } from './csv-text.ts';
import { sharesDue } from './ended-contracts.ts';
import type { SeenTrade } from './evening-files.ts';
import { MARGIN_HEADER } from './udiff-columns.ts';

type Client = MarketDay['clients'][number];

/** Exchange segment of each chain. */
const TRADED_IN: Readonly<Record<Chain, number>> = {
  CM: ExchangeSegment.NSE,
  FO: ExchangeSegment.NFO,
  CD: ExchangeSegment.CDS,
  COM: ExchangeSegment.MCX,
  BSE: ExchangeSegment.BSE,
  BFO: ExchangeSegment.BFO,
  T0: ExchangeSegment.NSE,
};
/** Least rate of the cash segment, 1/10,000. */
const LEAST_RATE = 2_000;
const END_OF_DAY = 24 * 60;

/** Paise of one client in one segment. */
interface Found {
  peak: number;
  short: number;
  atEnd: number;
}

/**
 * Units of a share that a client has sold before the day and not delivered, under its token at NSE; they ask margin as a sale of the day does, until
 * a minute of it.
 */
export interface ShortDelivery {
  readonly client: string;
  readonly token: number;
  readonly units: number;
  readonly until: number;
}

/** What of one client is margined beside what it came with. */
interface SeenClient {
  readonly client: Client;
  readonly trades: readonly SeenTrade[];
  readonly undelivered: readonly ShortDelivery[];
}

/** Texts of the statements by role, every segment. */
export function marginFiles(
  day: MarketDay,
  trades: readonly SeenTrade[],
  undelivered: readonly ShortDelivery[],
): Partial<Record<FileRoleName, string>> {
  const bySegment = new Map<Segment, Row[]>(SEGMENTS.map((segment) => [segment, []]));
  const tradesOf = new Map<string, SeenTrade[]>();
  for (const trade of trades) if (trade.cancelled !== true) tradesOf.set(trade.client, [...(tradesOf.get(trade.client) ?? []), trade]);
  for (const client of day.clients) {
    const own = undelivered.filter((short) => short.client === client.account);
    const found = findPeaks(day, { client, trades: tradesOf.get(client.account) ?? [], undelivered: own });
    for (const [segment, { peak, short, atEnd }] of found)
      if (peak > 0 || atEnd > 0) bySegment.get(segment)?.push(statementRow(day, client, { peak, short, atEnd }));
  }
  return Object.fromEntries(SEGMENTS.map((segment) => [PEAK_ROLE[segment], csvText(MARGIN_HEADER, bySegment.get(segment) ?? [])]));
}

/** The client's figures by segment over the day's snapshots. Collateral goes to the segments in order, to each what those before it left. */
function findPeaks(day: MarketDay, seen: SeenClient): Map<Segment, Found> {
  const { client, trades, undelivered } = seen;
  const found = new Map<Segment, Found>();
  const due = undelivered.length > 0 || sharesDue({ ...day, clients: [client] }, trades).length > 0;
  const held = SEGMENTS.filter((segment) => (segment === 'CM' && due) || holdsAny(client, trades, segment));
  for (const { clock, segments } of peakWindowsOn(Number(compactDate(day.date)))) {
    let left = collateralOf(client);
    const asked = requiredAt(day, seen, clock);
    for (const segment of held) {
      const required = asked.get(segment) ?? 0;
      const before = found.get(segment) ?? { peak: 0, short: 0, atEnd: 0 };
      found.set(segment, before);
      if (segments.includes(TRADED_IN[segment])) {
        before.peak = Math.max(before.peak, required);
        before.short = Math.max(before.short, required - left);
      }
      left = Math.max(0, left - required);
    }
  }
  const atEnd = requiredAt(day, seen, END_OF_DAY);
  for (const [segment, each] of found) each.atEnd = atEnd.get(segment) ?? 0;
  return found;
}

const collateralOf = ({ cash, cashEquivalent, nonCash }: Client): number => Math.max(0, cash + cashEquivalent + nonCash);

const holdsAny = (client: Client, trades: readonly SeenTrade[], segment: Segment): boolean =>
  chainsIn(segment, CHAINS).some((chain) => client.positions.some((position) => position.segment === TRADED_IN[chain])) ||
  trades.some((trade) => SEGMENT_OF[trade.segment] === segment);

const minuteOf = ({ time = '10:00:00' }: SeenTrade): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Paise by segment that the client's positions ask for with the trades before a minute of the day: one portfolio, so that futures and shares may offset. */
function requiredAt(day: MarketDay, seen: SeenClient, minute: number): Map<Segment, number> {
  const table = day.parameters;
  const positions = CHAINS.flatMap((chain) => positionsIn(day, seen, { chain, minute }));
  const { dated } = compiledRules(table);
  const { underlyings, cash } = portfolioMargin(table, positions, LEAST_RATE, dated.isOn ? (expiry) => dated.daysTo(expiry) : undefined);
  const asked = new Map<Segment, number>();
  const add = (instrument: number, paise: number): void => {
    const chain = CHAINS.find((each) => TRADED_IN[each] === table.segment[instrument]);
    if (chain !== undefined) asked.set(SEGMENT_OF[chain], (asked.get(SEGMENT_OF[chain]) ?? 0) + paise);
  };
  for (const { underlying, total } of underlyings) add(table.firstInstrument[underlying] ?? -1, total);
  for (const { instrument, margin } of cash) add(instrument, margin);
  return asked;
}

/**
 * What stands at the minute; a contract whose last day has closed is settled and asks nothing, the shares it delivers stand in the cash segment; T+0
 * asks until its pay-out, three hours after its close.
 */
function positionsIn(
  day: MarketDay,
  { client, trades, undelivered }: SeenClient,
  { chain, minute }: { readonly chain: Chain; readonly minute: number },
): PortfolioPosition[] {
  const { date, parameters: table } = day;
  const exchangeSegment = TRADED_IN[chain];
  const calendar = new BusinessCalendar();
  const isClosed = minute > calendar.close(chain, date);
  if (chain === 'T0' && minute >= settlementWindow(SAME_DAY_TYPE, date, calendar).payOutBy) return [];
  const net = new Map<number, number>();
  const add = (token: number, quantity: number): void => void net.set(token, (net.get(token) ?? 0) + quantity);
  for (const position of client.positions) if (position.segment === exchangeSegment && chain !== 'T0') add(position.token, position.quantity);
  for (const trade of trades)
    if (trade.segment === chain && minuteOf(trade) < minute) add(trade.token, trade.side === 'B' ? trade.quantity : -trade.quantity);
  if (chain === 'CM' && isClosed) for (const { share, units } of sharesDue({ ...day, clients: [client] }, trades)) add(share.token, units);
  if (chain === 'CM') for (const { token, units, until } of undelivered) if (minute < until) add(token, -units);
  const isSettled = (instrument: number): boolean => isClosed && table.expiry[instrument] === Number(compactDate(date));
  const holding = (token: number): number =>
    client.holdings.find((each) => each.segment === exchangeSegment && each.token === heldUnder(table, chain, token))?.free ?? 0;
  // What is pledged to the member's funding account lies in the client's account and covers a sale, as free units do.
  const funded = (token: number): number =>
    (client.fundedLots ?? []).reduce((sum, lot) => (lot.segment === exchangeSegment && lot.token === token ? sum + lot.units : sum), 0);
  const freeOf = (token: number): number =>
    Math.max(0, holding(token) + funded(token) + (chain === 'CM' && isClosed ? settledSameDay(table, trades, token) : 0));
  return [...net].flatMap(([token, quantity]) => {
    const instrument = table.find(exchangeSegment, token);
    return instrument < 0 || quantity === 0 || isSettled(instrument) ? [] : [{ instrument, quantity, product: Product.CNC, free: freeOf(token) }];
  });
}

/** Token a share is held under: of a T+0 listing, that of T+1. */
const heldUnder = (table: ParameterTable, chain: Chain, token: number): number =>
  chain === 'T0' ? (table.details.sameDay?.find(([, session]) => session === token)?.[2] ?? token) : token;

/** Units that T+0 brought (above zero) or took, of a share by its token of T+1. */
const settledSameDay = (table: ParameterTable, trades: readonly SeenTrade[], share: number): number =>
  trades
    .filter(({ segment, token }) => segment === 'T0' && heldUnder(table, 'T0', token) === share)
    .reduce((sum, { side, quantity }) => sum + (side === 'B' ? quantity : -quantity), 0);

const rupees = (paise: number): string => (paise / 100).toFixed(2);

function statementRow(day: MarketDay, client: Client, { peak, short, atEnd }: Found): Row {
  const collateral = collateralOf(client);
  return {
    'Trade Date': day.date,
    'Trading Member ID': MEMBER_CODE,
    'Client ID': client.account,
    Initial: rupees(atEnd),
    'Peak Initial': rupees(peak),
    'Upfront initial collected': rupees(Math.min(atEnd, collateral)),
    'Peak initial collected': rupees(peak - Math.max(0, short)),
    'Shortfall peak': rupees(Math.max(0, short)),
    'Collateral at EOD': rupees(collateral),
    'Collateral at PSA': rupees(collateral),
    'Total shortfall (peak short allocation)': rupees(Math.max(0, short)),
  };
}
