// Shortages whose auction was held: fetched, reckoned by our own figures, booked. Booked at once, by keys, because the money leg of the same node has
// to see what the auction's settlement comes to; a second try finds it booked.
import { businessDate } from '../../../engine/index.ts';
import { clearingAccount, clientAccount } from '../../ledger/account-chart.ts';
import type { PostingRequest, Transfer } from '../../ledger/posting.ts';
import { pathOf } from '../../ports/file-names.ts';
import type { Gate, NodeContext } from '../../runner/index.ts';
import { ShortageStore, type UnitShortage } from '../../securities/shortage-store.ts';
import { OUTSIDE, settlementAccount } from '../../securities/unit-accounts.ts';
import type { UnitMove, UnitPosting } from '../../securities/units-ledger.ts';
import { booksOf, type DayParts, dayNumber, recordOf, refusing, textOf } from '../end-of-day/day-parts.ts';
import { standAs } from '../end-of-day/node-postings.ts';
import { fetchBody } from '../fetch-file.ts';
import { unitsInEngine } from './acting-units.ts';
import { type ClosedOut, lapsedClaims } from './funded-close-out.ts';
import { unitsOf } from './securities-opening.ts';
import { type AuctionFile, type AuctionRow, dealtRows, pricesSince, readAuction, type ShortageResult, shortageResult } from './shortage-auction.ts';
import { auctionNumber } from './shortage-booking.ts';
import { tellEndedClaims } from './shortage-engine.ts';
import { type DayPrices, dayPrices, keptPrices } from './shortage-prices.ts';

/** Clearing corporation that auctions. */
export const AUCTIONEER = 'NCL';
const MILLIS = 1000;
const DAYS_MAX = 30;

/** What was booked. */
export interface SettledAuctions {
  readonly shortages: number;
  readonly gates: readonly Gate[];
  readonly note: string;
}

interface Reckoned {
  readonly shortage: UnitShortage;
  readonly rows: readonly AuctionRow[];
  readonly result: ShortageResult;
}

/** Books every auction held by the date of `context` that is not booked. Throws TransientFault while its file is not there. */
export async function settleAuctions(parts: DayParts, context: NodeContext): Promise<SettledAuctions> {
  const open = new ShortageStore(context.root).openBy(context.date, context.runId);
  if (open.length === 0) return { shortages: 0, gates: [], note: '' };
  const gates: Gate[] = [];
  const notes: string[] = [];
  const reckoned: Reckoned[] = [];
  for (const auctionOn of [...new Set(open.map((one) => one.auctionOn))].sort()) {
    const file = await takeIn(parts, context, auctionOn);
    const own = open.filter((one) => one.auctionOn === auctionOn);
    const dealt = dealtRows(file.rows, own);
    for (const [at, shortage] of own.entries()) {
      const rows = dealt[at] ?? [];
      const days = await pricesFrom(parts, context, shortage);
      const prices = pricesSince(shortage.isin, days);
      if (prices === undefined)
        notes.push(`${shortage.isin}: our prices since ${shortage.tradeDate} are not whole; the clearing corporation's stand`);
      reckoned.push({ shortage, rows, result: shortageResult(shortage, rows, prices) });
    }
    gates.push(
      ...gatesOf(
        auctionOn,
        file,
        reckoned.filter(({ shortage }) => shortage.auctionOn === auctionOn),
      ),
    );
  }
  const closedOut = reckoned.filter(({ shortage, result }) => shortage.side === 'buyer' && result.closedOut > 0);
  const lapsed: ClosedOut[] = [];
  for (const { shortage, result } of closedOut) {
    const inEngine = await unitsInEngine(parts, shortage.tradeDate);
    lapsed.push({ shortage, units: inEngine(shortage.token, result.closedOut) });
  }
  await tellEndedClaims(parts.dataDirectory, await lapsedClaims(parts, context, lapsed));
  book(context, reckoned);
  return { shortages: open.length, gates, note: [...new Set(notes)].join('; ') };
}

async function takeIn(parts: DayParts, context: NodeContext, auctionOn: string): Promise<AuctionFile> {
  const role = `auction-cm-${auctionOn}`;
  const path = (): string => pathOf('auction-cm', auctionOn, parts.calendar.tradedBefore(auctionOn));
  const check = async (file: string): Promise<{ rows: number }> => ({ rows: (await readAuction(file)).rows.length });
  const { outputs = {} } = await fetchBody(parts, { role, source: 'clearing', path, check })(context);
  return refusing(() => readAuction(textOf(recordOf(outputs[role], role), 'file')));
}

