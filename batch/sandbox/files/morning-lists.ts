// Lists an exchange gives out before the day: holidays, members, price bands, surveillance, corporate actions, currency contracts. Made from the market
// day and a seed. Columns are the exchange's where they are public (sec_list); the others are the sandbox's own, see README.
import { ExchangeSegment, type ParameterTable } from '../../../engine/index.ts';
import type { BhavcopyRow } from '../../../workers/reference/index.ts';
import { HOLIDAYS } from '../../calendar/holidays.ts';
import { MEMBER_CODE } from '../../ports/file-names.ts';
import type { MarketDay } from '../market-day.ts';
import { csvText, type Row, rupees } from './csv-text.ts';

/** Trading and settlement holidays of a year. */
export function holidayList(year: string): string {
  const { trading = [], settlementOnly = [], specialSessions = [] } = HOLIDAYS[year] ?? {};
  const row = (day: string, kind: string): Row => ({ Dt: `${year}-${day}`, Kind: kind });
  const rows = [
    ...trading.map((day) => row(day, 'TRADING')),
    ...settlementOnly.map((day) => row(day, 'SETTLEMENT')),
    ...specialSessions.map((day) => row(day, 'SESSION')),
  ];
  return csvText(['Dt', 'Kind'], rows);
}

/** Members by segment; ours is active, some other is suspended. */
export function memberList(): string {
  const rows: Row[] = [];
  for (const Sgmt of ['CM', 'FO', 'CD', 'CO']) {
    rows.push({ MmbCd: MEMBER_CODE, MmbNm: 'PRACTICE BROKING', Sgmt, Sts: 'ACTIVE' });
    rows.push({ MmbCd: '90002', MmbNm: 'OTHER BROKING', Sgmt, Sts: 'ACTIVE' });
    rows.push({ MmbCd: '90003', MmbNm: 'LAPSED BROKING', Sgmt, Sts: 'SUSPENDED' });
  }
  return csvText(['MmbCd', 'MmbNm', 'Sgmt', 'Sts'], rows);
}

/** Daily price bands: shares with derivatives have none. */
export function priceBandList(day: MarketDay): string {
  const withDerivatives = new Set([...day.contracts.values()].map(({ symbol }) => symbol));
  const rows = [...day.shares.values()].map(({ symbol, series, name }) => ({
    Symbol: symbol,
    Series: series,
    'Security Name': name,
    Band: withDerivatives.has(symbol) ? 'No Band' : series === 'BE' ? '5' : '20',
    Remarks: '-',
  }));
  return csvText(['Symbol', 'Series', 'Security Name', 'Band', 'Remarks'], rows);
}

/** The same of BSE, by scrip code: narrower for its smaller group. */
export function bsePriceBandList(day: MarketDay): string {
  const withDerivatives = new Set([...day.contracts.values(), ...day.bseContracts.values()].map(({ symbol }) => symbol));
  const rows = [...day.bseShares.values()].map(({ token, symbol, series }) => ({
    Scrip_Code: token,
    Scrip_Id: symbol,
    Band: withDerivatives.has(symbol) ? 'No Band' : series === 'B' ? '10' : '20',
  }));
  return csvText(['Scrip_Code', 'Scrip_Id', 'Band'], rows);
}

/** First stage of GSM and ASM at which a share is margined in full. */
const FULL_FROM = 2;

/** Shares on a surveillance list with their stage: a few without derivatives, and those settled trade for trade. */
function surveyed(day: MarketDay, list: 'gsm' | 'asm' | 't2t', seed: number): { readonly share: BhavcopyRow; readonly stage: number }[] {
  const withDerivatives = new Set([...day.contracts.values()].map(({ symbol }) => symbol));
  const small = [...day.shares.values()].filter(({ symbol }) => !withDerivatives.has(symbol));
  const chosen =
    list === 't2t' ? small.filter(({ series }) => series === 'BE') : small.filter((_, at) => (at + seed) % 7 === (list === 'gsm' ? 1 : 3));
  return chosen.map((share, at) => ({ share, stage: 1 + (at % 2) }));
}

