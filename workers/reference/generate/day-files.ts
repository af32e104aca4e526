// The files of a generated (or downloaded) market day in one directory, found by the exchange's own names.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ParameterFiles } from '../load-parameters.ts';
import { fault } from '../reference-error.ts';

/** Paths of a day. `span` is in order of publication: i1 .. i5, then s. */
export interface DayFiles {
  readonly span: readonly string[];
  /** Of other clearing corporations, or of other segments of the same: the last published of each. */
  readonly otherSpans: readonly string[];
  readonly elm: string | undefined;
  readonly elmContracts: string | undefined;
  /** Of the day before: what the business date opens from. */
  readonly bhavcopyFo: string | undefined;
  readonly bhavcopyCm: string | undefined;
  /** Of BSE's shares, and its scrip master. */
  readonly bhavcopyBse: string | undefined;
  readonly scrips: string | undefined;
  /** Of currency and commodity contracts. */
  readonly otherBhavcopies: readonly string[];
  readonly commodityMargins: string | undefined;
  readonly crossMargin: string | undefined;
  /** mtf_YYYYMMDD.csv: shares the house funds. */
  readonly funded: string | undefined;
  readonly contracts: string | undefined;
  readonly contractsBse: string | undefined;
  readonly var: string | undefined;
  readonly securities: string | undefined;
  readonly bans: string | undefined;
  readonly priceBands: string | undefined;
  readonly priceBandsBse: string | undefined;
  readonly clients: string | undefined;
  /** What counts as collateral and for how much. */
  readonly approvedSecurities: string | undefined;
}

/**
 * Finds the files; of several bhavcopies the oldest, of several files with the day in their name that of the SPAN files' day. Throws ReferenceFileError when
 * there is no SPAN file, SPAN files of several days, or several files of one sort and none of that day.
 */
export function findDayFiles(directory: string): DayFiles {
  if (!existsSync(directory)) fault(directory, 0, '', 'no such directory');
  return dayFilesOf(directory, readdirSync(directory));
}

/** As findDayFiles, among the names given. */
export function dayFilesOf(directory: string, allNames: readonly string[]): DayFiles {
  const names = [...allNames].sort();
  const first = (pattern: RegExp): string | undefined => {
    const name = names.find((each) => pattern.test(each));
    return name === undefined ? undefined : join(directory, name);
  };
  const all = (pattern: RegExp): string[] => names.filter((name) => pattern.test(name)).map((name) => join(directory, name));
  const span = names.filter((name) => /^nsccl\.\d{8}\.(i\d|s)\.(zip|spn|spn\.gz)$/.test(name)).map((name) => join(directory, name));
  const dates = new Set(span.map((path) => /\.(\d{8})\./.exec(path)?.[1]));
  if (dates.size > 1) fault(directory, 0, '', `SPAN files of several days: ${[...dates].join(', ')}`);
  if (span.length === 0) fault(directory, 0, '', 'no SPAN file (nsccl.YYYYMMDD.i1.zip)');
  const [day = ''] = dates;
  const ofDay = (pattern: RegExp): string | undefined => fileOfDay(directory, day, all(pattern));
  return {
    span,
    otherSpans: lastOfEach(all(OTHER_SPAN)),
    elm: ofDay(/^ael_\d{8}\.csv/),
    elmContracts: ofDay(/^F_AEL_OPT_CONTRACTS_\d{8}\.csv/i),
    bhavcopyFo: first(/^BhavCopy_NSE_FO_.*\.csv/i),
    bhavcopyCm: first(/^BhavCopy_NSE_CM_.*\.csv/i),
    bhavcopyBse: first(/^BhavCopy_BSE_CM_.*\.csv/i),
    scrips: ofDay(/^SCRIP_\d{8}\.TXT$/i),
    otherBhavcopies: [...lastOfEach(all(/^BhavCopy_(NSE_CD|BSE_CD|MCX_CO)_.*\.csv/i).reverse()), ...all(/^BhavCopy_BSE_FO_.*\.csv/i).slice(0, 1)],
    commodityMargins: ofDay(/^DailyMargin_\d{8}\.csv/i),
    crossMargin: ofDay(/^cross_margin_\d{8}\.csv$/),
    funded: ofDay(/^mtf_\d{8}\.csv$/),
    contracts: ofDay(/^NSE_FO_contract_\d{8}\.csv/),
    contractsBse: ofDay(/^BSE_FO_contract_\d{8}\.csv/),
    var: ofDay(/^C_VAR1_\d{8}_\d\.DAT$/),
    securities: ofDay(/^NSE_CM_security_\d{8}\.csv/),
    bans: ofDay(/^fo_secban_\d{8}\.csv/),
    priceBands: ofDay(/^sec_list_\d{8}\.csv/),
    priceBandsBse: ofDay(/^bse_price_bands_\d{8}\.csv/),
    clients: first(/^clients\.jsonl$/),
    approvedSecurities: ofDay(/^approved[_-]securities[_-]\d{8}\.csv/),
  };
}

