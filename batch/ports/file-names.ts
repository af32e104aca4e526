// Where each file of a business date lies at the other side, by role: /exchange/DATE, /clearing/DATE, /depository/DATE, /upload/DATE. Names are the
// exchanges' own where they are public; the others are the sandbox's (`practice`), because no layout of theirs is public: see README.
import type { Chain, Segment, Settled } from '../graph/node-row.ts';
import type { FileSource } from './ports-file.ts';

/** Member code at the exchange and the clearing corporation that names carry. */
export const MEMBER_CODE = '90001';

/** A file the night fetches. */
export interface FileName {
  readonly source: FileSource;
  /** Name on a business date (YYYY-MM-DD). `before` is the trading day before it, for files that speak of yesterday. */
  readonly name: (date: string, before: string) => string;
  /** Not public: the sandbox's own name and columns. */
  readonly practice?: boolean;
}

/** 20261120 */
export const compactDate = (date: string): string => date.replaceAll('-', '');
/** 20112026 */
export const dayFirst = (date: string): string => `${date.slice(8)}${date.slice(5, 7)}${date.slice(0, 4)}`;

const exchange = (name: FileName['name']): FileName => ({ source: 'exchange', name });
const clearing = (name: FileName['name']): FileName => ({ source: 'clearing', name });
const own = (source: FileSource, stem: string): FileName => ({ source, name: (date) => `${stem}_${dayFirst(date)}.csv`, practice: true });
const udiff = (type: string, source: string, segment: string, scope: string): FileName => ({
  source: type === 'Trade' ? 'exchange' : 'clearing',
  name: (date) => `${type}_${source}_${segment}_0_${scope}_${MEMBER_CODE}_${compactDate(date)}_F_0000.csv.gz`,
});
const sameDay = (type: string, source: string): FileName => ({
  source: type === 'Trade' ? 'exchange' : 'clearing',
  name: (date) => `${type}_${source}_CM_T0_TM_${MEMBER_CODE}_${compactDate(date)}_F_0000.csv.gz`,
});
const delivery = (stem: string): FileName => ({
  source: 'clearing',
  name: (date) => `${stem}_CM_${MEMBER_CODE}_${compactDate(date)}_F_0000.csv.gz`,
  practice: true,
});
/** What one clearing corporation that clears both exchanges sends of BSE's trades: such names are not public. */
const ofBse = (type: string, segment: string): FileName => ({ ...udiff(type, 'BSE', segment, 'TM'), practice: true });
/** Plain, with capitals: as BSE publishes it in 2026. */
const bseBhavcopy = (segment: string): FileName => exchange((date) => `BhavCopy_BSE_${segment}_0_0_0_${compactDate(date)}_F_0000.CSV`);
/** The same of the trading day before. */
const ofDayBefore = ({ name, ...rest }: FileName): FileName => ({ ...rest, name: (_date, before) => name(before, before) });

/** Roles of files: the names under which they are kept and pinned. */
export const FILE_ROLES = [
  'holidays',
  'securities',
  'contracts-fo',
  'contracts-cd',
  'corporate-actions',
  'price-bands',
  'members',
  'bans',
  'gsm',
  'asm',
  't2t',
  'span',
  'elm',
  'elm-contracts',
  'var',
  'approved-securities',
  'settlement-prices-before',
  'bhavcopy-cm-before',
  'bhavcopy-fo-before',
  'obligation-cm-before',
  'positions-fo-before',
  'pledge-status',
  'ddpi-status',
  'block-deals',
  'transmissions',
  'settlement-prices',
  'bhavcopy-cm',
  'bhavcopy-fo',
  'bhavcopy-cd',
  'bhavcopy-com',
  'trades-cm',
  'trades-fo',
  'trades-cd',
  'trades-com',
  'obligation-cm',
  'obligation-fo',
  'obligation-cd',
  'obligation-com',
  'trades-t0',
  'obligation-t0',
  'positions-fo',
  'stt-cm',
  'stt-fo',
  'stamp-cm',
  'stamp-fo',
  'scrips-bse',
  'contracts-bfo',
  'members-bse',
  'price-bands-bse',
  'span-iccl',
  'bhavcopy-bse-before',
  'bhavcopy-bfo-before',
  'positions-bfo-before',
  'bhavcopy-bse',
  'bhavcopy-bfo',
  'trades-bse',
  'trades-bfo',
  'positions-bfo',
  'stt-bse',
  'stamp-bse',
  'stt-bfo',
  'stamp-bfo',
  'stt-t0',
  'stamp-t0',
  'peak-margin-cm',
  'peak-margin-fo',
  'peak-margin-cd',
  'peak-margin-com',
  'position-upload-answer',
  'demat-accounts',
  'pay-out-cm',
  'credits-cm',
  'units-statement',
  'pool-statement',
  'auction-cm',
  'pay-out-t0',
  'credits-t0',
  'units-statement-t0',
  'pool-statement-t0',
  'span-cd',
  'span-com',
  'commodity-margins',
  'bhavcopy-cd-before',
  'bhavcopy-com-before',
  'positions-cd-before',
  'positions-com-before',
  'stamp-cd',
  'ctt-com',
  'stamp-com',
] as const;
/** One of FILE_ROLES. */
export type FileRoleName = (typeof FILE_ROLES)[number];