/** A surveillance list as the exchange gives it. */
export function surveillanceList(day: MarketDay, list: 'gsm' | 'asm' | 't2t', seed: number): string {
  const rows = surveyed(day, list, seed).map(({ share: { symbol, series, isin }, stage }) => ({
    Symbol: symbol,
    Series: series,
    ISIN: isin,
    Stage: list === 't2t' ? '' : stage,
  }));
  return csvText(['Symbol', 'Series', 'ISIN', 'Stage'], rows);
}

/**
 * Has the clearing corporation margin in full, at each exchange by itself, what its own surveillance lists say: a generated day's rate file does not
 * know them.
 */
export function marginInFull(day: MarketDay, seed: number): void {
  const { parameters } = day;
  const inFull = new Set<number>();
  for (const list of ['gsm', 'asm'] as const)
    for (const { share, stage } of surveyed(day, list, seed)) if (stage >= FULL_FROM) inFull.add(share.token);
  const paired = parameters.details.sameShare ?? [];
  for (const token of inFull) chargeInFull(parameters, ExchangeSegment.NSE, token);
  for (const [, token, segment, other] of paired) if (inFull.has(token)) chargeInFull(parameters, segment, other);
  Object.assign(parameters.details, { sameShare: paired.filter(([, token]) => !inFull.has(token)) });
}

function chargeInFull(parameters: ParameterTable, segment: number, token: number): void {
  const row = parameters.find(segment, token);
  if (row >= 0) parameters.cashRate[row] = 10_000;
}

/** One share's units become so many others. */
export interface CorporateAction {
  readonly token: number;
  readonly symbol: string;
  readonly series: string;
  readonly isin: string;
  readonly purpose: 'SPLIT' | 'BONUS';
  /** New units for `denominator` old ones. */
  readonly numerator: number;
  readonly denominator: number;
}

/** Corporate actions with ex date on the day: a split and a bonus of shares without derivatives. */
export function corporateActions(day: MarketDay, seed: number): CorporateAction[] {
  const withDerivatives = new Set([...day.contracts.values()].map(({ symbol }) => symbol));
  const small = [...day.shares.values()].filter(({ symbol, series }) => !withDerivatives.has(symbol) && series === 'EQ');
  const ratios = [
    ['SPLIT', 5, 1],
    ['BONUS', 3, 2],
  ] as const;
  return ratios.flatMap(([purpose, numerator, denominator], at) => {
    const share = small[(seed + at * 5) % Math.max(1, small.length)];
    if (share === undefined) return [];
    const { token, symbol, series, isin } = share;
    return [{ token, symbol, series, isin, purpose, numerator, denominator }];
  });
}

/** Units of a share after the actions of the day; fractions are lost. */
export function unitsAfter(actions: readonly CorporateAction[], token: number, units: number): number {
  const action = actions.find((one) => one.token === token);
  return action === undefined ? units : Math.floor((units * action.numerator) / action.denominator);
}

/** Haircut of shares at least, per cent; what one share may be of a client's other collateral; haircut of overnight funds. */
const LEAST_HAIRCUT = 9;
const SHARE_CAP = 25;
const OVERNIGHT_HAIRCUT = 5;
/** Units of a share that one client may have counted. */
const UNITS_CAP = 1_000_000;

/** Approved securities: shares of series EQ at their last close, less the cash margin rate or 9 %, whichever is more; columns of `tarazu haircuts`. */
export function approvedSecurities(day: MarketDay, actions: readonly CorporateAction[]): string {
  const { parameters } = day;
  const shares = [...day.sharesBefore.values()].filter(({ series, close = 0, isin }) => series === 'EQ' && close > 0 && isin !== '');
  const rows = shares.map(({ token, isin, close = 0 }): Row => {
    const row = parameters.find(ExchangeSegment.NSE, token);
    const haircut = Math.max(LEAST_HAIRCUT, (row < 0 ? 10_000 : (parameters.cashRate[row] as number)) / 100);
    const action = actions.find((one) => one.token === token);
    const price = action === undefined ? close : Math.floor((close * action.denominator) / action.numerator);
    return { kind: 'EQUITY', isin, price: rupees(price), haircut: haircut.toFixed(2), cap: UNITS_CAP };
  });
  const kinds: Row[] = [
    { kind: 'EQUITY', security_share: SHARE_CAP },
    { kind: 'OVERNIGHT_FUND', haircut: OVERNIGHT_HAIRCUT },
  ];
  return csvText(['kind', 'isin', 'price', 'haircut', 'cap', 'security_share'], [...rows, ...kinds]);
}

