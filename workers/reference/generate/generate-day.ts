// Writes a made-up market day under the exchange's file names and formats: bhavcopies, contract file, SPAN versions, ELM, VaR, clients. The same
// options give the same bytes. Needs nothing from outside; overwrites files of the same name.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { makeDirectory } from '../../make-directory.ts';
import { BSE_CLEARING, BSE_DERIVATIVES, bseDerivatives } from './bse-derivatives.ts';
import { bseClose, bseShares, printScripFile } from './bse-shares.ts';
import { atBothExchanges, makeClients } from './clients.ts';
import { type DayFiles, dayFilesOf } from './day-files.ts';
import { printFunded, withFunding } from './funded-clients.ts';
import { type Market, makeMarket } from './market.ts';
import { CLOSING_STEP, marketSince } from './market-series.ts';
import { type BesideParts, withBeside } from './other-clients.ts';
import { otherMarkets } from './other-markets.ts';
import { spotAt } from './price-walk.ts';
import { printApproved, printCommodityMargins, printCrossMargin } from './print-beside.ts';
import {
  makeShares,
  printCashBhavcopy,
  printContractFile,
  printDerivativesBhavcopy,
  printSecurityFile,
  type Share,
  sessionShares,
} from './print-listings.ts';
import { dayFirstDate, printBans, printContractElm, printSymbolElm, printVar } from './print-rates.ts';
import { printSpan, type SpanVersion } from './print-span.ts';
import { isTradingDay } from './trading-calendar.ts';
import type { MarketSize, Underlying } from './underlyings.ts';

/** What to generate. */
export interface DayOptions {
  readonly seed: number;
  /** yyyymmdd, a trading day. */
  readonly date: number;
  /** yyyymmdd: the trading day this market began; the day then goes on from the day before it. Without it the day stands alone. */
  readonly first?: number;
  readonly clients: number;
  /** Default 24, of which the first four are indices. */
  readonly underlyings?: number;
  /** Strikes per stock series, default 21; index series have twice as many. */
  readonly strikes?: number;
  /** SPAN versions: 6 (i1 to i5 and s) unless given; 2 for the real size. */
  readonly versions?: number;
  /** Stocks in ban period, default none. */
  readonly bans?: number;
  /** Currency, commodity, cross margin and collateral in pieces beside equity; default no. */
  readonly beside?: boolean;
  /** BSE beside NSE: shares of the same ISINs under its own codes and prices. */
  readonly bse?: boolean;
  /** NSE's T+0 session: a few shares listed a second time, in series T0; default none. */
  readonly sameDay?: boolean;
  /** The house funds shares (MTF): its list, sanctions, and lots of earlier days; default no. */
  readonly funded?: boolean;
  /** 'real': 239 commodities and about 158,700 options, as published in 2026. */
  readonly size?: 'real';
}

/** What was written. */
export interface GeneratedDay extends DayFiles {
  readonly directory: string;
  readonly date: number;
  readonly instruments: number;
}

const REAL: MarketSize = { underlyings: 239, strikes: 115, futuresOnly: 18 };
/** Creation time of each published version, i1 the evening before. */
const VERSION_TIMES = ['2149', '1102', '1231', '1402', '1533', '1810'];
/** Seconds since midnight are no secret: archives carry one fixed time, so that bytes repeat. */
const ARCHIVE_TIME = (date: number): Date => new Date(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100, 8, 0, 0);

/** The market and its shares for given options: what the files of generateDay describe. */
export function marketOf(options: DayOptions): { market: Market; shares: Share[] } {
  if (!isTradingDay(options.date)) throw new RangeError(`${options.date} is no trading day`);
  const underlyings = options.underlyings ?? 24;
  const size = options.size === 'real' ? REAL : { underlyings, strikes: options.strikes ?? 21, futuresOnly: underlyings >= 10 ? 1 : 0 };
  if (options.first !== undefined) {
    if (!isTradingDay(options.first)) throw new RangeError(`${options.first} is no trading day`);
    return marketSince(options.seed, options.first, options.date, size);
  }
  const market = makeMarket(options.seed, options.date, size);
  return { market, shares: makeShares(options.seed, market) };
}