/** Has the file the day (YYYYMMDD) in its name? Exchanges write it as YYYYMMDD or as DDMMYYYY. */
export function isNamedForDay(path: string, day: string): boolean {
  const reversed = `${day.slice(6)}${day.slice(4, 6)}${day.slice(0, 4)}`;
  return basename(path).includes(day) || basename(path).includes(reversed);
}

/** The file of a day among those of one sort. One alone is taken whatever its day: a list may stand for days. */
function fileOfDay(directory: string, day: string, paths: readonly string[]): string | undefined {
  const own = paths.find((path) => isNamedForDay(path, day));
  if (own === undefined && paths.length > 1)
    fault(directory, 0, '', `${paths.map((path) => basename(path)).join(', ')}: none is of ${day}, the SPAN files' day`);
  return own ?? paths[0];
}

/** SPAN files beside that of equity derivatives: nsccl_x.20261120.i1.zip, mcxccl.20261120.spn. */
const OTHER_SPAN = /^(nsccl_[a-z]+|iccl|mcxccl)\.\d{8}\.(?:[a-z0-9]+\.)?(zip|spn|spn\.gz)$/i;

/** What a file is of: its name up to the date. */
const familyOf = (path: string): string =>
  basename(path)
    .replace(/\d{8}.*$/, '')
    .toLowerCase();

/**
 * The SPAN files of a table once `next` are in force: of several clearing corporations' only those of the same names but for date and version are
 * replaced. Throws RangeError on a file that replaces none.
 */
export function withNextSpans(known: string | readonly string[] | undefined, next: readonly string[]): readonly string[] {
  if (known === undefined || typeof known === 'string') return next;
  const stranger = next.find((path) => !known.some((each) => familyOf(each) === familyOf(path)));
  if (stranger !== undefined)
    throw new RangeError(
      `${basename(stranger)} is none of the SPAN files in force (${known.map((path) => basename(path)).join(', ')}): load the day`,
    );
  return known.map((path) => next.findLast((each) => familyOf(each) === familyOf(path)) ?? path);
}

/** The last of each family, by name: versions and dates sort so. */
function lastOfEach(paths: readonly string[]): string[] {
  return [...new Map(paths.map((path) => [familyOf(path), path])).values()];
}

/** What to load for the given published version (0 = the day's first). */
export function parameterFilesOf(day: DayFiles, version: number = 0): ParameterFiles {
  const span = day.span[version];
  if (span === undefined) throw new RangeError(`the day has ${day.span.length} SPAN versions, none numbered ${version}`);
  const {
    span: _versions,
    clients: _clients,
    approvedSecurities: _approved,
    otherSpans,
    otherBhavcopies,
    bhavcopyFo,
    bhavcopyCm,
    bhavcopyBse,
    ...optional
  } = day;
  const known = Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const shares = [bhavcopyCm, bhavcopyBse].filter((path) => path !== undefined);
  const derivatives = [...(bhavcopyFo === undefined ? [] : [bhavcopyFo]), ...otherBhavcopies];
  return {
    span: otherSpans.length === 0 ? span : [span, ...otherSpans],
    ...(derivatives.length === 0 ? {} : { bhavcopyFo: derivatives.length === 1 ? (derivatives[0] as string) : derivatives }),
    ...(shares.length === 0 ? {} : { bhavcopyCm: shares.length === 1 ? (shares[0] as string) : shares }),
    ...Object.fromEntries(known),
  };
}
