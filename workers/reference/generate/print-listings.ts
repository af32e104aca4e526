// Prints what is listed: the cash and derivative bhavcopies of a day, and the NSE F&O contract file of the business date.
import { type BhavcopyRow, bhavcopyHeader, printBhavcopyRow } from '../bhavcopy.ts';
import { CONTRACT_COLUMNS, CONTRACT_POSITIONS } from '../contract-file.ts';
import { cashBand, cashTickByRule } from '../exchange-rules.ts';
import { madeUpIsin } from './made-up-isin.ts';
import { type ListedContract, type Market, marketPrice } from './market.ts';
import { PseudoRandom } from './pseudo-random.ts';
import { daysBetween } from './trading-calendar.ts';
import { round, type Underlying } from './underlyings.ts';

/** A share of the cash market; those without derivatives exist only here. */
export interface Share {
  readonly symbol: string;
  readonly series: string;
  readonly title: string;
  readonly isin: string;
  readonly token: number;
  readonly close: number;
  readonly sigma: number;
}

/** Shares of the underlyings, and as many again without derivatives (every tenth settled trade for trade). */
export function makeShares(seed: number, market: Market): Share[] {
  const random = PseudoRandom.of(seed, 'shares');
  const shares: Share[] = [];
  for (const each of market.underlyings) if (!each.isIndex) shares.push({ ...each, series: 'EQ' });
  for (let i = 0; i < 20; i++) {
    const series = i % 10 === 9 ? 'BE' : 'EQ';
    const symbol = `TZ${String.fromCharCode(65 + i)}MILLS`;
    const close = round(random.between(4, 40) ** 2, 0.05);
    shares.push({
      symbol,
      series,
      title: `${symbol} LTD`,
      isin: madeUpIsin(900 + i, 'T'),
      token: 7000 + i,
      close,
      sigma: random.between(0.3, 0.6),
    });
  }
  return shares;
}

/** Per cent of the close within which shares settled trade for trade move. */
const TRADE_TO_TRADE_BAND = 5;

/** First shares of the market in NSE's T+0 session, under tokens and a series of its own. */
export const sessionShares = (shares: readonly Share[]): Share[] =>
  shares
    .filter(({ series }) => series === 'EQ')
    .slice(0, SESSION_SHARES)
    .map((share) => ({ ...share, token: SESSION_TOKENS + share.token, series: 'T0' }));

const SESSION_SHARES = 8;
const SESSION_TOKENS = 900_000;

const ticksOf = (rupees: number): number => Math.round(rupees * 10_000);

/** A day's prices around its close. */
interface DayPrices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly last: number;
  readonly previousClose: number;
}

/** `previous`: close of the day before; made up where that day is not part of the market. */
function dayPrices(random: PseudoRandom, close: number, tick: number, previous?: number): DayPrices {
  const price = (rupees: number): number => ticksOf(Math.max(tick, round(rupees, tick)));
  const open = price(close * random.between(0.985, 1.015));
  const last = price(close * random.between(0.999, 1.001));
  const top = Math.max(open, last, ticksOf(close));
  const bottom = Math.min(open, last, ticksOf(close));
  const [high, low] = [price((top / 10_000) * random.between(1, 1.01)), price((bottom / 10_000) * random.between(0.99, 1))];
  const madeUp = price(close * random.between(0.98, 1.02));
  return {
    open,
    high,
    low,
    close: ticksOf(close),
    last,
    previousClose: previous === undefined ? madeUp : ticksOf(previous),
  };
}

const NO_TEXT = { series: '', isin: '', optionType: '', remarks: '', rest: {} } as const;

/** CM bhavcopy of `market.date` or of the day before; `closeOf` gives closes in rupees. */
export function printCashBhavcopy(
  market: Market,
  date: number,
  shares: readonly Share[],
  closeOf: (share: Share) => number,
  source: 'NSE' | 'BSE' = 'NSE',
): string[] {
  const random = PseudoRandom.of(market.seed, source === 'NSE' ? `cash ${date}` : `cash ${source} ${date}`);
  const isNext = date === market.date;
  const day = { tradeDate: date, businessDate: date, segment: 'CM', source, instrumentType: 'STK', expiry: 0, actualExpiry: 0, session: 'F1' };
  const rows = shares.map((share) => {
    const close = closeOf(share);
    const prices = dayPrices(random, close, 0.05, isNext ? share.close : undefined);
    const volume = random.integer(5_000, 4_000_000);
    const { token, isin, symbol, series, title: name } = share;
    const row: BhavcopyRow = {
      ...NO_TEXT,
      ...day,
      ...prices,
      token,
      isin,
      symbol,
      series,
      name,
      settlementPrice: prices.close,
      volume,
      turnover: Math.round((volume * prices.close) / 100),
      trades: Math.ceil(volume / 90),
      lot: 1,
    };
    return printBhavcopyRow(row);
  });
  return [bhavcopyHeader(), ...rows];
}

/** Where derivatives are listed, as a bhavcopy writes it. */
export interface ListedWhere {
  readonly segment: string;
  readonly source: string;
  readonly typeOf: (contract: ListedContract) => string;
}

/** Type of an equity derivative as both exchanges write it: index or stock, future or option. */
export const equityDerivativeType = ({ underlying, kind }: ListedContract): string =>
  `${underlying.isIndex ? 'ID' : 'ST'}${kind === 'FUT' ? 'F' : 'O'}`;

