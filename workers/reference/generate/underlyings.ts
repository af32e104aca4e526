// The made-up market's underlyings: four real index names, well-known stocks at round prices, then invented symbols. Prices are of no day.

import { madeUpIsin } from './made-up-isin.ts';
import { PseudoRandom } from './pseudo-random.ts';
import { monthlyExpiryList, weeklyExpiries } from './trading-calendar.ts';

/** One underlying. Rupees unless said. */
export interface Underlying {
  readonly symbol: string;
  readonly isIndex: boolean;
  /** Token of the share in the cash segment; of the index itself for an index. */
  readonly token: number;
  readonly isin: string;
  readonly title: string;
  /** Close of the day before. */
  readonly close: number;
  /** Flat annual volatility of the risk arrays, fraction. */
  readonly sigma: number;
  /** Price scan range, fraction of the price; beyond nine months for indices 17.7 %. */
  readonly psr: number;
  readonly psrFar: number;
  readonly vsr: number;
  readonly lot: number;
  readonly strikeStep: number;
  readonly strikes: number;
  readonly futureExpiries: readonly number[];
  /** Empty: futures only. */
  readonly optionExpiries: readonly number[];
}

/** How large the market is. */
export interface MarketSize {
  readonly underlyings: number;
  /** Strikes per stock series; index series have twice as many. */
  readonly strikes: number;
  /** The last underlyings have futures only. */
  readonly futuresOnly: number;
}

const INDICES: readonly (readonly [string, string, number, number, number, number, number])[] = [
  // symbol, title, token, level, volatility, lot, strike step
  ['NIFTY', 'NIFTY 50', 26000, 24_050, 0.128, 65, 50],
  ['BANKNIFTY', 'NIFTY BANK', 26009, 54_800, 0.162, 30, 100],
  ['FINNIFTY', 'NIFTY FINANCIAL SERVICES', 26037, 25_900, 0.158, 60, 50],
  ['MIDCPNIFTY', 'NIFTY MIDCAP SELECT', 26074, 13_150, 0.182, 120, 25],
];
const STOCKS: readonly (readonly [string, string, number, number])[] = [
  ['RELIANCE', 'RELIANCE INDUSTRIES LTD', 2885, 1380],
  ['HDFCBANK', 'HDFC BANK LTD', 1333, 985],
  ['ICICIBANK', 'ICICI BANK LTD.', 4963, 1395],
  ['INFY', 'INFOSYS LIMITED', 1594, 1520],
  ['TCS', 'TATA CONSULTANCY SERV LT', 11536, 3080],
  ['SBIN', 'STATE BANK OF INDIA', 3045, 905],
  ['ITC', 'ITC LTD', 1660, 412],
  ['LT', 'LARSEN & TOUBRO LTD.', 11483, 3890],
  ['AXISBANK', 'AXIS BANK LIMITED', 5900, 1215],
  ['KOTAKBANK', 'KOTAK MAHINDRA BANK LTD', 1922, 2140],
  ['BHARTIARTL', 'BHARTI AIRTEL LIMITED', 10604, 2010],
  ['HINDUNILVR', 'HINDUSTAN UNILEVER LTD.', 1394, 2450],
  ['M&M', 'MAHINDRA & MAHINDRA LTD', 2031, 3540],
  ['MARUTI', 'MARUTI SUZUKI INDIA LTD.', 10999, 15_850],
  ['TATASTEEL', 'TATA STEEL LIMITED', 3499, 172],
  ['BAJAJ-AUTO', 'BAJAJ AUTO LIMITED', 16669, 9020],
  ['SUNPHARMA', 'SUN PHARMACEUTICAL IND L', 3351, 1705],
  ['WIPRO', 'WIPRO LTD', 3787, 246],
];

