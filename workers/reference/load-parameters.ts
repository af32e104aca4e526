// Loads a day's reference files into one ParameterTable: all of them parse and fit together, or none is used.
import { basename } from 'node:path';
import type { ParameterTable } from '../../engine/index.ts';
import { readBanFile } from './ban-file.ts';
import { type CommodityMarginRow, type CommodityMargins, readCommodityMarginFile } from './commodity-margin-file.ts';
import { addContractFile } from './contract-file.ts';
import { type CrossMarginRow, readCrossMarginFile } from './cross-margin-file.ts';
import { type ExposureRates, readExposureFile } from './exposure-file.ts';
import { type FundedList, readFundedList } from './funded-shares.ts';
import { joinParameters } from './join-parameters.ts';
import { addBhavcopy, type Listing, ListingBook } from './listing.ts';
import { type BandExchange, readPriceBandFile } from './price-band-file.ts';
import { fault } from './reference-error.ts';
import { addScripFile } from './scrip-file.ts';
import { addSecurityFile } from './security-file.ts';
import type { SourceDigest } from './source-file.ts';
import { readSpanFile } from './span/read-span.ts';
import type { SpanFile } from './span/span-file.ts';
import { readSurveillanceFile } from './surveillance-file.ts';
import { type CashRates, type RiskParts, readVarFile } from './var-file.ts';

type Paths = string | readonly string[];

/** Paths of the files; plain, .gz or .zip. */
export interface ParameterFiles {
  /** SPAN risk parameter files, one per clearing corporation. */
  readonly span: Paths;
  /** ael_DDMMYYYY.csv; a per-contract file is told by its columns and may stand here too. */
  readonly elm?: Paths;
  /** F_AEL_OPT_CONTRACTS_DDMMYYYY.csv(.gz): takes precedence over `elm`. */
  readonly elmContracts?: Paths;
  readonly bhavcopyFo?: Paths;
  readonly bhavcopyCm?: Paths;
  /** NSE_FO_contract_ddmmyyyy.csv.gz: its lots, ticks and names take precedence over the bhavcopy's. */
  readonly contracts?: Paths;
  /** The same of BSE. */
  readonly contractsBse?: Paths;
  /** NSE_CM_security_ddmmyyyy.csv.gz: ticks and lots of shares. */
  readonly securities?: Paths;
  /** SCRIP_….TXT: the same of BSE's. */
  readonly scrips?: Paths;
  /** fo_secban_DDMMYYYY.csv: underlyings in ban period. */
  readonly bans?: Paths;
  /** sec_list_DDMMYYYY.csv: price bands of shares. */
  readonly priceBands?: Paths;
  /** The same of BSE's. */
  readonly priceBandsBse?: Paths;
  /** C_VAR1_DDMMYYYY_n.DAT */
  readonly var?: Paths;
  /** REG1_INDddmmyy.csv: securities under surveillance, margined in full. */
  readonly surveillance?: Paths;
  /** The house's list of shares it funds (MTF), CSV by ISIN. */
  readonly funded?: Paths;
  /** DailyMargin_DDMMYYYY.csv of a commodity clearing corporation. */
  readonly commodityMargins?: Paths;
  /** cross_margin_DDMMYYYY.csv: what offsets what. */
  readonly crossMargin?: Paths;
  /** yyyymmdd; default the SPAN file's date. Another one asks for the rules of that date: margins in percent may then be either day's. */
  readonly businessDate?: number;
}

/** Loads and joins. Throws ReferenceFileError naming file, line and field. */
export async function loadRiskParameters(files: ParameterFiles): Promise<ParameterTable> {
  const reading = new Reading();
  const spans = await reading.spans(files.span);
  const businessDate = files.businessDate ?? dateOf(spans);
  return joinParameters({
    businessDate,
    spans,
    rates: await reading.rates(files),
    listings: await reading.listings(files),
    ...(await reading.cashRates(files.var)),
    underSurveillance: await reading.surveillance(files.surveillance),
    fundedList: await reading.funded(files.funded),
    commodityMargins: await reading.commodityMargins(files.commodityMargins, [businessDate, ...spans.map(({ date }) => date)]),
    crossMargin: await reading.crossMargin(files.crossMargin),
    banned: await reading.bans(files.bans, businessDate),
    priceBands: await reading.priceBands(files),
    sources: reading.sources,
  });
}

/** Rates of the VaR files. */
interface ReadRates {
  readonly cashRates: CashRates | undefined;
  readonly cashRatesByIsin: CashRates;
  readonly riskByIsin: ReadonlyMap<string, RiskParts>;
}

/** One load: reads files in order and keeps what each was. */
class Reading {
  readonly sources: { role: string; file: string; sha256: string }[] = [];

  async spans(paths: Paths): Promise<SpanFile[]> {
    const spans: SpanFile[] = [];
    await this.each('span', paths, async (path) => {
      const span = await readSpanFile(path);
      spans.push(span);
      return span.source;
    });
    return spans;
  }

