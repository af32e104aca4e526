// Which shares of a day may be bought with the house's funding (MTF), and the least rate each then asks. The list is the house's, by ISIN: it chooses
// among the Group I securities of the clearing corporations' monthly list, and may ask more. The rate is exact where the day's VaR file gives VaR and
// ELM apart: SEBI asks VaR and three times ELM of a share with derivatives, five times of another (rules cash.mtf.elm and cash.mtf.elmOther). A share
// the VaR file does not name is not funded, nor one that settles trade for trade, in T+0, or is under surveillance.
import { ruleValue, type TableDetails } from '../../engine/index.ts';
import { isSameDay, isTradeToTrade } from './cash-row.ts';
import { readCsvRecords } from './csv-records.ts';
import type { Listing } from './listing.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';
import type { RiskParts } from './var-file.ts';

const LAYOUT = { required: ['isin'], optional: ['margin'], unknownColumns: 'refuse' } as const;
const ISIN = /^IN[A-Z0-9]{9}\d$/;
const WHOLE = 10_000;

/** Least rate the house asks by ISIN, 1/10,000; 0 = no more than the rule. */
export type FundedList = ReadonlyMap<string, number>;

/** Reads the house's list: a header, then one ISIN a line and, in percent, the margin the house asks of it at least. Throws ReferenceFileError. */
export async function readFundedList(path: string): Promise<{ readonly list: FundedList; readonly source: SourceDigest }> {
  const list = new Map<string, number>();
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    const isin = record.required('isin');
    if (!ISIN.test(isin)) record.fail('isin', `"${isin}" is not an ISIN`);
    if (list.has(isin)) record.fail('isin', `${isin} is on the list already`);
    const margin = record.scaled('margin', 2) ?? 0;
    if (margin < 0 || margin > WHOLE) record.fail('margin', `"${record.text('margin')}" is not a percentage from 0 to 100`);
    list.set(isin, margin);
  });
  if (list.size === 0) fault(path, 0, '', 'the list names nothing');
  return { list, source };
}

/** What a day's files say of it. */
export interface FundingParts {
  readonly businessDate: number;
  /** The house's list; undefined: it funds nothing. */
  readonly fundedList?: FundedList | undefined;
  readonly riskByIsin?: ReadonlyMap<string, RiskParts> | undefined;
  /** `symbol|series` under surveillance. */
  readonly underSurveillance: ReadonlySet<string>;
}

/** The shares, both listings of one that two exchanges list; `hasDerivatives` says so of a symbol of NSE. Nothing without a list. */
export function fundedShares(
  listings: readonly Listing[],
  { businessDate, fundedList, riskByIsin, underSurveillance }: FundingParts,
  hasDerivatives: (symbol: string) => boolean,
): Pick<TableDetails, 'funded'> {
  if (fundedList === undefined) return {};
  const shares = listings.filter((listing) => listing.kind === 'EQ' && fundedList.has(listing.isin ?? ''));
  const derived = new Set(shares.filter(({ symbol }) => hasDerivatives(symbol)).map(({ isin }) => isin));
  const surveyed = new Set(shares.filter(({ symbol, series }) => underSurveillance.has(`${symbol}|${series}`)).map(({ isin }) => isin));
  const funded = shares.flatMap((listing) => {
    const isin = listing.isin ?? '';
    const risk = riskByIsin?.get(isin);
    if (risk === undefined || surveyed.has(isin) || isTradeToTrade(listing) || isSameDay(listing)) return [];
    const elm = derived.has(isin) ? 'cash.mtf.elm' : 'cash.mtf.elmOther';
    const candidates: readonly (readonly [rule: string, rate: number])[] = [
      ['cash.mtf', ruleValue('cash.mtf', businessDate)],
      [elm, risk.varMargin + (ruleValue(elm, businessDate) / WHOLE) * risk.extremeLoss],
      ['cash.mtf.house', fundedList.get(isin) ?? 0],
    ];
    const [rule, rate] = candidates.reduce((most, each) => (each[1] > most[1] ? each : most));
    return [[listing.segment, listing.token, Math.min(WHOLE, Math.ceil(rate)), rule] as const];
  });
  return { funded };
}
