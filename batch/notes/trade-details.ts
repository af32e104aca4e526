// What a note shows of a trade beyond the packed book: security or contract, ISIN, times. Read from the same trade files the book was made of, beside its rows:
// eight bytes a trade, and one description an instrument.
import { CHARGE_EXCHANGES } from '../../engine/index.ts';
import { type FieldRow, readFieldRows } from '../files/field-rows.ts';
import { type TradeBook, TradeCell, TradeWidth } from '../recon/trade-book.ts';

const COLUMNS = [
  'Src',
  'FinInstrmId',
  'ISIN',
  'TckrSymb',
  'SctySrs',
  'XpryDt',
  'StrkPric',
  'OptnTp',
  'ClntId',
  'BuySellInd',
  'UnqTradIdr',
  'TradDtTm',
  'OrdrDtTm',
] as const;
const [SOURCE, TOKEN, ISIN, SYMBOL, SERIES, EXPIRY, STRIKE, OPTION, CLIENT, SIDE, TRADE, TRADED, ORDERED] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;
const UNKNOWN = -1;
const TOKEN_MAX = 2 ** 32 - 1;

/** An instrument as a note names it. Contracts of two exchanges that are the same have the same name. */
export interface NoteInstrument {
  readonly name: string;
  readonly isin: string;
}

/** See the file's head. */
export class TradeDetails {
  private readonly book: TradeBook;
  private readonly traded: Int32Array;
  private readonly ordered: Int32Array;
  private readonly instruments = new Map<string, NoteInstrument>();

  constructor(book: TradeBook) {
    this.book = book;
    this.traded = new Int32Array(book.rows).fill(UNKNOWN);
    this.ordered = new Int32Array(book.rows).fill(UNKNOWN);
  }

  /** Reads one of the files the book was made of. Rejects with FileError. */
  async read(file: string): Promise<void> {
    await readFieldRows(file, COLUMNS, (row) => {
      const found = this.rowOf(row);
      if (found < 0) return;
      this.traded[found] = secondsOf(row.text(TRADED));
      this.ordered[found] = secondsOf(row.text(ORDERED));
      const key = `${row.text(SOURCE)} ${row.integer(TOKEN, 1, TOKEN_MAX)}`;
      if (!this.instruments.has(key)) this.instruments.set(key, instrumentOf(row));
    });
  }

  /** The instrument of a trade; its number alone when no file named it. */
  instrument(exchange: string, token: number): NoteInstrument {
    return this.instruments.get(`${exchange} ${token}`) ?? { name: `Token ${token}`, isin: '' };
  }

  /** HH:MM:SS, '' when the file has no time. */
  tradeTime(row: number): string {
    return timeText(this.traded[row] ?? UNKNOWN);
  }

  orderTime(row: number): string {
    return timeText(this.ordered[row] ?? UNKNOWN);
  }

  private rowOf(row: FieldRow): number {
    const { book } = this;
    const at = book.stage();
    row.copy(TRADE, book.bytes, at + TradeCell.tradeId, TradeWidth.tradeId);
    row.copy(CLIENT, book.bytes, at + TradeCell.client, TradeWidth.client);
    const exchange = CHARGE_EXCHANGES.findIndex((name) => row.is(SOURCE, name));
    if (exchange < 0) return -1;
    book.bytes[at + TradeCell.exchange] = exchange;
    book.bytes[at + TradeCell.side] = row.is(SIDE, 'B') ? 1 : 2;
    return book.findStaged();
  }
}

function instrumentOf(row: FieldRow): NoteInstrument {
  // The ordinary series is no part of a share's name, nor is a group of BSE.
  const series = row.is(SERIES, 'EQ') || row.is(SOURCE, 'BSE') ? '' : row.text(SERIES);
  const texts = [row.text(SYMBOL), series, expiryText(row.text(EXPIRY)), row.text(STRIKE).replace(/\.0+$/, '')];
  const words = texts.filter((word) => word !== '' && !/^0+$/.test(word));
  const option = row.text(OPTION);
  const name = [...words, ...(option === '' || option === 'XX' ? (row.isEmpty(EXPIRY) ? [] : ['FUT']) : [option])].join(' ');
  return { name, isin: row.text(ISIN) };
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** 27 OCT 2026 of 2026-10-27; anything else as it stands. */
function expiryText(text: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return year === undefined ? text : `${day} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

function secondsOf(text: string): number {
  const match = /(\d{2}):(\d{2}):(\d{2})/.exec(text);
  return match === null ? UNKNOWN : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

const two = (value: number): string => String(value).padStart(2, '0');
const timeText = (seconds: number): string =>
  seconds < 0 ? '' : `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