/** Our prices of every traded day from the trade to the auction; undefined for a day that was not kept. */
async function pricesFrom(parts: DayParts, context: NodeContext, { tradeDate, auctionOn }: UnitShortage): Promise<(DayPrices | undefined)[]> {
  const found: (DayPrices | undefined)[] = [];
  for (let day = tradeDate, i = 0; day <= auctionOn && i < DAYS_MAX; day = parts.calendar.tradedAfter(day), i++)
    found.push(day === context.date ? await dayPrices(parts, context) : await keptPrices(parts, day));
  return found;
}

function gatesOf(auctionOn: string, file: AuctionFile, reckoned: readonly Reckoned[]): Gate[] {
  const sum = <One>(list: readonly One[], of: (one: One) => number): number => list.reduce((total, one) => total + of(one), 0);
  const [pays, gets] = [reckoned.filter(({ shortage }) => shortage.side !== 'buyer'), reckoned.filter(({ shortage }) => shortage.side === 'buyer')];
  return [
    {
      name: `units of the auction of ${auctionOn}, ours = clearing`,
      left: sum(reckoned, ({ shortage }) => shortage.units),
      right: sum(file.rows, ({ units }) => units),
    },
    {
      name: `debits of the auction of ${auctionOn}, ours = clearing (paise)`,
      left: sum(pays, ({ result }) => -result.money),
      right: sum(file.rows, ({ isBuyer, amount }) => (isBuyer ? 0 : amount)),
    },
    {
      name: `credits of the auction of ${auctionOn}, ours = clearing (paise)`,
      left: sum(gets, ({ result }) => result.money),
      right: sum(file.rows, ({ isBuyer, amount }) => (isBuyer ? amount : 0)),
    },
    {
      name: `valuations given back with the auction of ${auctionOn}, ours = clearing (paise)`,
      left: sum(reckoned, ({ shortage }) => shortage.valuation),
      right: file.valuations,
    },
  ];
}

function book(context: NodeContext, reckoned: readonly Reckoned[]): void {
  const store = new ShortageStore(context.root);
  const at = Math.floor(context.now() / MILLIS);
  const settled = reckoned.filter(({ rows }) => rows.length > 0);
  context.root.transactionSync(() => {
    unitsOf(context).post(settled.flatMap((one) => unitPostings(context, one)));
    const wanted = settled.flatMap((one) => moneyPostings(context, one, at));
    standAs(booksOf(context.root), { root: context.root, date: context.date, node: `${context.key} auctions`, at }, wanted);
    for (const { shortage, rows, result } of settled) {
      const [first] = rows;
      if (first === undefined) continue;
      const { filled, money } = result;
      store.put({ ...shortage, outcome: { settlement: first.settlement, filled, price: first.price, money, run: context.runId } });
    }
  });
}

/** Units bought in for a buyer pass to the auction's settlement; what a seller owed, and what is closed out, ends in money. */
function unitPostings(context: NodeContext, { shortage, rows, result }: Reckoned): UnitPosting[] {
  const { settlement, client, isin, side } = shortage;
  const [own, auction] = [settlementAccount(settlement), settlementAccount(rows[0]?.settlement ?? '')];
  const moves = (units: number, to: string): UnitMove[] => {
    if (units === 0) return [];
    return [side === 'buyer' ? { isin, from: own, to, units } : { isin, from: OUTSIDE, to: own, units }];
  };
  const key = (kind: string): string => `${kind} ${settlement} ${client} ${isin} ${side}`;
  return [
    { key: key('AUCTION'), kind: 'AUCTION', date: context.date, moves: moves(result.filled, auction) },
    { key: key('CLOSE_OUT'), kind: 'CLOSE_OUT', date: context.date, moves: moves(result.closedOut, OUTSIDE) },
  ];
}

/** The valuation given back, and what the shortage cost or brought. */
function moneyPostings(context: NodeContext, { shortage, rows, result }: Reckoned, at: number): PostingRequest[] {
  const { settlement, client, isin, valuation, auctionOn } = shortage;
  const [first] = rows;
  if (first === undefined) return [];
  const due = dayNumber(first.due);
  const account = clearingAccount(AUCTIONEER, first.settlement, due);
  const transfers: Transfer[] = [];
  if (valuation > 0)
    transfers.push({ debit: clearingAccount(AUCTIONEER, auctionNumber(auctionOn), due), credit: clientAccount(client), amount: valuation });
  if (result.money < 0) transfers.push({ debit: clientAccount(client), credit: account, amount: -result.money });
  if (result.money > 0) transfers.push({ debit: account, credit: clientAccount(client), amount: result.money });
  if (transfers.length === 0) return [];
  const narration = `auction ${first.settlement} of ${isin} short in ${settlement}: ${result.filled} bought in, ${result.closedOut} closed out`;
  const day = businessDate(dayNumber(context.date));
  return [
    { key: `AUCTION ${settlement} ${client} ${isin} ${shortage.side}`, kind: 'AUCTION', businessDate: day, valueDate: due, at, narration, transfers },
  ];
}
