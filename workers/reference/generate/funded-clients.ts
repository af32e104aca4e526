// Margin trading funding (MTF) of a made-up day: the house's list of shares, and the clients it has sanctioned with what some of them bought on
// earlier days. The rest of a client stays as clients.ts makes it.
import { ExchangeSegment } from '../../../engine/index.ts';
import { tradingDayBefore } from '../trading-days.ts';
import type { GeneratedClient } from './clients.ts';
import type { Market } from './market.ts';
import type { Share } from './print-listings.ts';
import { PseudoRandom } from './pseudo-random.ts';

/** Every fourth client is sanctioned, every fourth of those has bought before. */
const SANCTIONED = 4;
const HOLDS = 16;
/** Sanctioned, of the client's cash: what a margin of 25 % buys, half of it. */
const TIMES_CASH = 1.5;
const LENT = 0.75;
const LAKH = 100 * 100_000;
/** Trading days ago of the lots a client comes with: one whose pledge is whole, one on its last day to be pledged, or (every second client) past it. */
const PLEDGED_AGO = 6;
const OPEN_AGO = 3;
const LAPSED_AGO = 4;

/** Columns of the list, and shares of which the house asks more than the rule: those it knows least, per cent. */
const HEADER = 'isin,margin';
const SMALL_SHARE_MARGIN = 40;
const SMALL_SHARES_FROM = 7_000;

/** The house's list: every share that is not settled trade for trade. */
export function printFunded(shares: readonly Share[]): string[] {
  const listed = shares.filter(({ series }) => series === 'EQ');
  return [HEADER, ...listed.map(({ isin, token }) => `${isin},${token >= SMALL_SHARES_FROM ? SMALL_SHARE_MARGIN : ''}`)];
}

/** The clients with what the house has sanctioned, and lots of a few of them. */
export function withFunding(clients: readonly GeneratedClient[], seed: number, market: Market, shares: readonly Share[]): GeneratedClient[] {
  const listed = shares.filter(({ series, token }) => series === 'EQ' && token < SMALL_SHARES_FROM);
  return clients.map((client, at) => {
    if (client.kind !== 'CLIENT' || at % SANCTIONED !== 2) return client;
    const maxFunded = Math.max(LAKH, Math.round(client.cash * TIMES_CASH));
    const sanctioned = { ...client, limits: { ...client.limits, maxFunded } };
    if (at % HOLDS !== 2 || listed.length === 0) return sanctioned;
    const openAgo = at % (2 * HOLDS) === 2 ? OPEN_AGO : LAPSED_AGO;
    return { ...sanctioned, fundedLots: lotsOf(client, maxFunded, { seed, market, listed, openAgo }) };
  });
}

interface LotGround {
  readonly seed: number;
  readonly market: Market;
  readonly listed: readonly Share[];
  readonly openAgo: number;
}

/** Two lots of one share, each a tenth of the sanction. */
function lotsOf(
  { account }: GeneratedClient,
  maxFunded: number,
  { seed, market, listed, openAgo }: LotGround,
): NonNullable<GeneratedClient['fundedLots']> {
  const random = PseudoRandom.of(seed, `funded ${account}`);
  const { token, close } = random.pick(listed);
  return [PLEDGED_AGO, openAgo].map((ago) => {
    const price = Math.round(close * random.between(0.97, 1.03) * 100);
    const units = Math.max(1, Math.floor(maxFunded / 10 / LENT / price));
    const cost = units * price;
    const boughtOn = tradingDayBefore(market.date, ago);
    const pledged = ago === PLEDGED_AGO ? units : Math.floor(units / 2);
    return { segment: ExchangeSegment.NSE, token, boughtOn, units, pledged, cost, funded: Math.floor(cost * LENT) };
  });
}
