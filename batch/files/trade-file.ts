// The exchange's trade file (UDiFF, 46 columns; CM, FO, CD and commodity alike), streamed and read by header name. A cancelled row (RptdTxSts CN) is
// kept apart; a row that comes twice is counted once; the same trade with other content is a fault with its line, because nobody can know which holds.

import { type CsvRow, readCsvFile } from './csv-file.ts';
import { FileError, shown } from './file-error.ts';
import { parsePriceTicks } from './price-ticks.ts';

/** One side of one trade. */
export interface TradeRow {
  readonly line: number;
  /** CM, FO, CD or CO, as the file says. */
  readonly segment: string;
  /** NSE, BSE, MCX, … */
  readonly exchange: string;
  /** YYYYMMDD. */
  readonly tradeDate: number;
  readonly token: number;
  readonly symbol: string;
  readonly isin: string;
  readonly instrumentType: string;
  readonly client: string;
  readonly side: 'B' | 'S';
  /** Units. */
  readonly quantity: number;
  /** Ticks of 1/10,000 rupee. */
  readonly price: number;
  readonly tradeId: string;
  readonly orderReference: string;
  readonly settlementType: string;
  readonly settlementNumber: string;
  readonly isCancelled: boolean;
}

/** What a file held. */
export interface TradeFileCounts {
  readonly rows: number;
  readonly trades: number;
  readonly cancelled: number;
  /** Rows that repeat another, column for column where it matters. */
  readonly repeated: number;
}

/** Columns without which a row cannot be booked. */
export const TRADE_COLUMNS = [
  'TradDt',
  'Sgmt',
  'Src',
  'FinInstrmTp',
  'FinInstrmId',
  'ISIN',
  'TckrSymb',
  'ClntId',
  'SttlmTp',
  'SctiesSttlmTxId',
  'BuySellInd',
  'TradQty',
  'Pric',
  'UnqTradIdr',
  'RptdTxSts',
  'OrdrRef',
] as const;
const QUANTITY_MAX = 1e12;

/** Key that dedupes every source of a trade: both legs of an internal cross share the trade number, so client and side belong to it. */
export const tradeKeyOf = (row: Pick<TradeRow, 'exchange' | 'tradeDate' | 'tradeId' | 'client' | 'side'>): string =>
  `${row.exchange}|${row.tradeDate}|${row.tradeId}|${row.side}|${row.client}`;

/** Visits each trade once, in the order of the file. Rejects with FileError naming line and column; then what was visited does not count. */
export async function readTradeFile(file: string, visit: (row: TradeRow) => void): Promise<TradeFileCounts> {
  const seen = new Map<string, string>();
  let trades = 0;
  let cancelled = 0;
  let repeated = 0;
  const rows = await readCsvFile(file, TRADE_COLUMNS, (source) => {
    const row = tradeRow(file, source);
    const key = `${tradeKeyOf(row)}|${row.isCancelled ? 'CN' : ''}`;
    const content = `${row.token}|${row.quantity}|${row.price}`;
    const before = seen.get(key);
    if (before === content) {
      repeated += 1;
      return;
    }
    if (before !== undefined)
      throw new FileError(
        file,
        `line ${row.line}`,
        `trade ${row.tradeId} of ${row.client} comes a second time with other figures (${before} and ${content})`,
      );
    seen.set(key, content);
    if (row.isCancelled) cancelled += 1;
    else trades += 1;
    visit(row);
  });
  return { rows, trades, cancelled, repeated };
}

function tradeRow(file: string, row: CsvRow): TradeRow {
  const fail = (column: string, reason: string): never => {
    throw new FileError(file, `line ${row.line}, ${column}`, `${shown(row.text(column))} ${reason}`);
  };
  const side = row.text('BuySellInd');
  if (side !== 'B' && side !== 'S') fail('BuySellInd', 'is neither B nor S');
  const price = parsePriceTicks(row.text('Pric'));
  if (price === undefined) fail('Pric', 'is not a price in rupees with at most four decimals');
  return {
    line: row.line,
    segment: needed(row, 'Sgmt', fail),
    exchange: needed(row, 'Src', fail),
    tradeDate: dateOf(row.text('TradDt')) ?? fail('TradDt', 'is not a date'),
    token: integer(row, 'FinInstrmId', fail, 2 ** 32 - 1),
    symbol: needed(row, 'TckrSymb', fail),
    isin: row.text('ISIN'),
    instrumentType: needed(row, 'FinInstrmTp', fail),
    client: needed(row, 'ClntId', fail),
    side: side as 'B' | 'S',
    quantity: integer(row, 'TradQty', fail, QUANTITY_MAX),
    price: price ?? 0,
    tradeId: needed(row, 'UnqTradIdr', fail),
    orderReference: row.text('OrdrRef'),
    settlementType: row.text('SttlmTp'),
    settlementNumber: row.text('SctiesSttlmTxId'),
    isCancelled: row.text('RptdTxSts') === 'CN',
  };
}

type Fail = (column: string, reason: string) => never;

function needed(row: CsvRow, column: string, fail: Fail): string {
  const text = row.text(column);
  return text === '' ? fail(column, 'is empty') : text;
}

function integer(row: CsvRow, column: string, fail: Fail, max: number): number {
  const text = row.text(column);
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value > 0 && value <= max ? value : fail(column, `is not a whole number from 1 to ${max}`);
}

/** YYYY-MM-DD, YYYYMMDD or DD-MM-YYYY (all three are seen) as YYYYMMDD; undefined for no date. */
function dateOf(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? [];
  const [, d, m, y] = /^(\d{2})-(\d{2})-(\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? `${y}-${m}-${d}` : `${year}-${month}-${day}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : Number(iso.replaceAll('-', ''));
}
