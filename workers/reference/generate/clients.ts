// The broker's clients of the made-up day, one JSON object a line (clients.jsonl): this program's own form, field names and units those of
// the engine's commands (OpenAccount, SetCollateral, SetHoldings, SetLimit, ImportPosition, ImportFundedLot). No PAN: the risk group is a token.
import { createHash } from 'node:crypto';
import { type CollateralPieceBody, ExchangeSegment, type ImportFundedLotBody, Product } from '../../../engine/index.ts';
import { type Market, marketPrice } from './market.ts';
import type { Share } from './print-listings.ts';
import { PseudoRandom } from './pseudo-random.ts';
import type { Underlying } from './underlyings.ts';

/** One client at begin of day. Amounts in paise after haircut, quantities in units, prices in ticks. */
export interface GeneratedClient {
  readonly account: string;
  /** Hex token that accounts of one person share; the first account of a pair and the second have the same. */
  readonly riskGroup: string;
  readonly status: 'ACTIVE' | 'FROZEN' | 'REDUCE_ONLY';
  readonly kind: 'CLIENT' | 'PROPRIETARY' | 'ERROR';
  /** ExchangeSegment numbers. */
  readonly segments: readonly number[];
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  /** Collateral the engine values itself; nonCash and cashEquivalent are then what is beside it. Absent: given as figures. */
  readonly pieces?: readonly CollateralPieceBody[];
  readonly holdings: readonly {
    readonly segment: number;
    readonly token: number;
    readonly free: number;
    readonly pledged: number;
    readonly t1: number;
  }[];
  readonly positions: readonly {
    readonly segment: number;
    readonly token: number;
    readonly product: number;
    readonly quantity: number;
    readonly price: number;
  }[];
  readonly limits: {
    readonly maxOrderQuantity: number;
    readonly maxOrderValue: number;
    readonly maxOpenOrders: number;
    readonly maxOpenOrderValue: number;
    readonly maxNetQuantity: number;
    readonly maxGrossValue: number;
    readonly maxTurnover: number;
    /** Sanctioned of margin trading funding (MTF); absent: the client is not enabled. */
    readonly maxFunded?: number;
  };
  /** Bought on earlier days with funding, paise. */
  readonly fundedLots?: readonly Omit<ImportFundedLotBody, 'account' | 'reference'>[];
}

const CRORE = 100 * 10_000_000;
const LAKH = 100 * 100_000;

/** The clients; the first two accounts are the house's own and its error account. */
export function makeClients(seed: number, count: number, market: Market, shares: readonly Share[]): GeneratedClient[] {
  return Array.from({ length: count }, (_, number) => makeClient(seed, number, market, shares));
}

const AT_BSE: Readonly<Record<number, readonly number[]>> = {
  [ExchangeSegment.NSE]: [ExchangeSegment.BSE],
  [ExchangeSegment.NFO]: [ExchangeSegment.BFO],
};

/** A client that trades at BSE whatever it trades at NSE. */
export const atBothExchanges = (client: GeneratedClient): GeneratedClient => ({
  ...client,
  segments: [...client.segments, ...client.segments.flatMap((segment) => AT_BSE[segment] ?? [])],
});

function makeClient(seed: number, number: number, market: Market, shares: readonly Share[]): GeneratedClient {
  const random = PseudoRandom.of(seed, `client ${number}`);
  const account = number === 0 ? 'PRO' : number === 1 ? 'ERROR' : `C${String(number).padStart(6, '0')}`;
  // Every twentieth person has two accounts.
  const person = number % 20 === 19 ? number - 1 : number;
  const wealth = 0.2 * LAKH * 2 ** random.between(0, 11);
  const segments = random.next() < 0.75 || number < 2 ? [ExchangeSegment.NSE, ExchangeSegment.NFO] : [ExchangeSegment.NSE];
  const chance = random.next();
  return {
    account,
    riskGroup: createHash('sha256').update(`risk group ${seed} ${person}`).digest('hex').slice(0, 32),
    status: number < 2 || chance > 0.02 ? 'ACTIVE' : chance > 0.01 ? 'REDUCE_ONLY' : 'FROZEN',
    kind: number === 0 ? 'PROPRIETARY' : number === 1 ? 'ERROR' : 'CLIENT',
    segments,
    cash: number === 0 ? 50 * CRORE : Math.round(wealth),
    cashEquivalent: Math.round(wealth * random.between(0, 0.5)),
    nonCash: Math.round(wealth * random.between(0, 1.5)),
    holdings: makeHoldings(random, shares),
    positions: number > 1 && segments.includes(ExchangeSegment.NFO) && random.next() < 0.3 ? [makePosition(random, market)] : [],
    limits: {
      maxOrderQuantity: 0,
      maxOrderValue: 5 * CRORE,
      maxOpenOrders: 200,
      maxOpenOrderValue: 25 * CRORE,
      maxNetQuantity: 0,
      maxGrossValue: 50 * CRORE,
      maxTurnover: 500 * CRORE,
    },
  };
}

function makeHoldings(random: PseudoRandom, shares: readonly Share[]): GeneratedClient['holdings'] {
  const tokens = new Set(Array.from({ length: random.integer(0, 4) }, () => random.pick(shares).token));
  return [...tokens]
    .sort((a, b) => a - b)
    .map((token) => {
      const free = random.integer(1, 500);
      return {
        segment: ExchangeSegment.NSE,
        token,
        free,
        pledged: random.next() < 0.3 ? random.integer(1, 300) : 0,
        t1: random.next() < 0.2 ? random.integer(1, 50) : 0,
      };
    });
}

/** A long option or a one-lot future carried from the day before, at its settlement price. */
function makePosition(random: PseudoRandom, market: Market): GeneratedClient['positions'][number] {
  const contract = random.pick(market.contracts);
  const lots = contract.kind === 'FUT' ? random.pick([-1, 1]) : random.integer(1, 4);
  const close = (underlying: Underlying): number => underlying.close;
  return {
    segment: ExchangeSegment.NFO,
    token: contract.token,
    product: Product.NRML,
    quantity: lots * contract.underlying.lot,
    price: Math.round(marketPrice(contract, close(contract.underlying), market.previousDate) * 10_000),
  };
}