/** The list as the exchange gives it. */
export function corporateActionList(actions: readonly CorporateAction[], date: string): string {
  const rows = actions.map(({ token, symbol, series, isin, purpose, numerator, denominator }) => ({
    FinInstrmId: token,
    TckrSymb: symbol,
    SctySrs: series,
    ISIN: isin,
    ExDt: date,
    Purpose: purpose,
    NewUnits: numerator,
    OldUnits: denominator,
  }));
  return csvText(['FinInstrmId', 'TckrSymb', 'SctySrs', 'ISIN', 'ExDt', 'Purpose', 'NewUnits', 'OldUnits'], rows);
}

/** Block deals of the member in both windows: one seller, one buyer, the smallest round block. */
export function blockDeals(day: MarketDay): string {
  const share = [...day.shares.values()].find(({ series }) => series === 'EQ');
  const [seller, buyer] = day.clients.slice(2);
  const columns = ['TradDt', 'TradTm', 'TckrSymb', 'ClntId', 'BuySellInd', 'TradQty', 'Pric', 'UnqTradIdr'];
  if (share?.close === undefined || seller === undefined || buyer === undefined) return csvText(columns, []);
  const TradQty = Math.ceil((26e7 * 10_000) / share.close);
  const rows = ['08:50:00', '14:10:00'].flatMap((TradTm, at) =>
    [seller, buyer].map(({ account }, side) => ({
      TradDt: day.date,
      TradTm,
      TckrSymb: share.symbol,
      ClntId: account,
      BuySellInd: side === 0 ? 'S' : 'B',
      TradQty,
      Pric: rupees(share.close ?? 0),
      UnqTradIdr: 880_001 + at,
    })),
  );
  return csvText(columns, rows);
}

const DAYS_1980_TO_1970 = 315_532_800;

/**
 * Currency contracts by the contract file's own names: those of the day, else three months of one pair. Expiry in seconds since 1980, price fields in
 * paise.
 */
export function currencyContracts({ date, currency }: MarketDay): string {
  const seconds = (day: string): number => Math.floor(Date.parse(`${day}T00:00:00Z`) / 1000) - DAYS_1980_TO_1970;
  const common = { UndrlygFinInstrmId: 1, MinLot: 1, BidIntrvl: 25 };
  const listed = [...currency.values()].map(({ token, instrumentType, symbol, expiry, strike, optionType, lot }) => ({
    ...common,
    FinInstrmId: token,
    FinInstrmNm: instrumentType,
    TckrSymb: symbol,
    XpryDt: seconds(`${expiry}`.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')),
    StrkPric: optionType === '' ? -1 : Math.round((strike ?? 0) / 100),
    OptnTp: optionType === '' ? 'XX' : optionType,
    NewBrdLotQty: lot ?? 0,
  }));
  const madeUp = [1, 2, 3].map((month) => ({
    ...common,
    FinInstrmId: 9000 + month,
    FinInstrmNm: 'FUTCUR',
    TckrSymb: 'USDINR',
    XpryDt: seconds(date) + month * 28 * 86_400,
    StrkPric: -1,
    OptnTp: 'XX',
    NewBrdLotQty: 1000,
  }));
  const rows = listed.length > 0 ? listed : madeUp;
  const columns = [
    'FinInstrmId',
    'UndrlygFinInstrmId',
    'FinInstrmNm',
    'TckrSymb',
    'XpryDt',
    'StrkPric',
    'OptnTp',
    'MinLot',
    'NewBrdLotQty',
    'BidIntrvl',
  ];
  return csvText(columns, rows);
}
