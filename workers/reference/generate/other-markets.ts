// Currency and commodity contracts of the made-up day, each a market of its own with its clearing corporation: names as traded, prices of no day.
// Listed like equity derivatives, so that they go on from day to day; futures, and of the dollar options too.

import { type ListedContract, listMarket, type Market } from './market.ts';
import { followed } from './market-series.ts';
import type { ListedWhere } from './print-listings.ts';
import type { ClearingHouse } from './print-span.ts';
import { currencyExpiryList, dayOfMonthList } from './trading-calendar.ts';
import type { Underlying } from './underlyings.ts';

/** A market beside equity derivatives. */
export interface OtherMarket {
  readonly market: Market;
  readonly house: ClearingHouse;
  readonly where: ListedWhere;
  /** Names of its files: up to the date, and up to the first 0. */
  readonly spanStem: 'nsccl_x' | 'mcxccl';
  readonly bhavcopyStem: 'NSE_CD' | 'MCX_CO';
}

interface Product {
  readonly symbol: string;
  readonly title: string;
  readonly price: number;
  readonly sigma: number;
  /** Price and volatility scan range, fractions. */
  readonly psr: number;
  readonly vsr: number;
  /** Units a lot: of what the price is quoted for. */
  readonly lot: number;
  readonly futures: (date: number) => readonly number[];
  readonly options?: { readonly step: number; readonly strikes: number };
}

const EVERY_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const months = (date: number): number[] => currencyExpiryList(date, 3);

const CURRENCIES: readonly Product[] = [
  {
    symbol: 'USDINR',
    title: 'US DOLLAR',
    price: 88.6,
    sigma: 0.045,
    psr: 0.019,
    vsr: 0.03,
    lot: 1000,
    futures: months,
    options: { step: 0.25, strikes: 9 },
  },
  { symbol: 'EURINR', title: 'EURO', price: 102.3, sigma: 0.075, psr: 0.028, vsr: 0.03, lot: 1000, futures: months },
  { symbol: 'GBPINR', title: 'POUND STERLING', price: 116.4, sigma: 0.085, psr: 0.032, vsr: 0.03, lot: 1000, futures: months },
];

const COMMODITIES: readonly Product[] = [
  // Quoted for 10 g; a lot is a kilogram.
  {
    symbol: 'GOLD',
    title: 'GOLD',
    price: 121_400,
    sigma: 0.16,
    psr: 0.06,
    vsr: 0.04,
    lot: 100,
    futures: (date) => dayOfMonthList(date, 3, 5, [2, 4, 6, 8, 10, 12]),
  },
  {
    symbol: 'SILVER',
    title: 'SILVER',
    price: 148_200,
    sigma: 0.28,
    psr: 0.1,
    vsr: 0.06,
    lot: 30,
    futures: (date) => dayOfMonthList(date, 3, 5, [3, 5, 7, 9, 12]),
  },
  {
    symbol: 'CRUDEOIL',
    title: 'CRUDE OIL',
    price: 5460,
    sigma: 0.36,
    psr: 0.13,
    vsr: 0.33,
    lot: 100,
    futures: (date) => dayOfMonthList(date, 3, 19, EVERY_MONTH),
  },
  {
    symbol: 'NATURALGAS',
    title: 'NATURAL GAS',
    price: 316,
    sigma: 0.55,
    psr: 0.19,
    vsr: 0.06,
    lot: 1250,
    futures: (date) => dayOfMonthList(date, 3, 25, EVERY_MONTH),
  },
];

const FIRST_TOKENS = { currency: 9_001, commodity: 470_001 } as const;
const typed =
  (suffix: string) =>
  ({ kind }: ListedContract): string =>
    `${kind === 'FUT' ? 'FUT' : 'OPT'}${suffix}`;

/** Currency and commodity of a business date in the series that began at `first` (the date itself: a day that stands alone). */
export function otherMarkets(seed: number, first: number, date: number): readonly OtherMarket[] {
  const listed = (products: readonly Product[], nextToken: number): Market => {
    const make = (day: number): Underlying[] => products.map((product) => underlyingOf(product, day));
    const start = listMarket(first, make(first), { seed, path: seed }, { contracts: [], nextToken });
    return followed({ seed, date, start }, make);
  };
  return [
    {
      market: listed(CURRENCIES, FIRST_TOKENS.currency),
      house: { org: 'NSCCL', name: 'NSE Clearing Limited', exchange: 'NSE' },
      where: { segment: 'CD', source: 'NSE', typeOf: typed('CUR') },
      spanStem: 'nsccl_x',
      bhavcopyStem: 'NSE_CD',
    },
    {
      market: listed(COMMODITIES, FIRST_TOKENS.commodity),
      house: { org: 'MCXCCL', name: 'MCX Clearing Corporation Limited', exchange: 'MCX' },
      where: { segment: 'CO', source: 'MCX', typeOf: typed('COM') },
      spanStem: 'mcxccl',
      bhavcopyStem: 'MCX_CO',
    },
  ];
}

function underlyingOf({ symbol, title, price, sigma, psr, vsr, lot, futures, options }: Product, date: number): Underlying {
  const futureExpiries = futures(date);
  return {
    ...{ symbol, title, token: 0, isin: '', isIndex: false, close: price, sigma, psr, psrFar: psr, vsr, lot, futureExpiries },
    strikeStep: options?.step ?? 1,
    strikes: options?.strikes ?? 0,
    optionExpiries: options === undefined ? [] : futureExpiries.slice(0, 2),
  };
}
