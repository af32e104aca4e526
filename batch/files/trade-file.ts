// The exchange's trade file (UDiFF, 46 columns; CM, FO, CD and commodity alike), streamed by header name into a book. A row that comes twice is counted once;
// a cancelled row (RptdTxSts CN) cancels its trade wherever it stands; the same trade with other figures is a fault with its line, because nobody can know
// which holds. A file of another date, segment or exchange is refused at its first row.
import { CHARGE_EXCHANGES, CHARGE_SEGMENTS, type ChargeSegment } from '../../engine/index.ts';
import { type TradeBook, TradeCell, TradeFlag, TradeWidth } from '../recon/trade-book.ts';
import { type FieldRow, readFieldRows } from './field-rows.ts';

/** What a file must be about. */
export interface TradeFileSubject {
  /** CM, FO, CD or CO, as files write it. */
  readonly segment: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Exchanges a row may come from. */
  readonly exchanges: readonly string[];
}

/** What a file held. */
export interface TradeFileCounts {
  readonly rows: number;
  /** Trades that count, of all files in the book. */
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
  'FinInstrmId',
  'OptnTp',
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
const [DATE, SEGMENT, SOURCE, TOKEN, OPTION, CLIENT, SETTLEMENT_TYPE, SETTLEMENT, SIDE, QUANTITY, PRICE, TRADE, STATUS, ORDER] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
] as const;
const QUANTITY_MAX = 1e12;
const TOKEN_MAX = 2 ** 32 - 1;

/** Kinds of charge by segment: of a future (or share), and of an option. */
const KINDS: Readonly<Record<string, readonly [ChargeSegment, ChargeSegment]>> = {
  CM: ['EQ', 'EQ'],
  FO: ['FUT', 'OPT'],
  CD: ['CUR_FUT', 'CUR_OPT'],
  CO: ['COM_FUT', 'COM_OPT'],
};

/** Reads a file into `book`. Rejects with FileError naming line and column; the book must then be dropped. */
export async function loadTradeFile(file: string, subject: TradeFileSubject, book: TradeBook): Promise<TradeFileCounts> {
  const dates = new Set(dateForms(subject.date));
  let [cancelled, repeated] = [0, 0];
  const rows = await readFieldRows(file, TRADE_COLUMNS, (row) => {
    refuseOthers(row, subject, dates);
    const at = book.stage();
    stageKey(row, book, at);
    const [quantity, price] = [row.integer(QUANTITY, 1, QUANTITY_MAX), row.ticks(PRICE)];
    const token = row.integer(TOKEN, 1, TOKEN_MAX);
    const isCancelled = row.is(STATUS, 'CN');
    const known = book.findStaged();
    if (known >= 0) {
      refuseOther(row, book, known, { quantity, price, token });
      if (isCancelled && !book.has(known, TradeFlag.CANCELLED)) {
        book.raise(known, TradeFlag.CANCELLED);
        cancelled += 1;
      } else repeated += 1;
      return;
    }
    stageRest(row, book, at, subject.segment);
    book.bytes.writeUInt32LE(token, at + TradeCell.token);
    const added = book.addStaged();
    book.setFigures(added, quantity, price);
    if (!isCancelled) return;
    book.raise(added, TradeFlag.CANCELLED);
    cancelled += 1;
  });
  let trades = 0;
  for (let row = 0; row < book.rows; row++) if (!book.has(row, TradeFlag.CANCELLED)) trades += 1;
  return { rows, trades, cancelled, repeated };
}

/** YYYY-MM-DD, YYYYMMDD and DD-MM-YYYY are all seen. */
function dateForms(date: string): string[] {
  const [year, month, day] = date.split('-');
  return [date, `${year}${month}${day}`, `${day}-${month}-${year}`];
}

function refuseOthers(row: FieldRow, { segment, date, exchanges }: TradeFileSubject, dates: ReadonlySet<string>): void {
  if (!dates.has(row.text(DATE))) row.fail(DATE, `is not the date of this file (${date})`);
  if (!row.is(SEGMENT, segment)) row.fail(SEGMENT, `is not the segment of this file (${segment})`);
  if (!exchanges.some((exchange) => row.is(SOURCE, exchange))) row.fail(SOURCE, `is not an exchange of this file (${exchanges.join(', ')})`);
}

function stageKey(row: FieldRow, book: TradeBook, at: number): void {
  if (row.isEmpty(TRADE)) row.fail(TRADE, 'is empty');
  if (row.isEmpty(CLIENT)) row.fail(CLIENT, 'is empty');
  row.copy(TRADE, book.bytes, at + TradeCell.tradeId, TradeWidth.tradeId);
  row.copy(CLIENT, book.bytes, at + TradeCell.client, TradeWidth.client);
  const isBuy = row.is(SIDE, 'B');
  if (!isBuy && !row.is(SIDE, 'S')) row.fail(SIDE, 'is neither B nor S');
  const exchange = CHARGE_EXCHANGES.findIndex((name) => row.is(SOURCE, name));
  if (exchange < 0) row.fail(SOURCE, 'is an exchange without rates');
  book.bytes[at + TradeCell.exchange] = exchange;
  book.bytes[at + TradeCell.side] = isBuy ? 1 : 2;
}

function stageRest(row: FieldRow, book: TradeBook, at: number, segment: string): void {
  row.copy(ORDER, book.bytes, at + TradeCell.order, TradeWidth.order);
  book.bytes.writeUInt16LE(book.settlementOf(`${row.text(SETTLEMENT_TYPE)} ${row.text(SETTLEMENT)}`), at + TradeCell.settlement);
  const [plain, option] = KINDS[segment] ?? row.fail(SEGMENT, 'has no rates');
  book.bytes[at + TradeCell.kind] = CHARGE_SEGMENTS.indexOf(row.isEmpty(OPTION) || row.is(OPTION, 'XX') ? plain : option);
}

interface Figures {
  readonly quantity: number;
  readonly price: number;
  readonly token: number;
}

function refuseOther(row: FieldRow, book: TradeBook, known: number, { quantity, price, token }: Figures): void {
  const before = `${book.token(known)}|${book.quantity(known)}|${book.price(known)}`;
  const now = `${token}|${quantity}|${price}`;
  if (before !== now) row.fail(TRADE, `of ${row.text(CLIENT)} comes a second time with other figures (${before} and ${now})`);
}
