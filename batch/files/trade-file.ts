// The exchange's trade file (UDiFF, 46 columns; CM, FO, CD and commodity alike), streamed by header name into a book. A row that comes twice is counted once;
// a cancelled row (RptdTxSts CN) cancels its trade wherever it stands; the same trade with other figures is a fault with its line, because nobody can know
// which holds. A file of another date, segment or exchange is refused at its first row.
import { existsSync, statSync } from 'node:fs';
import { CHARGE_EXCHANGES, CHARGE_SEGMENTS, type ChargeSegment } from '../../engine/index.ts';
import { SAME_DAY_TYPE } from '../calendar/settlement-windows.ts';
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
  /** T+0 (settlement type 5): true = nothing else may be in it, false = none of it. Where nothing is said both may. */
  readonly isSameDay?: boolean;
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

/** Bytes of a row at the least: a guess of how many rows a file has that does not grow the book too often. */
const ROW_BYTES_MIN = 180;

/** Reads a file into `book`. Rejects with FileError naming line and column; the book must then be dropped. */
export async function loadTradeFile(file: string, subject: TradeFileSubject, book: TradeBook): Promise<TradeFileCounts> {
  if (!file.endsWith('.gz') && existsSync(file)) book.expect(book.rows + Math.ceil(statSync(file).size / ROW_BYTES_MIN));
  const loader = new TradeLoader(subject, book);
  const rows = await readFieldRows(file, TRADE_COLUMNS, (row) => loader.take(row));
  let trades = 0;
  for (let row = 0; row < book.rows; row++) if (!book.has(row, TradeFlag.CANCELLED)) trades += 1;
  return { rows, trades, cancelled: loader.cancelled, repeated: loader.repeated };
}

/** Takes rows into a book. What rows of a file share (date, exchange, settlement) is compared with the row before and not read again. */
class TradeLoader {
  cancelled = 0;
  repeated = 0;
  private readonly subject: TradeFileSubject;
  private readonly book: TradeBook;
  private readonly dates: readonly string[];
  private readonly exchanges: readonly (readonly [name: string, number: number])[];
  private readonly kinds: readonly [plain: number, option: number] | undefined;
  private settlementType = '';
  private settlement = '';
  private settlementNumber = -1;

  constructor(subject: TradeFileSubject, book: TradeBook) {
    this.subject = subject;
    this.book = book;
    this.dates = dateForms(subject.date);
    this.exchanges = subject.exchanges.map((name) => [name, (CHARGE_EXCHANGES as readonly string[]).indexOf(name)]);
    const kinds = KINDS[subject.segment];
    this.kinds = kinds === undefined ? undefined : [CHARGE_SEGMENTS.indexOf(kinds[0]), CHARGE_SEGMENTS.indexOf(kinds[1])];
  }

  take(row: FieldRow): void {
    const { book } = this;
    this.refuseOthers(row);
    const at = book.stage();
    this.stageKey(row, at);
    const [quantity, price] = [row.integer(QUANTITY, 1, QUANTITY_MAX), row.ticks(PRICE)];
    const token = row.integer(TOKEN, 1, TOKEN_MAX);
    const isCancelled = row.is(STATUS, 'CN');
    const known = book.findStaged();
    if (known >= 0) {
      refuseOther(row, book, known, { quantity, price, token });
      if (isCancelled && !book.has(known, TradeFlag.CANCELLED)) {
        book.raise(known, TradeFlag.CANCELLED);
        this.cancelled += 1;
      } else this.repeated += 1;
      return;
    }
    this.stageRest(row, at);
    const added = book.addStaged();
    book.setToken(added, token);
    book.setFigures(added, quantity, price);
    if (!isCancelled) return;
    book.raise(added, TradeFlag.CANCELLED);
    this.cancelled += 1;
  }

  private refuseOthers(row: FieldRow): void {
    const { segment, date, exchanges } = this.subject;
    if (!isOne(row, DATE, this.dates)) row.fail(DATE, `is not the date of this file (${date})`);
    if (!row.is(SEGMENT, segment)) row.fail(SEGMENT, `is not the segment of this file (${segment})`);
    if (!isOne(row, SOURCE, exchanges)) row.fail(SOURCE, `is not an exchange of this file (${exchanges.join(', ')})`);
  }

  private stageKey(row: FieldRow, at: number): void {
    const { book } = this;
    if (row.isEmpty(TRADE)) row.fail(TRADE, 'is empty');
    if (row.isEmpty(CLIENT)) row.fail(CLIENT, 'is empty');
    row.copy(TRADE, book.bytes, at + TradeCell.tradeId, TradeWidth.tradeId);
    row.copy(CLIENT, book.bytes, at + TradeCell.client, TradeWidth.client);
    const isBuy = row.is(SIDE, 'B');
    if (!isBuy && !row.is(SIDE, 'S')) row.fail(SIDE, 'is neither B nor S');
    const exchange = this.exchangeOf(row);
    if (exchange < 0) row.fail(SOURCE, 'is an exchange without rates');
    book.bytes[at + TradeCell.exchange] = exchange;
    book.bytes[at + TradeCell.side] = isBuy ? 1 : 2;
  }

  private exchangeOf(row: FieldRow): number {
    for (const [name, number] of this.exchanges) if (row.is(SOURCE, name)) return number;
    return -1;
  }

  private stageRest(row: FieldRow, at: number): void {
    const { bytes } = this.book;
    row.copy(ORDER, bytes, at + TradeCell.order, TradeWidth.order);
    const settlement = this.settlementOf(row);
    bytes[at + TradeCell.settlement] = settlement & 0xff;
    bytes[at + TradeCell.settlement + 1] = settlement >> 8;
    const [plain, option] = this.kinds ?? row.fail(SEGMENT, 'has no rates');
    bytes[at + TradeCell.kind] = row.isEmpty(OPTION) || row.is(OPTION, 'XX') ? plain : option;
  }

  /** T+0 trades come in a file of their own: one in the other file would settle a day late, or early. */
  private refuseOtherSession(row: FieldRow): void {
    const { isSameDay } = this.subject;
    if (isSameDay === undefined || row.is(SETTLEMENT_TYPE, SAME_DAY_TYPE) === isSameDay) return;
    row.fail(
      SETTLEMENT_TYPE,
      isSameDay ? `is not that of T+0 (${SAME_DAY_TYPE}), whose file this is` : 'is that of T+0, which has a file of its own',
    );
  }

  private settlementOf(row: FieldRow): number {
    if (this.settlementNumber >= 0 && row.is(SETTLEMENT_TYPE, this.settlementType) && row.is(SETTLEMENT, this.settlement))
      return this.settlementNumber;
    this.refuseOtherSession(row);
    [this.settlementType, this.settlement] = [row.text(SETTLEMENT_TYPE), row.text(SETTLEMENT)];
    this.settlementNumber = this.book.settlementOf(`${this.settlementType} ${this.settlement}`);
    return this.settlementNumber;
  }
}

function isOne(row: FieldRow, column: number, texts: readonly string[]): boolean {
  for (const text of texts) if (row.is(column, text)) return true;
  return false;
}

/** YYYY-MM-DD, YYYYMMDD and DD-MM-YYYY are all seen. */
function dateForms(date: string): string[] {
  const [year, month, day] = date.split('-');
  return [date, `${year}${month}${day}`, `${day}-${month}-${year}`];
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
