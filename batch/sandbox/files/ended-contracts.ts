// Contracts on their last day, as the clearing corporation settles them by its own books: who holds them net, what is exercised for cash, what
// delivers shares at which price (final settlement price of a future, strike of an option that is in the money), and the taxes on both. Worked out
// apart from ours, so that it can disagree.
import { businessDate, chargeKey, chargeRatesOn, exerciseTax, ratesOfKey } from '../../../engine/index.ts';
import type { BhavcopyRow } from '../../../workers/reference/index.ts';
import type { Chain } from '../../graph/node-row.ts';
import { compactDate } from '../../ports/file-names.ts';
import { carriedIn, type MarketDay } from '../market-day.ts';
import type { SeenTrade } from './evening-files.ts';

/** One client's units of a contract that ends today; signed, never zero. */
export interface EndedUnits {
  /** FO, BFO of BSE, CD or COM. */
  readonly chain: Chain;
  readonly client: string;
  readonly contract: BhavcopyRow;
  readonly units: number;
}

/** Shares that change hands for it. */
export interface SharesDue {
  readonly chain: Chain;
  readonly client: string;
  readonly contract: BhavcopyRow;
  readonly share: BhavcopyRow;
  /** Signed: above zero the client gets them. */
  readonly units: number;
  /** Ticks. */
  readonly price: number;
}

const TICKS = 10_000;
const MICROS_PER_TICK = 100;
const NORMAL_SERIES = 'EQ';

/** What was carried in and traded of every contract that ends on the day, net by client. */
export function endedUnits(day: MarketDay, trades: readonly SeenTrade[]): EndedUnits[] {
  const today = Number(compactDate(day.date));
  return carriedIn(day).flatMap(({ segment: own, chain, now }) => {
    const net = new Map<string, number>();
    const add = (client: string, token: number, units: number): void => {
      if (now.get(token)?.expiry === today) net.set(`${client} ${token}`, (net.get(`${client} ${token}`) ?? 0) + units);
    };
    for (const { account, positions } of day.clients)
      for (const { segment, token, quantity } of positions) if (segment === own) add(account, token, quantity);
    for (const { segment, client, token, side, quantity, cancelled } of trades)
      if (segment === chain && cancelled !== true) add(client, token, side === 'B' ? quantity : -quantity);
    return [...net].flatMap(([key, units]) => {
      const [client = '', token = ''] = key.split(' ');
      const contract = now.get(Number(token));
      return contract === undefined || units === 0 ? [] : [{ chain, client, contract, units }];
    });
  });
}

/** Ticks a unit is in the money by at the underlying's close. */
const worthOf = ({ optionType, underlyingPrice = 0, strike = 0 }: BhavcopyRow): number =>
  Math.max(0, optionType === 'CE' ? underlyingPrice - strike : strike - underlyingPrice);

const isIndexOption = ({ optionType, instrumentType }: BhavcopyRow): boolean => optionType !== '' && instrumentType.startsWith('ID');

/** Options on indices and currencies exercised for cash: rupees to whoever holds them net (above zero), from whoever sold them. */
export const exercisedForCash = (day: MarketDay, trades: readonly SeenTrade[]): [chain: Chain, client: string, token: number, amount: number][] =>
  endedUnits(day, trades)
    .filter(({ chain, contract }) => isIndexOption(contract) || (chain === 'CD' && contract.optionType !== ''))
    .map(({ chain, client, contract, units }) => [chain, client, contract.token, (units * worthOf(contract)) / TICKS]);

/** Shares that stock futures, and stock options in the money, deliver. */
export function sharesDue(day: MarketDay, trades: readonly SeenTrade[]): SharesDue[] {
  const shares = new Map([...day.shares.values()].filter(({ series }) => series === NORMAL_SERIES).map((share) => [share.symbol, share]));
  return endedUnits(day, trades).flatMap(({ chain, client, contract, units }) => {
    const share = shares.get(contract.symbol);
    const isFuture = contract.optionType === '';
    if (share === undefined || !contract.instrumentType.startsWith('ST') || (!isFuture && worthOf(contract) === 0)) return [];
    const price = isFuture ? (contract.settlementPrice ?? 0) : (contract.strike ?? 0);
    return [{ chain, client, contract, share, units: contract.optionType === 'PE' ? -units : units, price }];
  });
}

/** Taxes on one client's contract that ended, in 1e-18 rupee. */
export interface EndedTaxes {
  readonly chain: Chain;
  readonly client: string;
  readonly contract: BhavcopyRow;
  readonly stt: bigint;
  readonly stamp: bigint;
}

/** Delivery is taxed as a delivery trade of the shares, on both sides; what is exercised for cash on what it is worth, to its buyer. */
export function endedTaxes(day: MarketDay, trades: readonly SeenTrade[]): EndedTaxes[] {
  const date = businessDate(Number(compactDate(day.date)));
  const rates = chargeRatesOn(date);
  const delivered = sharesDue(day, trades).map(({ chain, client, contract, units, price }) => {
    const side = units > 0 ? 'BUY' : 'SELL';
    const { tax, stamp } = ratesOfKey(rates, chargeKey({ exchange: 'NSE', segment: 'EQ', product: 'CNC', side }));
    const value = BigInt(price * MICROS_PER_TICK) * BigInt(Math.abs(units)) * 1_000n;
    return { chain, client, contract, stt: value * tax, stamp: value * stamp };
  });
  const exercised = endedUnits(day, trades).flatMap(({ chain, client, contract, units }) => {
    const { optionType: kind, strike = 0, underlyingPrice = 0 } = contract;
    if (units < 0 || !isIndexOption(contract) || worthOf(contract) === 0 || (kind !== 'CE' && kind !== 'PE')) return [];
    const exercise = { segment: 'OPT', kind, strike: strike * MICROS_PER_TICK, settlementPrice: underlyingPrice * MICROS_PER_TICK } as const;
    return [{ chain, client, contract, stt: exerciseTax({ ...exercise, quantity: units }, date).exact, stamp: 0n }];
  });
  return [...delivered, ...exercised];
}
