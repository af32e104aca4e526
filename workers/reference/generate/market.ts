// The made-up market at a moment: what is listed (fixed for the day) and what it costs. Prices follow from the underlyings' spots alone.
import { contractName, monthlyExpiries } from '../contract-name.ts';
import { optionPrice } from './option-price.ts';
import { daysBetween, previousTradingDay } from './trading-calendar.ts';
import { type MarketSize, makeUnderlyings, round, type Underlying } from './underlyings.ts';

/** Continuous interest rate of arrays and premiums. */
export const RATE = 0.0655;
const TICK = 0.05;

/** A listed derivative. Strike in rupees, 0 for a future. */
export interface ListedContract {
  readonly underlying: Underlying;
  readonly kind: 'FUT' | 'CE' | 'PE';
  readonly expiry: number;
  readonly strike: number;
  readonly token: number;
  readonly name: string;
}

export interface Market {
  readonly date: number;
  readonly previousDate: number;
  readonly underlyings: readonly Underlying[];
  /** By underlying, then futures, then options by expiry and strike, calls before puts. */
  readonly contracts: readonly ListedContract[];
  readonly seed: number;
  /** Seed of the day's price paths. */
  readonly pathSeed: number;
  /** No contract listed so far has this token or one above it. */
  readonly nextToken: number;
}

const FIRST_TOKEN = 35_000;

/** Lists the market of a business date that stands alone. */
export function makeMarket(seed: number, date: number, size: MarketSize): Market {
  return listMarket(date, makeUnderlyings(seed, date, size), { seed, path: seed });
}

/** Lists the market of a business date; what `before` listed stays listed until it expires, under its token. */
export function listMarket(
  date: number,
  underlyings: readonly Underlying[],
  seeds: { readonly seed: number; readonly path: number },
  before: Pick<Market, 'contracts' | 'nextToken'> = { contracts: [], nextToken: FIRST_TOKEN },
): Market {
  const tokens = new Map(before.contracts.map((contract) => [keyOf(contract), contract.token]));
  let next = before.nextToken;
  const contracts: ListedContract[] = [];
  for (const underlying of underlyings) {
    const monthlies = monthlyExpiries([...underlying.optionExpiries, ...underlying.futureExpiries]);
    const list = (kind: ListedContract['kind'], expiry: number, strike: number): void => {
      const name = contractName({ symbol: underlying.symbol, kind, expiry, strike: Math.round(strike * 10_000), isMonthly: monthlies.has(expiry) });
      const token = tokens.get(keyOf({ underlying, kind, expiry, strike })) ?? next++;
      contracts.push({ underlying, kind, expiry, strike, token, name });
    };
    const listed = before.contracts.filter((contract) => contract.underlying.symbol === underlying.symbol && contract.kind === 'CE');
    for (const expiry of underlying.futureExpiries) list('FUT', expiry, 0);
    for (const expiry of underlying.optionExpiries) {
      const kept = listed.filter((contract) => contract.expiry === expiry).map(({ strike }) => strike);
      for (const strike of [...new Set([...strikesOf(underlying), ...kept])].sort((a, b) => a - b)) {
        list('CE', expiry, strike);
        list('PE', expiry, strike);
      }
    }
  }
  const { seed, path: pathSeed } = seeds;
  return {
    date,
    previousDate: previousTradingDay(date),
    underlyings,
    contracts,
    seed,
    pathSeed,
    nextToken: next,
  };
}

const keyOf = ({ underlying, kind, expiry, strike }: Pick<ListedContract, 'underlying' | 'kind' | 'expiry' | 'strike'>): string =>
  `${underlying.symbol} ${kind} ${expiry} ${strike}`;

function strikesOf(underlying: Underlying): number[] {
  const { close, strikeStep, strikes } = underlying;
  const middle = Math.round(close / strikeStep);
  // Never at or below zero: a ladder too long for a low price is shifted up.
  const first = Math.max(1, middle - Math.floor(strikes / 2));
  return Array.from({ length: strikes }, (_, i) => (first + i) * strikeStep);
}

/** Settlement price of a contract in rupees, on the tick, when its underlying stands at `spot`. */
export function marketPrice(contract: ListedContract, spot: number, asOf: number): number {
  const years = Math.max(0, daysBetween(asOf, contract.expiry)) / 365;
  if (contract.kind === 'FUT') return round(spot * Math.exp(RATE * years), TICK);
  const { strike } = contract;
  const price = optionPrice(contract.kind, { spot, strike, years, sigma: smile(contract, spot), rate: RATE });
  return Math.max(TICK, round(price, TICK));
}

/** The contract's own implied volatility: higher away from the money, a little more for puts below it. */
export function smile(contract: ListedContract, spot: number): number {
  const distance = contract.strike / spot - 1;
  const skew = distance < 0 ? 0.9 : 0.45;
  return contract.underlying.sigma * (0.96 + Math.min(1.2, skew * distance * distance * 10 + (distance < 0 ? -0.35 : 0.1) * distance));
}