/** The underlyings for a business date: indices first, then stocks. */
export function makeUnderlyings(seed: number, date: number, size: MarketSize): Underlying[] {
  const random = PseudoRandom.of(seed, 'underlyings');
  const list: Underlying[] = [];
  for (const [symbol, title, token, level, sigma, lot, strikeStep] of INDICES.slice(0, size.underlyings)) {
    const close = round(level * random.between(0.97, 1.03), 0.05);
    const index = { symbol, title, token, isin: '', isIndex: true, close, sigma, lot, strikeStep, strikes: size.strikes * 2 };
    list.push({ ...index, psr: Math.max(0.093, round(sigma * 0.7, 0.001)), psrFar: 0.177, vsr: 0.05, ...indexExpiries(symbol, date) });
  }
  const monthlies = monthlyExpiryList(date, 3);
  for (let i = list.length; i < size.underlyings; i++) {
    const hasOptions = i < size.underlyings - size.futuresOnly;
    list.push({ ...makeStock(random, i - INDICES.length, size.strikes), futureExpiries: monthlies, optionExpiries: hasOptions ? monthlies : [] });
  }
  return list;
}

function indexExpiries(symbol: string, date: number): Pick<Underlying, 'futureExpiries' | 'optionExpiries'> {
  const monthlies = monthlyExpiryList(date, 3);
  const quarters = monthlyExpiryList(date, symbol === 'NIFTY' ? 5 : 2, 3);
  const weeklies = symbol === 'NIFTY' ? weeklyExpiries(date, 4) : [];
  const optionExpiries = [...new Set([...weeklies, ...monthlies, ...(symbol === 'FINNIFTY' || symbol === 'MIDCPNIFTY' ? [] : quarters)])];
  return { futureExpiries: monthlies, optionExpiries: optionExpiries.sort((a, b) => a - b) };
}

/** Everything about a stock but its expiries. Stock 18 and later are invented. */
function makeStock(random: PseudoRandom, number: number, strikes: number): Omit<Underlying, 'futureExpiries' | 'optionExpiries'> {
  const [symbol, title, token, level] = STOCKS[number] ?? [
    inventedSymbol(number),
    `${inventedSymbol(number)} LIMITED`,
    20_000 + number * 7,
    Math.round(random.between(8, 70) ** 2),
  ];
  const close = round(level * random.between(0.95, 1.05), 0.05);
  const sigma = round(random.between(0.2, 0.48), 0.0001);
  return {
    symbol,
    title,
    token,
    isin: madeUpIsin(number, 'Z'),
    isIndex: false,
    close,
    sigma,
    psr: Math.max(0.142, round(sigma * 0.444, 0.001)),
    psrFar: Math.max(0.142, round(sigma * 0.444, 0.001)),
    vsr: 0.1,
    lot: lotFor(close),
    strikeStep: niceStep(close * 0.01),
    strikes,
  };
}

const SYLLABLES = [
  'AK',
  'BHA',
  'CHE',
  'DEV',
  'GAN',
  'HIM',
  'JAY',
  'KAV',
  'LOK',
  'MAN',
  'NIR',
  'OM',
  'PRA',
  'RAJ',
  'SHA',
  'TEJ',
  'UDA',
  'VAR',
  'YAS',
  'ZEN',
];
const ENDINGS = ['CHEM', 'PORT', 'BANK', 'FIN', 'PHAR', 'TECH', 'CEM', 'PAINT', 'POWER', 'STEEL', 'GAS', 'AUTO', 'INFRA', 'CAP', 'LIFE', 'FOODS'];

function inventedSymbol(number: number): string {
  return `${SYLLABLES[number % SYLLABLES.length]}${ENDINGS[Math.floor(number / SYLLABLES.length) % ENDINGS.length]}`;
}

/** A contract worth about Rs 7.5 lakh, in fives. */
function lotFor(price: number): number {
  return Math.max(25, Math.round(750_000 / price / 25) * 25);
}

function niceStep(rough: number): number {
  for (const step of [0.5, 1, 2.5, 5, 10, 20, 50, 100]) if (step >= rough) return step;
  return 200;
}

/** Nearest multiple of a step, without binary dust. */
export function round(value: number, step: number): number {
  return Math.round(Math.round(value / step) * step * 1e6) / 1e6;
}