const NSE_DERIVATIVES: ListedWhere = { segment: 'FO', source: 'NSE', typeOf: equityDerivativeType };

/** Derivatives bhavcopy of `date`: about 60 % of options are untraded, with zero open, high, low and last. Volume in lots, open interest in units. */
export function printDerivativesBhavcopy(
  market: Market,
  date: number,
  spotOf: (underlying: Underlying) => number,
  where: ListedWhere = NSE_DERIVATIVES,
): string[] {
  const random = PseudoRandom.of(market.seed, `derivatives ${date}`);
  const before = (contract: ListedContract): number | undefined =>
    date === market.date ? marketPrice(contract, contract.underlying.close, market.previousDate) : undefined;
  return [
    bhavcopyHeader(),
    ...market.contracts.map((contract) =>
      printBhavcopyRow(derivativeRow(random, date, contract, { spot: spotOf(contract.underlying), previous: before(contract), where })),
    ),
  ];
}

/** `previous`: the contract's close of the day before, where that day is part of the market. */
function derivativeRow(
  random: PseudoRandom,
  date: number,
  contract: ListedContract,
  { spot, previous, where }: { readonly spot: number; readonly previous: number | undefined; readonly where: ListedWhere },
): BhavcopyRow {
  const { underlying, kind, expiry, strike, token, name } = contract;
  const close = marketPrice(contract, spot, date);
  const prices = dayPrices(random, close, 0.05, previous);
  const volume = kind === 'FUT' || random.next() > 0.6 ? random.integer(1, 9_000) : 0;
  const untraded = volume === 0 ? { open: 0, high: 0, low: 0, last: 0 } : {};
  const value = kind === 'FUT' ? close : strike + close;
  return {
    ...NO_TEXT,
    ...prices,
    ...untraded,
    tradeDate: date,
    businessDate: date,
    segment: where.segment,
    source: where.source,
    instrumentType: where.typeOf(contract),
    token,
    symbol: underlying.symbol,
    expiry,
    actualExpiry: expiry,
    ...(kind === 'FUT' ? {} : { strike: ticksOf(strike) }),
    optionType: kind === 'FUT' ? '' : kind,
    name,
    underlyingPrice: ticksOf(spot),
    settlementPrice: prices.close,
    openInterest: random.integer(0, 5_000) * underlying.lot,
    changeInOpenInterest: random.integer(-900, 900) * underlying.lot,
    volume,
    turnover: Math.round(volume * underlying.lot * value * 100),
    trades: Math.ceil(volume / 3),
    session: 'F1',
    lot: underlying.lot,
  };
}

/** NSE cash security file: the first nine columns as published, then price range and deletion flag; face value and tick in paise. */
export function printSecurityFile(shares: readonly Share[]): string[] {
  const rows = shares.map(({ token, symbol, series, title, isin, close }) => {
    const tick = cashTickByRule(ticksOf(close));
    const { low, high } = cashBand(ticksOf(close), tick, series === 'BE' ? TRADE_TO_TRADE_BAND : undefined);
    const range = `${(low / 10_000).toFixed(2)}-${(high / 10_000).toFixed(2)}`;
    return [token, symbol, series, title, isin, 1, 1000, 0, tick / 100, range, 'N'].join(',');
  });
  return ['FinInstrmId,TckrSymb,SctySrs,FinInstrmNm,ISIN,NewBrdLotQty,ParVal,SctyTpFlg,BidIntrvl,PricRg,DelFlg', ...rows];
}

/** Header of the contract file: the known names at their positions, the rest as fillers. */
function contractHeader(): string {
  const names = Array.from({ length: CONTRACT_COLUMNS }, (_, at) => `Fllr${at}`);
  for (const [name, at] of Object.entries(CONTRACT_POSITIONS)) names[at] = name;
  return names.join(',');
}

/** NSE F&O contract file: prices in paise, expiry as seconds since 1980 (14:30 of the day, as exchanges print it). */
export function printContractFile(market: Market, spotOf: (underlying: Underlying) => number): string[] {
  const at = (name: string): number => CONTRACT_POSITIONS[name] ?? 0;
  const rows = market.contracts.map((contract) => {
    const { underlying, kind, expiry, strike, token, name } = contract;
    const fields = new Array<string>(CONTRACT_COLUMNS).fill('');
    const set = (column: string, value: string | number): void => {
      fields[at(column)] = String(value);
    };
    set('FinInstrmId', token);
    set('UndrlygFinInstrmId', underlying.token);
    set('FinInstrmNm', `${kind === 'FUT' ? 'FUT' : 'OPT'}${underlying.isIndex ? 'IDX' : 'STK'}`);
    set('TckrSymb', underlying.symbol);
    set('XpryDt', daysBetween(19800101, expiry) * 86_400 + 14.5 * 3600);
    set('StrkPric', kind === 'FUT' ? -1 : Math.round(strike * 100));
    set('OptnTp', kind === 'FUT' ? 'XX' : kind);
    set('PrtdToTrad', 1);
    set('MinLot', underlying.lot);
    set('NewBrdLotQty', underlying.lot);
    set('BidIntrvl', 5);
    set('StockNm', name);
    set('SttlmMtd', underlying.isIndex ? 'C' : 'D');
    set('BasePric', Math.round(marketPrice(contract, spotOf(underlying), market.previousDate) * 100));
    set('OptnExrcStyle', kind === 'FUT' ? '' : 'E');
    set('Mltplr', 1);
    return fields.join(',');
  });
  return [contractHeader(), ...rows];
}