  async rates(files: ParameterFiles): Promise<ExposureRates> {
    const symbols = new Map<string, { readonly oth?: number; readonly otm?: number }>();
    const contracts = new Map<string, number>();
    const take = async (path: string): Promise<SourceDigest> => {
      const { rates, source } = await readExposureFile(path);
      for (const [symbol, rate] of rates.symbols) symbols.set(symbol, rate);
      for (const [key, rate] of rates.contracts) contracts.set(key, rate);
      return source;
    };
    await this.each('elm', files.elm, take);
    await this.each('elmContracts', files.elmContracts, take);
    return { symbols, contracts };
  }

  /** The first file to name a field of an instrument decides it. */
  async listings(files: ParameterFiles): Promise<Listing[]> {
    const book = new ListingBook();
    await this.each('contracts', files.contracts, (path) => addContractFile(path, book));
    await this.each('contractsBse', files.contractsBse, (path) => addContractFile(path, book, 'BSE'));
    await this.each('securities', files.securities, (path) => addSecurityFile(path, book));
    await this.each('scrips', files.scrips, (path) => addScripFile(path, book));
    await this.each('bhavcopyFo', files.bhavcopyFo, (path) => addBhavcopy(path, book, 'derivatives'));
    await this.each('bhavcopyCm', files.bhavcopyCm, (path) => addBhavcopy(path, book, 'cash'));
    return [...book.values()];
  }

  /** Undefined when there is no VaR file, or an empty list of them. */
  async cashRates(paths: Paths | undefined): Promise<ReadRates> {
    const [all, ofIsins] = [new Map<string, number>(), new Map<string, number>()];
    const riskByIsin = new Map<string, RiskParts>();
    await this.each('var', paths, async (path) => {
      const { rates, byIsin, parts, source } = await readVarFile(path);
      for (const [key, rate] of rates) all.set(key, rate);
      for (const [isin, rate] of byIsin) ofIsins.set(isin, rate);
      for (const [isin, risk] of parts) riskByIsin.set(isin, risk);
      return source;
    });
    return { cashRates: paths === undefined || paths.length === 0 ? undefined : all, cashRatesByIsin: ofIsins, riskByIsin };
  }

  async commodityMargins(paths: Paths | undefined, dates: readonly number[]): Promise<CommodityMargins> {
    const all = new Map<string, CommodityMarginRow>();
    await this.each('commodityMargins', paths, async (path) => {
      const { margins, source } = await readCommodityMarginFile(path, dates);
      for (const [key, row] of margins) all.set(key, row);
      return source;
    });
    return all;
  }

  async crossMargin(paths: Paths | undefined): Promise<CrossMarginRow[]> {
    const all: CrossMarginRow[] = [];
    await this.each('crossMargin', paths, async (path) => {
      const { rows, source } = await readCrossMarginFile(path);
      all.push(...rows);
      return source;
    });
    return all;
  }

  async surveillance(paths: Paths | undefined): Promise<Set<string>> {
    const all = new Set<string>();
    await this.each('surveillance', paths, async (path) => {
      const { full, source } = await readSurveillanceFile(path);
      for (const key of full) all.add(key);
      return source;
    });
    return all;
  }

  /** Undefined without a list: the house funds nothing. */
  async funded(paths: Paths | undefined): Promise<FundedList | undefined> {
    const all = new Map<string, number>();
    await this.each('funded', paths, async (path) => {
      const { list, source } = await readFundedList(path);
      for (const [isin, rate] of list) all.set(isin, rate);
      return source;
    });
    return all.size === 0 ? undefined : all;
  }

  async bans(paths: Paths | undefined, businessDate: number): Promise<Set<string>> {
    const banned = new Set<string>();
    await this.each('bans', paths, async (path) => {
      const { symbols, source } = await readBanFile(path, businessDate);
      for (const symbol of symbols) banned.add(symbol);
      return source;
    });
    return banned;
  }

  async priceBands(files: ParameterFiles): Promise<Map<string, number>> {
    const all = new Map<string, number>();
    const take =
      (exchange: BandExchange) =>
      async (path: string): Promise<SourceDigest> => {
        const { bands, source } = await readPriceBandFile(path, exchange);
        for (const [key, percent] of bands) all.set(key, percent);
        return source;
      };
    await this.each('priceBands', files.priceBands, take('NSE'));
    await this.each('priceBandsBse', files.priceBandsBse, take('BSE'));
    return all;
  }

  private async each(role: string, paths: Paths | undefined, read: (path: string) => Promise<SourceDigest>): Promise<void> {
    for (const path of listOf(paths)) {
      const { file, sha256 } = await read(path);
      // The name only: where the file lay must not change the table's hash.
      this.sources.push({ role, file: basename(file), sha256 });
    }
  }
}

function listOf(paths: Paths | undefined): readonly string[] {
  if (paths === undefined) return [];
  return typeof paths === 'string' ? [paths] : paths;
}

function dateOf(spans: readonly SpanFile[]): number {
  const [first] = spans;
  if (first === undefined) return fault('(no SPAN file)', 0, '', 'at least one SPAN file is needed');
  const other = spans.find((span) => span.date !== first.date);
  if (other !== undefined) fault(other.source.file, 0, 'date', `is for ${other.date}, but ${first.source.file} is for ${first.date}`);
  return first.date;
}
