// What some clients of a made-up day have beside equity: currency and commodity positions, collateral in pieces, and two of them a hedge that cross
// margin recognises. The rest of a client stays as clients.ts makes it.
import { ExchangeSegment, Product } from '../../../engine/index.ts';
import type { GeneratedClient } from './clients.ts';
import { type ListedContract, type Market, marketPrice } from './market.ts';
import type { OtherMarket } from './other-markets.ts';
import type { Share } from './print-listings.ts';
import { PseudoRandom } from './pseudo-random.ts';

type Position = GeneratedClient['positions'][number];

/** What the additions are made of. */
export interface BesideParts {
  readonly seed: number;
  readonly market: Market;
  readonly shares: readonly Share[];
  readonly others: readonly OtherMarket[];
}

const CRORE = 100 * 10_000_000;
const TRADED_IN = { CD: ExchangeSegment.CDS, CO: ExchangeSegment.MCX } as const;
/** From the end; the very last client is a demo's inheritance. */
const HEDGERS = [5, 4];
/** How the accounts of hedgers begin: a demo leaves them as they stand, because a working order takes the offset away. */
export const HEDGER_ACCOUNT = 'HEDGE';
/** Fewest clients of a day that has hedgers. */
const CLIENTS_MIN = 20;

/** The clients with what they have beside. Every third that trades derivatives also trades currency and commodity; every fifth has its collateral in pieces. */
export function withBeside(clients: readonly GeneratedClient[], parts: BesideParts): GeneratedClient[] {
  const able = clients.filter(({ kind, segments }) => kind === 'CLIENT' && segments.includes(ExchangeSegment.NFO));
  const hedgers = clients.length < CLIENTS_MIN ? [] : HEDGERS.map((back) => able.at(-back)?.account);
  const traders = new Map(able.map(({ account }, at) => [account, at]));
  return clients.map((client) => {
    const at = traders.get(client.account);
    if (at === undefined) return client;
    const hedge = hedgers.indexOf(client.account);
    if (hedge >= 0) return hedged(client, hedge, parts);
    const traded = at % 3 === 0 ? trading(client, parts) : client;
    return at % 5 === 1 ? inPieces(traded, parts) : traded;
  });
}

function trading(client: GeneratedClient, { seed, others }: BesideParts): GeneratedClient {
  const random = PseudoRandom.of(seed, `beside ${client.account}`);
  const positions = others.flatMap(({ market, where }): Position[] => {
    const contract = random.pick(market.contracts.filter(({ kind }) => kind === 'FUT'));
    const segment = TRADED_IN[where.segment as keyof typeof TRADED_IN];
    return random.next() < 0.4 ? [positionOf(contract, segment, random.pick([-1, 1]), market)] : [];
  });
  return {
    ...client,
    segments: [...client.segments, ExchangeSegment.CDS, ExchangeSegment.MCX],
    positions: [...client.positions, ...positions],
  };
}

function positionOf(contract: ListedContract, segment: number, lots: number, market: Market): Position {
  const price = Math.round(marketPrice(contract, contract.underlying.close, market.previousDate) * 10_000);
  return { segment, token: contract.token, product: Product.NRML, quantity: lots * contract.underlying.lot, price };
}

/** A deposit in place of the figure of cash equivalents, two shares pledged in place of that of non-cash. */
function inPieces(client: GeneratedClient, { seed, shares }: BesideParts): GeneratedClient {
  const random = PseudoRandom.of(seed, `pieces ${client.account}`);
  const listed = shares.filter(({ series }) => series === 'EQ');
  const chosen = [...new Set([random.pick(listed), random.pick(listed)])];
  const value = Math.max(client.nonCash, 2_000_000) / chosen.length;
  const pledges = chosen.map(({ token, isin, close }) => ({ token, isin, units: Math.max(1, Math.round(value / (close * 100))) }));
  const others = client.holdings.filter(({ token }) => !chosen.some((share) => share.token === token)).map((held) => ({ ...held, pledged: 0 }));
  const pledged = pledges.map(({ token, units }) => {
    const known = client.holdings.find((held) => held.token === token);
    return { segment: ExchangeSegment.NSE, token, free: known?.free ?? 0, t1: known?.t1 ?? 0, pledged: units };
  });
  const deposit = client.cashEquivalent === 0 ? [] : [{ kind: 'FDR' as const, key: `FD${client.account}`, quantity: client.cashEquivalent }];
  return {
    ...client,
    cashEquivalent: 0,
    nonCash: 0,
    pieces: [...deposit, ...pledges.map(({ isin, units }) => ({ kind: 'EQUITY' as const, key: isin, quantity: units }))],
    holdings: [...others, ...pledged].sort((a, b) => a.token - b.token),
  };
}

/** The first hedger holds one index against the other; the second the bank index against the futures of its members. */
function hedged(client: GeneratedClient, which: number, { market }: BesideParts): GeneratedClient {
  const future = (symbol: string): ListedContract | undefined =>
    market.contracts.find(({ underlying, kind }) => underlying.symbol === symbol && kind === 'FUT');
  const legs =
    which === 0
      ? ([
          ['NIFTY', 4],
          ['BANKNIFTY', -4],
        ] as const)
      : ([['BANKNIFTY', -2], ...BANKS.map((symbol) => [symbol, 2] as const)] as const);
  const positions = legs.flatMap(([symbol, lots]): Position[] => {
    const contract = future(symbol);
    return contract === undefined ? [] : [positionOf(contract, ExchangeSegment.NFO, lots, market)];
  });
  return { ...client, account: `${HEDGER_ACCOUNT}0${which + 1}`, status: 'ACTIVE', cash: 2 * CRORE, holdings: [], positions };
}

const BANKS = ['HDFCBANK', 'ICICIBANK', 'SBIN', 'AXISBANK', 'KOTAKBANK'];
