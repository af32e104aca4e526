// Loads a day's reference files into one ParameterTable: all of them parse and fit together, or none is used.
import type { ParameterTable } from '../../engine/index.ts';
import { addContractFile } from './contract-file.ts';
import { type ExposureRates, readExposureFile } from './exposure-file.ts';
import { joinParameters } from './join-parameters.ts';
import { addBhavcopy, ListingBook } from './listing.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';
import { readSpanFile } from './span/read-span.ts';
import type { SpanFile } from './span/span-file.ts';
import { type CashRates, readVarFile } from './var-file.ts';

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
  /** C_VAR1_DDMMYYYY_n.DAT */
  readonly var?: Paths;
  /** yyyymmdd; default the SPAN file's date. */
  readonly businessDate?: number;
}

/** Loads and joins. Throws ReferenceFileError naming file, line and field. */
export async function loadRiskParameters(files: ParameterFiles): Promise<ParameterTable> {
  const sources: { role: string; file: string; sha256: string }[] = [];
  const each = async (role: string, paths: Paths | undefined, read: (path: string) => Promise<SourceDigest>): Promise<void> => {
    for (const path of listOf(paths)) sources.push({ role, ...(await read(path)) });
  };
  const spans: SpanFile[] = [];
  await each('span', files.span, async (path) => {
    const span = await readSpanFile(path);
    spans.push(span);
    return span.source;
  });
  const businessDate = files.businessDate ?? dateOf(spans);
  const symbols = new Map<string, { readonly oth?: number; readonly otm?: number }>();
  const contracts = new Map<string, number>();
  const rates: ExposureRates = { symbols, contracts };
  const takeRates = async (path: string): Promise<SourceDigest> => {
    const read = await readExposureFile(path);
    for (const [symbol, rate] of read.rates.symbols) symbols.set(symbol, rate);
    for (const [key, rate] of read.rates.contracts) contracts.set(key, rate);
    return read.source;
  };
  await each('elm', files.elm, takeRates);
  await each('elmContracts', files.elmContracts, takeRates);
  const book = new ListingBook();
  await each('contracts', files.contracts, (path) => addContractFile(path, book));
  await each('bhavcopyFo', files.bhavcopyFo, (path) => addBhavcopy(path, book));
  await each('bhavcopyCm', files.bhavcopyCm, (path) => addBhavcopy(path, book));
  let cashRates: Map<string, number> | undefined;
  await each('var', files.var, async (path) => {
    const read = await readVarFile(path);
    cashRates = new Map([...(cashRates ?? []), ...read.rates]);
    return read.source;
  });
  const known: CashRates | undefined = cashRates;
  return joinParameters({ businessDate, spans, listings: [...book.values()], rates, cashRates: known, sources });
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
