// What the clearing corporation makes of shortages: the valuation debit of an internal one on the settlement day, the auction the day after,
// close-out where nobody offered, and what each client is charged or paid. Prices are the day's own; figures are worked out here so that they can
// disagree with ours. Paise and ticks.
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { SAME_DAY_TYPE, settlementDateOf } from '../calendar/settlement-windows.ts';
import type { PaidOut, SettlementShortage } from './clearing-units.ts';
import type { FaultSwitches } from './faults.ts';
import type { Row } from './files/csv-text.ts';
import { type MarketDay, settlementNumber } from './market-day.ts';

/** Columns of delivery files. The public names are known, their order is not: see the README. */
export const DELIVERY_COLUMNS: readonly string[] = [
  'SttlmTp',
  'SctiesSttlmTxId',
  'OrgnlSttlmTp',
  'OrgnlSctiesSttlmTxId',
  'ClntId',
  'TckrSymb',
  'ISIN',
  'QtyORShrtQty',
  'UnpdQty',
  'BnfcryAcct',
  'TxInd',
  'TxTp',
  'DueDt',
  'SqrOffORValtnPric',
  'SqrOffORValtnAmt',
];

/** Outcome of one auction: what was bought in for whom, at what price. */
export interface AuctionOutcome {
  /** "A2026225". */
  readonly settlement: string;
  /** Day the auction settles, YYYY-MM-DD. */
  readonly due: string;
  /** Day the auction is held. */
  readonly held: string;
  readonly rows: readonly Row[];
  /** Units bought in for buyers. */
  readonly credits: readonly { readonly client: string; readonly isin: string; readonly units: number }[];
}

const PREMIUM = 1.03;
const TICKS_OF_5_PAISE = 500;
const TICKS_PER_PAISA = 100;

const rupeesOf = (ticks: number): string => (ticks / 10_000).toFixed(2);
const inPaise = (ticks: number): number => Math.round(ticks / TICKS_PER_PAISA);
const amountOf = (ticks: number, units: number): string => ((inPaise(ticks) * units) / 100).toFixed(2);

/** A fifth above the settlement price, for what one client of the member owes another; a row of the pay-out's file each. */
export function valuationRows(day: MarketDay, settlement: string, { shortages }: PaidOut): Row[] {
  return shortages
    .filter(({ side }) => side === 'internal')
    .map((one) => valuation(day, settlement, one, { TxTp: 'I', DueDt: new BusinessCalendar().settlementDay(day.date, 1) }));
}

function valuation(day: MarketDay, settlement: string, one: SettlementShortage, more: Row): Row {
  const price = Math.round(((day.shares.get(one.token)?.settlementPrice ?? 0) * 6) / 5);
  return {
    ...settlementCells(settlement),
    ...clientCells(one),
    TxInd: 'VAL',
    SqrOffORValtnPric: rupeesOf(price),
    SqrOffORValtnAmt: amountOf(price, one.units),
    ...more,
  };
}

/**
 * Holds the auction of a settlement's shortages. `since`: days traded from its trade date to the auction's, as far as they were played, the last of
 * them last. Shares in `acting` have gone ex since: there are none to be had as they were sold, and what is short is closed out; so is what T+0 was
 * short of, straight away, with the auctions of its day.
 */
export function holdAuction(
  since: readonly [MarketDay, ...MarketDay[]],
  original: string,
  { shortages }: PaidOut,
  faults: FaultSwitches,
  acting: ReadonlySet<string>,
): AuctionOutcome {
  const [day] = since;
  const calendar = new BusinessCalendar();
  const isSameDay = original.startsWith(SAME_DAY_TYPE);
  const held = settlementDateOf(isSameDay ? 'T0' : 'CM', day.date, calendar);
  const due = calendar.settlementDay(held, 1);
  const settlement = `A${settlementNumber(held)}`;
  const failed = new Map<string, boolean>();
  const rows: Row[] = [];
  const credits: AuctionOutcome['credits'][number][] = [];
  for (const one of shortages) {
    const isFailed = isSameDay || (failed.get(one.isin) ?? (acting.has(one.isin) || faults.play('auction-fails')));
    failed.set(one.isin, isFailed);
    const cells = { ...settlementCells(settlement), ...originalCells(original), ...clientCells(one), DueDt: due };
    if (one.side === 'internal') rows.push({ ...valuation(day, settlement, one, { TxTp: 'O', DueDt: due }), ...originalCells(original) });
    rows.push({ ...cells, ...outcomeCells(since, one, isFailed) });
    if (one.side === 'payOut' && !isFailed) credits.push({ client: one.client, isin: one.isin, units: one.units });
  }
  return { settlement, due, held, rows, credits };
}

/** Bought in, or closed out at the higher of the highest price since the trade and a fifth above the auction day's close. */
function outcomeCells(since: readonly [MarketDay, ...MarketDay[]], { token, units, side }: SettlementShortage, isFailed: boolean): Row {
  const prices = since.map(({ shares }) => shares.get(token));
  const { settlementPrice = 0 } = prices[0] ?? {};
  const { close = 0 } = prices.at(-1) ?? {};
  const bought = Math.ceil((close * PREMIUM) / TICKS_OF_5_PAISE) * TICKS_OF_5_PAISE;
  const closedOut = Math.max(...prices.map((each) => each?.high ?? 0), Math.ceil((close * 12) / 10));
  const TxTp = side === 'payOut' ? 'O' : 'I';
  if (side === 'payOut' && !isFailed) return { TxInd: 'AUC', TxTp, SqrOffORValtnPric: rupeesOf(bought), SqrOffORValtnAmt: '0.00' };
  const price = isFailed ? closedOut : Math.max(bought, settlementPrice);
  return {
    TxInd: isFailed ? 'CLO' : 'AUC',
    TxTp,
    SqrOffORValtnPric: rupeesOf(isFailed ? closedOut : bought),
    SqrOffORValtnAmt: amountOf(price, units),
  };
}

/** What an auction's rows come to for the member, paise; valuations went in the day before and come back, so they are not in it. */
export function netOf(rows: readonly Row[]): number {
  return rows
    .filter(({ TxInd }) => TxInd !== 'VAL')
    .reduce((sum, { TxTp, SqrOffORValtnAmt }) => sum + (TxTp === 'O' ? 1 : -1) * Math.round(Number(SqrOffORValtnAmt) * 100), 0);
}

/** Type and number of a settlement ("M2026224"). */
export const settlementCells = (settlement: string): Row => ({ SttlmTp: settlement.slice(0, 1), SctiesSttlmTxId: settlement.slice(1) });
const originalCells = (settlement: string): Row => ({ OrgnlSttlmTp: settlement.slice(0, 1), OrgnlSctiesSttlmTxId: settlement.slice(1) });
const clientCells = ({ client, symbol, isin, units }: SettlementShortage): Row => ({
  ClntId: client,
  TckrSymb: symbol,
  ISIN: isin,
  QtyORShrtQty: units,
});
