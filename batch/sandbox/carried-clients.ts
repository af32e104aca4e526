// What clients of the other side have on the next morning, worked out from the other side's own books: units at the depositories, units and contracts
// on their way by the trades the exchange saw. It takes the place of the clients a generated day would make up, when that day follows another.
import { ExchangeSegment, Product } from '../../engine/index.ts';
import type { GeneratedClient } from '../../workers/reference/index.ts';
import type { UnitBooks } from './depository-doors.ts';
import { fundsByClient, type SeenTrade } from './files/evening-files.ts';
import { carriedIn, type MarketDay } from './market-day.ts';

type Position = GeneratedClient['positions'][number];
type Holding = GeneratedClient['holdings'][number];

const TICKS_PER_PAISA = 100;

/** Clients on the morning of `next`, after the trades of `day`; what else a client is stays as it was. */
export function carriedClients(day: MarketDay, trades: readonly SeenTrade[], units: UnitBooks, next: MarketDay): GeneratedClient[] {
  const funds = fundsByClient(day, trades);
  return day.clients.map((client) => ({
    ...client,
    // What a client's money comes to as far as trades tell; the member's report says the rest.
    cash: client.cash + (funds.get(client.account) ?? 0),
    holdings: holdingsOf(client.account, { next, units }),
    positions: positionsOf(client, trades, next),
    fundedLots: fundedLotsOf(client.account, { next, units }),
  }));
}

/**
 * Units in the demat account, and those that are still to come: pledged as unpaid, in the broker's pool account, out of settlements not yet paid out
 * (two of them where a day is traded and does not settle), out of an auction.
 */
function holdingsOf(account: string, { next, units }: { next: MarketDay; units: UnitBooks }): Holding[] {
  const due = units.desk.boughtFor(account);
  for (const [settlement, dues] of units.clearing.dues) {
    if (units.clearing.paidOut.has(settlement)) continue;
    for (const { client, isin, net } of dues.values()) if (client === account && net > 0) due.set(isin, (due.get(isin) ?? 0) + net);
  }
  // What lies in the pool of a settlement that it is sold in is as good as blocked.
  for (const { settlement, client, isin, units: pooled } of units.depository.pool.lines)
    if (client === account && (units.clearing.dues.get(settlement)?.get(`${client}|${isin}`)?.net ?? 0) > 0)
      due.set(isin, (due.get(isin) ?? 0) + pooled);
  const tokens = new Map([...next.sharesBefore.values()].map(({ isin, token }) => [isin, token]));
  const held = units.depository.lines.get(account) ?? new Map();
  return [...new Set([...held.keys(), ...due.keys()])]
    .flatMap((isin: string) => {
      const token = tokens.get(isin);
      const { free = 0, pledged = 0 } = held.get(isin) ?? {};
      const unpaid: ReadonlyMap<string, number> = held.get(isin)?.unpaid ?? new Map();
      const t1 = [...unpaid.values()].reduce((sum, each) => sum + each, due.get(isin) ?? 0);
      return token === undefined || free + pledged + t1 === 0 ? [] : [{ segment: ExchangeSegment.NSE, token, free, pledged, t1 }];
    })
    .sort((a, b) => a.token - b.token);
}

/**
 * Units pledged to the member's funding account, or about to be, by lot. What they cost and what of it is lent the member knows; here they are at the
 * last close, and nothing is.
 */
function fundedLotsOf(account: string, { next, units }: { next: MarketDay; units: UnitBooks }): NonNullable<GeneratedClient['fundedLots']> {
  const shares = new Map([...next.sharesBefore.values()].map((share) => [share.isin, share]));
  return units.depository.funded.lines.flatMap(({ client, isin, lot, waiting, pledged }) => {
    const share = shares.get(isin);
    const all = waiting + pledged;
    if (client !== account || share === undefined || all === 0) return [];
    const cost = Math.round((all * (share.close ?? 0)) / TICKS_PER_PAISA);
    return [{ segment: ExchangeSegment.NSE, token: share.token, boughtOn: Number(lot), units: all, pledged, cost, funded: 0 }];
  });
}

/** Contracts that did not end on the day, of every exchange, net, at their settlement prices (ticks, as the engine takes positions in). */
function positionsOf({ account, positions }: GeneratedClient, trades: readonly SeenTrade[], next: MarketDay): Position[] {
  return carriedIn(next).flatMap(({ segment: own, chain, before, now }) => {
    const net = new Map<number, number>();
    const add = (token: number, quantity: number): void => void net.set(token, (net.get(token) ?? 0) + quantity);
    for (const { segment, token, quantity } of positions) if (segment === own) add(token, quantity);
    for (const { segment, token, client, side, quantity, cancelled } of trades)
      if (segment === chain && client === account && cancelled !== true) add(token, side === 'B' ? quantity : -quantity);
    return [...net]
      .filter(([token, quantity]) => quantity !== 0 && now.has(token))
      .sort(([a], [b]) => a - b)
      .map(([token, quantity]) => ({ segment: own, token, product: Product.NRML, quantity, price: before.get(token)?.settlementPrice ?? 0 }));
  });
}