/** The published version `number` (0 = i1) of the day. */
export function spanVersion(market: Market, number: number): SpanVersion {
  const day = number === 0 ? market.previousDate : market.date;
  return {
    spotOf: (underlying) => spotAt(market.pathSeed, underlying.symbol, underlying.close, number),
    isSettlement: number === VERSION_TIMES.length - 1,
    created: `${day}${VERSION_TIMES[number] ?? '0000'}`,
  };
}

/** Generates the day into a directory, creating it. Throws RangeError when the date is no trading day or an option is out of range. */
export function generateDay(options: DayOptions, directory: string): Promise<GeneratedDay> {
  const { market, shares } = marketOf(options);
  makeDirectory(directory);
  const write = new DayWriter(directory, market.date);
  const opening = (underlying: Underlying): number => underlying.close;
  const closing = (underlying: Underlying): number => spotAt(market.pathSeed, underlying.symbol, underlying.close, CLOSING_STEP);
  const listed = options.sameDay === true ? [...shares, ...sessionShares(shares)] : shares;
  for (const [date, spotOf] of [[market.previousDate, opening] as const, [market.date, closing] as const]) {
    const closeOf = (share: Share): number => (date === market.date ? spotAt(market.pathSeed, share.symbol, share.close, CLOSING_STEP) : share.close);
    write.zipped(`BhavCopy_NSE_FO_0_0_0_${date}_F_0000.csv`, printDerivativesBhavcopy(market, date, spotOf));
    write.zipped(`BhavCopy_NSE_CM_0_0_0_${date}_F_0000.csv`, printCashBhavcopy(market, date, listed, closeOf));
  }
  if (options.bse === true) {
    writeBse(write, market, shares);
    writeBseDerivatives(write, options, market.date);
  }
  const day = dayFirstDate(market.date);
  write.gzipped(`NSE_FO_contract_${day}.csv`, printContractFile(market, opening));
  write.gzipped(`NSE_CM_security_${day}.csv`, printSecurityFile(listed));
  write.plain(`fo_secban_${day}.csv`, printBans(market, options.bans ?? 0));
  write.plain(`ael_${day}.csv`, printSymbolElm(options.seed, market));
  write.gzipped(`F_AEL_OPT_CONTRACTS_${day}.csv`, printContractElm(options.seed, market));
  write.plain(`C_VAR1_${day}_1.DAT`, printVar(market.date, shares));
  const versions = options.versions ?? (options.size === 'real' ? 2 : VERSION_TIMES.length);
  for (let number = 0; number < Math.min(versions, VERSION_TIMES.length); number++) write.span(market, spanVersion(market, number), number);
  const clients = makeClients(options.seed, options.clients, market, shares);
  const others = options.beside === true ? otherMarkets(options.seed, options.first ?? options.date, options.date) : [];
  if (options.beside === true) writeBeside(write, { market, shares, others });
  if (options.funded === true) write.plain(`mtf_${market.date}.csv`, printFunded(shares));
  const funded = options.funded === true ? withFunding(clients, options.seed, market, shares) : clients;
  const all = options.beside === true ? withBeside(funded, { seed: options.seed, market, shares, others }) : funded;
  write.plain(
    'clients.jsonl',
    all.map((client) => (options.bse === true ? atBothExchanges(client) : client)).map((client) => JSON.stringify(client)),
  );
  return Promise.resolve({
    ...dayFilesOf(directory, write.names),
    directory,
    date: market.date,
    instruments: [market, ...others.map((other) => other.market)].reduce((sum, { contracts }) => sum + contracts.length, shares.length),
  });
}

/** Currency and commodity with their margins, what qualifies for cross margin, what counts as collateral. */
function writeBeside(write: DayWriter, { market, shares, others }: Omit<BesideParts, 'seed'>): void {
  const day = dayFirstDate(market.date);
  for (const { market: other, house, where, spanStem, bhavcopyStem } of others) {
    const opening: SpanVersion = { spotOf: ({ close }) => close, isSettlement: false, created: `${other.previousDate}${VERSION_TIMES[0]}` };
    write.archive(`${spanStem}.${other.date}.i1.zip`, `${spanStem}.${other.date}.i01.spn`, bytesOf([...printSpan(other, opening, house)]));
    const closing = ({ symbol, close }: Underlying): number => spotAt(other.pathSeed, symbol, close, CLOSING_STEP);
    for (const [date, spotOf] of [[other.previousDate, opening.spotOf] as const, [other.date, closing] as const])
      write.zipped(`BhavCopy_${bhavcopyStem}_0_0_0_${date}_F_0000.csv`, printDerivativesBhavcopy(other, date, spotOf, where));
    if (where.segment === 'CO') write.plain(`DailyMargin_${day}.csv`, printCommodityMargins(other));
  }
  const offsets = printCrossMargin(market);
  if (offsets.length > 1) write.plain(`cross_margin_${day}.csv`, offsets);
  write.plain(`approved_securities_${market.date}.csv`, printApproved(shares));
}

