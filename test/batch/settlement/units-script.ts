// What a small house of securities is written in: shares, holdings, trades in shorthand, and the rows and files the sandbox has of them.
import type { CorporateAction } from '../../../batch/sandbox/files/morning-lists.ts';
import type { BhavcopyRow, GeneratedClient } from '../../../workers/reference/index.ts';
import { PRICE_HEADER, table } from '../end-of-day/trading-day.ts';

/** Token, ISIN, close and high of the shares there are; the settlement price is the close. Rupees. */
export const SHARES: Readonly<Record<string, { readonly token: number; readonly isin: string; readonly close: number; readonly high: number }>> = {
  RELIANCE: { token: 2885, isin: 'INE002A01018', close: 1360, high: 1366 },
  SBIN: { token: 3045, isin: 'INE062A01020', close: 812, high: 820 },
  INFY: { token: 1594, isin: 'INE009A01021', close: 1500, high: 1510 },
};

/** What a house begins with. */
export interface UnitScript {
  /** `CLIENT SHARE free [pledged] [t1]` */
  readonly holdings: readonly string[];
  /** By trade date: `SIDE CLIENT SHARE quantity`, at the share's close; `SHARE@T0` in the T+0 session. */
  readonly trades: Readonly<Record<string, readonly string[]>>;
  /** Ledger balances, paise; a client not named is rich. */
  readonly cash?: Readonly<Record<string, number>>;
  readonly faults?: string;
  /** By ex date: `SPLIT SHARE new old`; the depository's units change in that evening. */
  readonly actions?: Readonly<Record<string, readonly string[]>>;
}

/** A share by its name. */
export function shareOf(name: string): (typeof SHARES)[string] {
  const share = SHARES[name];
  if (share === undefined) throw new Error(`there is no share ${name}`);
  return share;
}

const TICKS = 10_000;

/** A price row as the sandbox has it in memory. */
export function bhavcopyRow(symbol: string, { token, isin, close, high }: (typeof SHARES)[string], date: string): BhavcopyRow {
  const day = Number(date.replaceAll('-', ''));
  const text = {
    segment: 'CM',
    source: 'NSE',
    instrumentType: 'STK',
    isin,
    symbol,
    series: 'EQ',
    optionType: '',
    name: symbol,
    session: 'F1',
    remarks: '',
  };
  const prices = { close: close * TICKS, high: high * TICKS, settlementPrice: close * TICKS };
  return { tradeDate: day, businessDate: day, token, expiry: 0, actualExpiry: 0, rest: {}, ...text, ...prices };
}

/** The exchange's price file of a date. */
export function priceFile(date: string): string {
  const rows = Object.entries(SHARES).map(([symbol, { token, isin, close, high }]) => ({
    TradDt: date,
    BizDt: date,
    Sgmt: 'CM',
    Src: 'NSE',
    FinInstrmTp: 'STK',
    FinInstrmId: String(token),
    ISIN: isin,
    TckrSymb: symbol,
    SctySrs: 'EQ',
    HghPric: high.toFixed(2),
    ClsPric: close.toFixed(2),
    SttlmPric: close.toFixed(2),
  }));
  return table(PRICE_HEADER, rows);
}

/** Clients of a script: who holds, and who trades. */
export function clientsOf({ holdings, trades }: UnitScript): GeneratedClient[] {
  const names = new Set([
    ...holdings.map((words) => words.split(' ')[0] ?? ''),
    ...Object.values(trades)
      .flat()
      .map((words) => words.split(' ')[1] ?? ''),
  ]);
  return [...names].sort().map((account) => ({
    account,
    riskGroup: account,
    status: 'ACTIVE',
    kind: 'CLIENT',
    segments: [1],
    cash: 0,
    cashEquivalent: 0,
    nonCash: 0,
    positions: [],
    limits: { maxOrderQuantity: 0, maxOrderValue: 0, maxOpenOrders: 0, maxOpenOrderValue: 0, maxNetQuantity: 0, maxGrossValue: 0, maxTurnover: 0 },
    holdings: holdings
      .map((words) => words.split(' '))
      .filter(([client]) => client === account)
      .map(([, name = '', free = '0', pledged = '0', t1 = '0']) => ({
        segment: 1,
        token: shareOf(name).token,
        free: Number(free),
        pledged: Number(pledged),
        t1: Number(t1),
      })),
  }));
}

/**
 * A house with everything that can happen to units in two settlements and a T+0: a shortage between clients, unpaid units, a sale of what came the
 * day before, units that come into the pool and leave it for their client and for a pay-in.
 */
export const KILLED_HOUSE: UnitScript = {
  holdings: ['C1 SBIN 50', 'C2 RELIANCE 100', 'C3 INFY 10'],
  trades: {
    '2026-11-17': ['S C1 SBIN 50', 'B C3 SBIN 60', 'S C2 RELIANCE 40', 'B C4 INFY 10', 'B C5 RELIANCE 3'],
    '2026-11-18': [
      ...['S C3 SBIN 10', 'S C4 INFY 4', 'B C1 RELIANCE 5', 'S C5 RELIANCE 1'],
      // C1 has none, so that is closed out.
      ...['S C3 INFY@T0 6', 'B C2 INFY@T0 6', 'S C1 SBIN@T0 4', 'B C2 SBIN@T0 4'],
    ],
    '2026-11-19': [],
  },
  cash: { C4: -9_000_000 },
  faults: 'short-delivery-2,auction-fails-1,account-closed-1',
};

/** Corporate actions of a script with ex date on a date. */
export function actionsOn({ actions }: UnitScript, date: string): CorporateAction[] {
  return (actions?.[date] ?? []).map((words) => {
    const [purpose = '', name = '', numerator = '1', denominator = '1'] = words.split(' ');
    const { token, isin } = shareOf(name);
    const ratio = { numerator: Number(numerator), denominator: Number(denominator) };
    return { token, isin, symbol: name, series: 'EQ', purpose: purpose === 'SPLIT' ? 'SPLIT' : 'BONUS', ...ratio };
  });
}
