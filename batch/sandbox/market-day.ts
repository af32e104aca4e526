// A generated market day as the sandbox needs it: the files themselves, and what they say of shares, contracts and clients. Read once at the start.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExchangeSegment, type ParameterTable } from '../../engine/index.ts';
import {
  type BhavcopyRow,
  findDayFiles,
  type GeneratedClient,
  loadRiskParameters,
  parameterFilesOf,
  readBhavcopy,
} from '../../workers/reference/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { SAME_DAY_TYPE } from '../calendar/settlement-windows.ts';
import { CHAINS, type Chain, SEGMENTS } from '../graph/node-row.ts';
import { compactDate, FILE_NAMES, type FileRoleName } from '../ports/file-names.ts';

/** See the file's head. Dates YYYY-MM-DD. */
export interface MarketDay {
  readonly date: string;
  readonly before: string;
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Rows of the bhavcopies by token: of the day before, and of the day. */
  readonly sharesBefore: ReadonlyMap<number, BhavcopyRow>;
  readonly contractsBefore: ReadonlyMap<number, BhavcopyRow>;
  readonly shares: ReadonlyMap<number, BhavcopyRow>;
  readonly contracts: ReadonlyMap<number, BhavcopyRow>;
  /** Shares as they are traded in NSE's T+0 session, by its tokens; empty on a day without one. In `shares` they stand under those of T+1 alone. */
  readonly sameDayShares: ReadonlyMap<number, BhavcopyRow>;
  /** Shares as BSE lists them, by its codes; empty on a day without BSE. */
  readonly bseShares: ReadonlyMap<number, BhavcopyRow>;
  /** BSE's contracts, of the day before and of the day. */
  readonly bseContractsBefore: ReadonlyMap<number, BhavcopyRow>;
  readonly bseContracts: ReadonlyMap<number, BhavcopyRow>;
  /** Currency and commodity contracts, of the day before and of the day; empty on a day of equity alone. */
  readonly currencyBefore: ReadonlyMap<number, BhavcopyRow>;
  readonly currency: ReadonlyMap<number, BhavcopyRow>;
  readonly commoditiesBefore: ReadonlyMap<number, BhavcopyRow>;
  readonly commodities: ReadonlyMap<number, BhavcopyRow>;
  readonly clients: readonly GeneratedClient[];
  /** Risk parameters of the morning, as the clearing corporation has them. */
  readonly parameters: ParameterTable;
}

/** Files that a day may do without. */
const BESIDE = /^BhavCopy_(BSE|NSE_CD|MCX)/;

/** Reads the directory that `tarazu generate day` wrote. Throws with the reason when it is none. */
export async function readMarketDay(directory: string): Promise<MarketDay> {
  const names = readdirSync(directory);
  const span = names.map((name) => /^nsccl\.(\d{4})(\d{2})(\d{2})\.i1\./.exec(name)).find((match) => match !== null);
  if (span === undefined || span === null) throw new Error(`${directory}: no SPAN file (nsccl.YYYYMMDD.i1.zip); tarazu generate day writes one`);
  const date = `${span[1]}-${span[2]}-${span[3]}`;
  const before = new BusinessCalendar().tradedBefore(date);
  const rows = async (role: FileRoleName, of: string): Promise<Map<number, BhavcopyRow>> => {
    const found = new Map<number, BhavcopyRow>();
    const name = FILE_NAMES[role].name(of, of);
    if (!BESIDE.test(name) || names.includes(name)) await readBhavcopy(join(directory, name), (row) => found.set(row.token, row));
    return found;
  };
  const cash = await rows('bhavcopy-cm', date);
  return {
    date,
    before,
    files: new Map(names.map((name) => [name, readFileSync(join(directory, name))])),
    sharesBefore: inSession(await rows('bhavcopy-cm', before), false),
    contractsBefore: await rows('bhavcopy-fo', before),
    shares: inSession(cash, false),
    sameDayShares: inSession(cash, true),
    contracts: await rows('bhavcopy-fo', date),
    bseShares: await rows('bhavcopy-bse', date),
    bseContractsBefore: await rows('bhavcopy-bfo', before),
    bseContracts: await rows('bhavcopy-bfo', date),
    currencyBefore: await rows('bhavcopy-cd', before),
    currency: await rows('bhavcopy-cd', date),
    commoditiesBefore: await rows('bhavcopy-com', before),
    commodities: await rows('bhavcopy-com', date),
    clients: clientsOf(join(directory, 'clients.jsonl')),
    parameters: await loadRiskParameters(parameterFilesOf(findDayFiles(directory))),
  };
}