/** What BSE publishes of the same market. */
function writeBse(write: DayWriter, market: Market, shares: readonly Share[]): void {
  const listed = bseShares(shares);
  const atNse = new Map(shares.map((share) => [share.isin, share]));
  const closing = ({ isin, token, close }: Share): number => {
    const share = atNse.get(isin);
    return share === undefined ? close : bseClose(token, spotAt(market.pathSeed, share.symbol, share.close, CLOSING_STEP));
  };
  write.plain(
    `BhavCopy_BSE_CM_0_0_0_${market.previousDate}_F_0000.CSV`,
    printCashBhavcopy(market, market.previousDate, listed, ({ close }) => close, 'BSE'),
  );
  write.plain(`BhavCopy_BSE_CM_0_0_0_${market.date}_F_0000.CSV`, printCashBhavcopy(market, market.date, listed, closing, 'BSE'));
  write.plain(`SCRIP_${dayFirstDate(market.date)}.TXT`, printScripFile(listed));
}

/** BSE's derivatives: one version of their risk parameters. */
function writeBseDerivatives(write: DayWriter, options: DayOptions, date: number): void {
  const first = options.first ?? date;
  const { market: atFirst } = marketOf({ ...options, date: first, first });
  const market = bseDerivatives(
    options.seed,
    first,
    date,
    atFirst.underlyings.find(({ isIndex }) => !isIndex),
  );
  const opening = ({ close }: Underlying): number => close;
  const closing = ({ symbol, close }: Underlying): number => spotAt(market.pathSeed, symbol, close, CLOSING_STEP);
  const { previousDate } = market;
  write.plain(`BhavCopy_BSE_FO_0_0_0_${previousDate}_F_0000.CSV`, printDerivativesBhavcopy(market, previousDate, opening, BSE_DERIVATIVES));
  write.plain(`BhavCopy_BSE_FO_0_0_0_${date}_F_0000.CSV`, printDerivativesBhavcopy(market, date, closing, BSE_DERIVATIVES));
  write.gzipped(`BSE_FO_contract_${dayFirstDate(date)}.csv`, printContractFile(market, opening));
  write.archive(`iccl.${date}.i1.zip`, `iccl.${date}.i01.spn`, bytesOf([...printSpan(market, spanVersion(market, 0), BSE_CLEARING)]));
}

class DayWriter {
  /** Names written so far. */
  readonly names: string[] = [];
  private readonly directory: string;
  private readonly date: number;

  constructor(directory: string, date: number) {
    this.directory = directory;
    this.date = date;
  }

  plain(name: string, lines: readonly string[]): void {
    this.put(name, bytesOf([lines.join('\n'), '\n']));
  }

  gzipped(name: string, lines: readonly string[]): void {
    this.put(`${name}.gz`, gzipSync(bytesOf([lines.join('\n'), '\n']), { mtime: 0 }));
  }

  zipped(name: string, lines: readonly string[]): void {
    this.archive(`${name}.zip`, name, bytesOf([lines.join('\n'), '\n']));
  }

  span(market: Market, version: SpanVersion, number: number): void {
    const suffix = version.isSettlement ? 's' : `i${number + 1}`;
    const inner = version.isSettlement ? 's' : `i0${number + 1}`;
    this.archive(`nsccl.${market.date}.${suffix}.zip`, `nsccl.${market.date}.${inner}.spn`, bytesOf([...printSpan(market, version)]));
  }

  private put(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.directory, name), bytes);
    this.names.push(name);
  }

  archive(name: string, inner: string, bytes: Uint8Array): void {
    this.put(name, zipSync({ [inner]: bytes }, { mtime: ARCHIVE_TIME(this.date), os: 3 }));
  }
}

function bytesOf(texts: readonly string[]): Uint8Array {
  return Buffer.concat(texts.map((text) => Buffer.from(text, 'latin1')));
}