/** Every file of a day by role. Provisional files have P instead of F: see provisional. */
export const FILE_NAMES: Readonly<Record<FileRoleName, FileName>> = {
  holidays: { source: 'exchange', name: (date) => `holidays_${date.slice(0, 4)}.csv`, practice: true },
  securities: exchange((date) => `NSE_CM_security_${dayFirst(date)}.csv.gz`),
  'contracts-fo': exchange((date) => `NSE_FO_contract_${dayFirst(date)}.csv.gz`),
  'contracts-cd': exchange((date) => `NSE_CD_contract_${dayFirst(date)}.csv.gz`),
  'corporate-actions': own('exchange', 'corporate_actions'),
  'price-bands': exchange((date) => `sec_list_${dayFirst(date)}.csv`),
  members: own('exchange', 'members'),
  bans: exchange((date) => `fo_secban_${dayFirst(date)}.csv`),
  gsm: own('exchange', 'gsm'),
  asm: own('exchange', 'asm'),
  t2t: own('exchange', 't2t'),
  span: clearing((date) => `nsccl.${compactDate(date)}.i1.zip`),
  elm: clearing((date) => `ael_${dayFirst(date)}.csv`),
  'elm-contracts': clearing((date) => `F_AEL_OPT_CONTRACTS_${dayFirst(date)}.csv.gz`),
  var: clearing((date) => `C_VAR1_${dayFirst(date)}_1.DAT`),
  /** What counts as collateral and for how much; the layout is that of `tarazu haircuts`. */
  'approved-securities': { source: 'clearing', name: (date) => `approved_securities_${compactDate(date)}.csv`, practice: true },
  'settlement-prices-before': clearing((_date, before) => `FOSett_prce_${dayFirst(before)}.csv`),
  'bhavcopy-cm-before': exchange((_date, before) => `BhavCopy_NSE_CM_0_0_0_${compactDate(before)}_F_0000.csv.zip`),
  'bhavcopy-fo-before': exchange((_date, before) => `BhavCopy_NSE_FO_0_0_0_${compactDate(before)}_F_0000.csv.zip`),
  'obligation-cm-before': ofDayBefore(udiff('Obligation', 'NCL', 'CM', 'TM')),
  'positions-fo-before': ofDayBefore(udiff('Position', 'NCL', 'FO', 'TM')),
  'pledge-status': own('depository', 'pledge_status'),
  'block-deals': own('exchange', 'block_deals'),
  'ddpi-status': own('depository', 'ddpi_status'),
  transmissions: own('depository', 'transmissions'),
  // Of BSE, for members of it.
  'scrips-bse': exchange((date) => `SCRIP_${dayFirst(date)}.TXT`),
  'contracts-bfo': { source: 'exchange', name: (date) => `BSE_FO_contract_${dayFirst(date)}.csv.gz`, practice: true },
  'members-bse': own('exchange', 'members_bse'),
  /** Bands by scrip code: BSE announces changes by notice, what its members download is not public. */
  'price-bands-bse': own('exchange', 'bse_price_bands'),
  /** Risk parameters of what BSE lists, by its own clearing corporation. */
  'span-iccl': { source: 'clearing', name: (date) => `iccl.${compactDate(date)}.i1.zip`, practice: true },
  'bhavcopy-bse-before': ofDayBefore(bseBhavcopy('CM')),
  'bhavcopy-bfo-before': ofDayBefore(bseBhavcopy('FO')),
  'positions-bfo-before': ofDayBefore(ofBse('Position', 'FO')),
  'bhavcopy-bse': bseBhavcopy('CM'),
  'bhavcopy-bfo': bseBhavcopy('FO'),
  'trades-bse': udiff('Trade', 'BSE', 'CM', 'TM'),
  'trades-bfo': udiff('Trade', 'BSE', 'FO', 'TM'),
  /** Apart from those of NSE: a position row names no exchange, and a share's contracts have the same terms on both. */
  'positions-bfo': ofBse('Position', 'FO'),
  'stt-bse': ofBse('STT', 'CM'),
  'stamp-bse': ofBse('StampDuty', 'CM'),
  'stt-bfo': ofBse('STT', 'FO'),
  'stamp-bfo': ofBse('StampDuty', 'FO'),
  // End of day.
  'settlement-prices': clearing((date) => `FOSett_prce_${dayFirst(date)}.csv`),
  'bhavcopy-cm': exchange((date) => `BhavCopy_NSE_CM_0_0_0_${compactDate(date)}_F_0000.csv.zip`),
  'bhavcopy-fo': exchange((date) => `BhavCopy_NSE_FO_0_0_0_${compactDate(date)}_F_0000.csv.zip`),
  'bhavcopy-cd': exchange((date) => `BhavCopy_NSE_CD_0_0_0_${compactDate(date)}_F_0000.csv.zip`),
  'bhavcopy-com': exchange((date) => `BhavCopy_MCX_CO_0_0_0_${compactDate(date)}_F_0000.csv.zip`),
  'trades-cm': udiff('Trade', 'NSE', 'CM', 'TM'),
  'trades-fo': udiff('Trade', 'NSE', 'FO', 'TM'),
  'trades-cd': udiff('Trade', 'NSE', 'CD', 'TM'),
  'trades-com': udiff('Trade', 'MCX', 'CO', 'CM'),
  'obligation-cm': udiff('Obligation', 'NCL', 'CM', 'TM'),
  /** T+0: the market type stands in the name of the trade file (NSE/EGR/74778); the others' names are not public. */
  'trades-t0': sameDay('Trade', 'NSE'),
  'obligation-t0': { ...sameDay('Obligation', 'NCL'), practice: true },
  'stt-t0': { ...sameDay('STT', 'NCL'), practice: true },
  'stamp-t0': { ...sameDay('StampDuty', 'NCL'), practice: true },
  'obligation-fo': udiff('Obligation', 'NCL', 'FO', 'TM'),
  'obligation-cd': udiff('Obligation', 'NCL', 'CD', 'TM'),
  'obligation-com': udiff('Obligation', 'MCXCCL', 'CO', 'TM'),
  'positions-fo': udiff('Position', 'NCL', 'FO', 'TM'),
  'stt-cm': udiff('STT', 'NCL', 'CM', 'TM'),
  'stt-fo': udiff('STT', 'NCL', 'FO', 'TM'),
  'stamp-cm': udiff('StampDuty', 'NCL', 'CM', 'TM'),
  'stamp-fo': udiff('StampDuty', 'NCL', 'FO', 'TM'),
  /** Client margin statement MG-13: what the clearing corporation found at its snapshots. The names of currency and commodity are not public. */
  'peak-margin-cm': clearing((date) => `C_MG13_${MEMBER_CODE}_${dayFirst(date)}.lis.gz`),
  'peak-margin-fo': clearing((date) => `F_MG13_${MEMBER_CODE}_${dayFirst(date)}.lis.gz`),
  'peak-margin-cd': own('clearing', 'X_MG13'),
  'peak-margin-com': own('clearing', 'MCX_PeakMargin'),
  'demat-accounts': own('depository', 'demat_accounts'),
  /** Direct pay-out, client by client; columns are found by name, their public order is not known. */
  'pay-out-cm': delivery('DeliveryDpo_NCL_CM_EquityT1'),
  'credits-cm': own('depository', 'settlement_credits'),
  /** All units after the pay-out. */
  'units-statement': own('depository', 'units_statement'),
  'pool-statement': own('depository', 'pool_statement'),
  /** Outcome of the auction held on the date. */
  'auction-cm': delivery('Delivery_NCL_CM_Auction'),
  /** The same of T+0, of its own afternoon. */
  'pay-out-t0': delivery('DeliveryDpo_NCL_CM_T0'),
  'credits-t0': own('depository', 'settlement_credits_t0'),
  'units-statement-t0': own('depository', 'units_statement_t0'),
  'pool-statement-t0': own('depository', 'pool_statement_t0'),
  // Of currency and commodity, for houses that trade them.
  'span-cd': clearing((date) => `nsccl_x.${compactDate(date)}.i1.zip`),
  'span-com': { source: 'clearing', name: (date) => `mcxccl.${compactDate(date)}.i1.zip`, practice: true },
  'commodity-margins': clearing((date) => `DailyMargin_${dayFirst(date)}.csv`),
  'bhavcopy-cd-before': exchange((_date, before) => `BhavCopy_NSE_CD_0_0_0_${compactDate(before)}_F_0000.csv.zip`),
  'bhavcopy-com-before': exchange((_date, before) => `BhavCopy_MCX_CO_0_0_0_${compactDate(before)}_F_0000.csv.zip`),
  'positions-cd-before': ofDayBefore(udiff('Position', 'NCL', 'CD', 'TM')),
  'positions-com-before': ofDayBefore(udiff('Position', 'MCXCCL', 'CO', 'TM')),
  'stamp-cd': udiff('StampDuty', 'NCL', 'CD', 'TM'),
  /** What MCX's clearing corporation collects; its names and columns are not public: those of NSE's STT and stamp duty. */
  'ctt-com': { ...udiff('CTT', 'MCXCCL', 'CO', 'TM'), practice: true },
  'stamp-com': { ...udiff('StampDuty', 'MCXCCL', 'CO', 'TM'), practice: true },
  'position-upload-answer': { source: 'clearing', name: (date) => `position_upload_answer_${dayFirst(date)}.csv`, practice: true },
};