const SAME_DAY_SERIES = 'T0';

/** Of a price file's shares those of the T+0 session, or the others. */
const inSession = (shares: ReadonlyMap<number, BhavcopyRow>, isSameDay: boolean): Map<number, BhavcopyRow> =>
  new Map([...shares].filter(([, { series }]) => (series === SAME_DAY_SERIES) === isSameDay));

/** Chains the day is traded in. */
export const chainsOf = ({ bseShares, bseContracts, sameDayShares }: MarketDay): Chain[] => {
  const listed: Partial<Record<Chain, number>> = { BSE: bseShares.size, BFO: bseContracts.size, T0: sameDayShares.size };
  return CHAINS.filter((chain) => SEGMENTS.some((segment) => segment === chain) || (listed[chain] ?? 0) > 0);
};

/** Type and number of the settlement of a date's cash trades: M, of T+0 5, under the same running number. */
export const settlementOfDay = (date: string, settled: 'CM' | 'T0'): { readonly type: string; readonly number: string } => ({
  type: settled === 'T0' ? SAME_DAY_TYPE : 'M',
  number: settlementNumber(date),
});

/** What is traded in a chain under a token. */
export function instrumentIn(day: MarketDay, chain: Chain, token: number): BhavcopyRow | undefined {
  const shares: Partial<Record<Chain, MarketDay['shares']>> = { CM: day.shares, BSE: day.bseShares, T0: day.sameDayShares };
  return (shares[chain] ?? contractsIn(day, chain)).get(token);
}

function contractsIn(day: MarketDay, chain: Chain): MarketDay['contracts'] {
  if (chain === 'CD') return day.currency;
  if (chain === 'COM') return day.commodities;
  return chain === 'BFO' ? day.bseContracts : day.contracts;
}

/** Exchange segments whose contracts a day carries, with those of the day before and of the day. */
export const carriedIn = (
  day: MarketDay,
): readonly { segment: number; chain: Chain; before: MarketDay['contracts']; now: MarketDay['contracts'] }[] => [
  { segment: ExchangeSegment.NFO, chain: 'FO', before: day.contractsBefore, now: day.contracts },
  { segment: ExchangeSegment.BFO, chain: 'BFO', before: day.bseContractsBefore, now: day.bseContracts },
  { segment: ExchangeSegment.CDS, chain: 'CD', before: day.currencyBefore, now: day.currency },
  { segment: ExchangeSegment.MCX, chain: 'COM', before: day.commoditiesBefore, now: day.commodities },
];

/**
 * The share itself, as NSE lists it for T+1: what is traded at both exchanges, or in the T+0 session, is one security. BSE's own where NSE does not
 * list it.
 */
export function shareIn(day: MarketDay, chain: Chain, token: number): BhavcopyRow | undefined {
  const found = instrumentIn(day, chain, token);
  if ((chain !== 'BSE' && chain !== 'T0') || found === undefined) return found;
  for (const share of day.shares.values()) if (share.isin === found.isin) return share;
  return found;
}

function clientsOf(path: string): GeneratedClient[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GeneratedClient);
}

/** Settlement number of a trade date, 7 digits as clearing corporations print them: year and running number of the trading day. */
export function settlementNumber(date: string): string {
  const calendar = new BusinessCalendar();
  let count = 0;
  for (let day = date; day.slice(0, 4) === date.slice(0, 4) && count < 366; count++) {
    if (compactDate(day).slice(4) <= '0102') break;
    day = calendar.tradedBefore(day);
  }
  return `${date.slice(0, 4)}${String(count).padStart(3, '0')}`;
}