/** Folder of a source on a business date. */
export const folderOf = (source: FileSource | 'upload', date: string): string => `/${source}/${date}`;

/** Path of a role's file on a business date. */
export function pathOf(role: FileRoleName, date: string, before: string): string {
  const { source, name } = FILE_NAMES[role];
  return `${folderOf(source, date)}/${name(date, before)}`;
}

/** The provisional form of a UDiFF name (`_F_` becomes `_P_`). */
export const provisional = (path: string): string => path.replace(/_F_(\d{4}\.csv)/, '_P_$1');

/** Trade file role of a chain. */
export const TRADE_ROLE: Readonly<Record<Chain, FileRoleName>> = {
  CM: 'trades-cm',
  FO: 'trades-fo',
  CD: 'trades-cd',
  COM: 'trades-com',
  BSE: 'trades-bse',
  BFO: 'trades-bfo',
  T0: 'trades-t0',
};
/** Roles of a pay-out's files: T+0's come on an afternoon on which an earlier settlement's come too. */
export const PAY_OUT_ROLES: Readonly<Record<'CM' | 'T0', Readonly<Record<'payOut' | 'credits' | 'units' | 'pool', FileRoleName>>>> = {
  CM: { payOut: 'pay-out-cm', credits: 'credits-cm', units: 'units-statement', pool: 'pool-statement' },
  T0: { payOut: 'pay-out-t0', credits: 'credits-t0', units: 'units-statement-t0', pool: 'pool-statement-t0' },
};
/** Role of what a settlement comes to. */
export const OBLIGATION_ROLE: Readonly<Record<Settled, FileRoleName>> = {
  CM: 'obligation-cm',
  FO: 'obligation-fo',
  CD: 'obligation-cd',
  COM: 'obligation-com',
  T0: 'obligation-t0',
};
/** Role of what the clearing corporation found at its snapshots, by segment. */
export const PEAK_ROLE: Readonly<Record<Segment, FileRoleName>> = {
  CM: 'peak-margin-cm',
  FO: 'peak-margin-fo',
  CD: 'peak-margin-cd',
  COM: 'peak-margin-com',
};
/** Segment as UDiFF files write it. */
export const UDIFF_SEGMENT: Readonly<Record<Chain, string>> = { CM: 'CM', FO: 'FO', CD: 'CD', COM: 'CO', BSE: 'CM', BFO: 'FO', T0: 'CM' };
/** Where the member puts its position file: one per exchange, as its rows name none. */
export const positionUploadPath = (chain: Chain, date: string): string =>
  `${folderOf('upload', date)}/Position_TM_${chain === 'BFO' ? 'BSE_FO' : UDIFF_SEGMENT[chain]}_${MEMBER_CODE}_${compactDate(date)}.csv`;
