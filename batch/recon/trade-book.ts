// One exchange segment's trades of a day, packed: 96 bytes a trade and a hash index, so that a million trades cost about a hundred megabytes. The key of a
// trade is exchange, number, side and client (both legs of an internal cross share the number). Judges nothing.
import { CHARGE_EXCHANGES, CHARGE_PRODUCTS, CHARGE_SEGMENTS } from '../../engine/index.ts';

/** Offsets inside a row. */
export const TradeCell = {
  tradeId: 0,
  client: 24,
  exchange: 40,
  side: 41,
  token: 44,
  quantity: 48,
  price: 56,
  order: 64,
  settlement: 88,
  flags: 90,
  product: 91,
  kind: 92,
  BYTES: 96,
} as const;
/** Widths of the texts. */
export const TradeWidth = { tradeId: 24, client: 16, order: 24 } as const;
/** Bits of flags: cancelled by the exchange; found at the engine; found in the order system's list. */
export const TradeFlag = { CANCELLED: 1, ENGINE: 2, OMS: 4 } as const;

const [BUY, SELL] = [1, 2];
const KEY_WORDS = 11;
const CLIENT_WORDS = 4;
const ROW_WORDS = TradeCell.BYTES / 4;
const ROW_DOUBLES = TradeCell.BYTES / 8;
const FIRST_ROWS = 1024;
const MAGIC = 'tarazu trades 1';

/** One trade as a plain object. Quantity in units, price in ticks. */
export interface BookedTrade {
  readonly exchange: (typeof CHARGE_EXCHANGES)[number];
  readonly tradeId: string;
  readonly client: string;
  readonly side: 'B' | 'S';
  readonly token: number;
  readonly quantity: number;
  readonly price: number;
  readonly order: string;
  /** "TYPE NUMBER" as the file has them; ' ' where it has none. */
  readonly settlement: string;
  readonly isCancelled: boolean;
  /** Undefined until one of our own lists named it. */
  readonly product: (typeof CHARGE_PRODUCTS)[number] | undefined;
  readonly kind: (typeof CHARGE_SEGMENTS)[number];
}

/** Rows of each client: `rows` from `starts[i]` up to `starts[i + 1]` are client i's, in the order of the book. */
export interface ClientRows {
  readonly clients: readonly string[];
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

/** See the file's head. */
export class TradeBook {
  rows = 0;
  bytes: Buffer = Buffer.alloc(0);
  private words = new Int32Array(0);
  private doubles = new Float64Array(0);
  private index = new Int32Array(FIRST_ROWS * 2);
  private capacity = 0;
  private lastFound = -1;
  private readonly settlements: string[] = [];
  private readonly settlementNumbers = new Map<string, number>();

  constructor() {
    this.grow(FIRST_ROWS);
  }

  /** Makes room for so many rows at once. */
  expect(rows: number): void {
    if (rows > this.capacity) this.grow(rows);
  }

  /** Offset of the row to fill next; it is all zero. It counts only once it is added. */
  stage(): number {
    if (this.rows === this.capacity) this.grow(this.capacity * 2);
    const { words } = this;
    const from = this.rows * ROW_WORDS;
    for (let i = from; i < from + ROW_WORDS; i++) words[i] = 0;
    return this.rows * TradeCell.BYTES;
  }

  /** Stages the key of a trade; false when no trade of a book can have it. */
  stageKey({ exchange, tradeId, side, client }: Pick<BookedTrade, 'tradeId' | 'side' | 'client'> & { readonly exchange: string }): boolean {
    const number = (CHARGE_EXCHANGES as readonly string[]).indexOf(exchange);
    if (number < 0 || tradeId.length > TradeWidth.tradeId || client.length > TradeWidth.client) return false;
    const at = this.stage();
    this.bytes.write(tradeId, at + TradeCell.tradeId, 'latin1');
    this.bytes.write(client, at + TradeCell.client, 'latin1');
    this.bytes[at + TradeCell.exchange] = number;
    this.bytes[at + TradeCell.side] = side === 'B' ? BUY : SELL;
    return true;
  }

  /** Row that has the key of the staged one, or -1. */
  findStaged(): number {
    return this.findWords(this.words, this.rows);
  }

  /** Row that has the key of another book's row, or -1. Lists in the same order are found without a search: the row behind the last one is tried first. */
  findKeyOf(other: TradeBook, row: number): number {
    const next = this.lastFound + 1;
    this.lastFound = next < this.rows && this.hasKey(next, other.words, row) ? next : this.findWords(other.words, row);
    return this.lastFound;
  }

  /** Takes the staged row in; the caller knows that its key is new. */
  addStaged(): number {
    const row = this.rows;
    this.rows += 1;
    this.enter(row);
    return row;
  }

  /** Writes quantity and price of a row. */
  setFigures(row: number, quantity: number, price: number): void {
    this.doubles[row * ROW_DOUBLES + TradeCell.quantity / 8] = quantity;
    this.doubles[row * ROW_DOUBLES + TradeCell.price / 8] = price;
  }

  quantity(row: number): number {
    return this.doubles[row * ROW_DOUBLES + TradeCell.quantity / 8] as number;
  }

  price(row: number): number {
    return this.doubles[row * ROW_DOUBLES + TradeCell.price / 8] as number;
  }

  token(row: number): number {
    return (this.words[row * ROW_WORDS + TradeCell.token / 4] as number) >>> 0;
  }

  setToken(row: number, token: number): void {
    this.words[row * ROW_WORDS + TradeCell.token / 4] = token;
  }

  setProduct(row: number, product: (typeof CHARGE_PRODUCTS)[number]): void {
    this.bytes[row * TradeCell.BYTES + TradeCell.product] = CHARGE_PRODUCTS.indexOf(product) + 1;
  }

  isSell(row: number): boolean {
    return this.u8(row, TradeCell.side) === SELL;
  }

  /** Number of a row's settlement, see settlementOf. */
  settlementNumber(row: number): number {
    return (this.u8(row, TradeCell.settlement) as number) | (this.u8(row, TradeCell.settlement + 1) << 8);
  }

  /** Text of a settlement's number. */
  settlementText(number: number): string {
    return this.settlements[number] ?? '';
  }

  /** Do two rows have the same order text, one that is not empty? */
  isSameOrder(a: number, b: number): boolean {
    const { words } = this;
    const [from, to] = [a * ROW_WORDS + TradeCell.order / 4, b * ROW_WORDS + TradeCell.order / 4];
    for (let i = 0; i < TradeWidth.order / 4; i++) if (words[from + i] !== words[to + i]) return false;
    return words[from] !== 0;
  }

  u8(row: number, cell: number): number {
    return this.bytes[row * TradeCell.BYTES + cell] as number;
  }

  has(row: number, flag: number): boolean {
    return (this.u8(row, TradeCell.flags) & flag) !== 0;
  }

  raise(row: number, flag: number): void {
    this.bytes[row * TradeCell.BYTES + TradeCell.flags] = this.u8(row, TradeCell.flags) | flag;
  }

  text(row: number, cell: 'tradeId' | 'client' | 'order'): string {
    const at = row * TradeCell.BYTES + TradeCell[cell];
    const end = this.bytes.indexOf(0, at);
    return this.bytes.toString('latin1', at, end < 0 ? at + TradeWidth[cell] : Math.min(end, at + TradeWidth[cell]));
  }

  /** Number of a settlement's text, the same for the same text. */
  settlementOf(text: string): number {
    const known = this.settlementNumbers.get(text);
    if (known !== undefined) return known;
    this.settlementNumbers.set(text, this.settlements.length);
    return this.settlements.push(text) - 1;
  }

  settlement(row: number): string {
    return this.settlementText(this.settlementNumber(row));
  }

  /** A row as a plain object. */
  trade(row: number): BookedTrade {
    const product = this.u8(row, TradeCell.product);
    return {
      exchange: CHARGE_EXCHANGES[this.u8(row, TradeCell.exchange)] ?? 'NSE',
      tradeId: this.text(row, 'tradeId'),
      client: this.text(row, 'client'),
      side: this.isSell(row) ? 'S' : 'B',
      token: this.token(row),
      quantity: this.quantity(row),
      price: this.price(row),
      order: this.text(row, 'order'),
      settlement: this.settlement(row),
      isCancelled: this.has(row, TradeFlag.CANCELLED),
      product: product === 0 ? undefined : CHARGE_PRODUCTS[product - 1],
      kind: CHARGE_SEGMENTS[this.u8(row, TradeCell.kind)] ?? 'EQ',
    };
  }

  /** Rows that count (not cancelled), by client in the order of their codes. */
  byClient(): ClientRows {
    const { numberOf, firsts } = this.numberClients();
    const counts = new Uint32Array(firsts.length);
    for (const number of numberOf) if (number >= 0) counts[number] = (counts[number] as number) + 1;
    const codes = firsts.map((row) => this.text(row, 'client'));
    const order = [...codes.keys()].sort((a, b) => ((codes[a] as string) < (codes[b] as string) ? -1 : 1));
    const starts = new Uint32Array(order.length + 1);
    const next = new Uint32Array(order.length);
    for (const [i, number] of order.entries()) {
      next[number] = starts[i] as number;
      starts[i + 1] = (starts[i] as number) + (counts[number] as number);
    }
    const rows = new Uint32Array(starts[order.length] as number);
    for (let row = 0; row < this.rows; row++) {
      const number = numberOf[row] as number;
      if (number < 0) continue;
      const at = next[number] as number;
      rows[at] = row;
      next[number] = at + 1;
    }
    return { clients: order.map((number) => codes[number] as string), starts, rows };
  }

  /** Numbers clients in the order of their first row; −1 for cancelled rows. */
  private numberClients(): { readonly numberOf: Int32Array; readonly firsts: number[] } {
    const numberOf = new Int32Array(this.rows).fill(-1);
    const firsts: number[] = [];
    let buckets = new Int32Array(FIRST_ROWS);
    for (let row = 0; row < this.rows; row++) {
      if (this.has(row, TradeFlag.CANCELLED)) continue;
      if (row > 0 && (numberOf[row - 1] as number) >= 0 && this.isSameClient(row, row - 1)) {
        numberOf[row] = numberOf[row - 1] as number;
        continue;
      }
      if (firsts.length * 2 >= buckets.length) buckets = this.clientBuckets(firsts, buckets.length * 4);
      const bucket = this.clientBucket(buckets, firsts, row);
      if (buckets[bucket] === 0) buckets[bucket] = firsts.push(row);
      numberOf[row] = (buckets[bucket] as number) - 1;
    }
    return { numberOf, firsts };
  }

  private clientBuckets(firsts: readonly number[], size: number): Int32Array<ArrayBuffer> {
    const buckets = new Int32Array(size);
    for (const [number, row] of firsts.entries()) buckets[this.clientBucket(buckets, firsts, row)] = number + 1;
    return buckets;
  }

  /** Bucket of a row's client, or the free one where it would be. */
  private clientBucket(buckets: Int32Array, firsts: readonly number[], row: number): number {
    const mask = buckets.length - 1;
    const from = row * ROW_WORDS + TradeCell.client / 4;
    for (let b = hashWords(this.words, from, CLIENT_WORDS) & mask; ; b = (b + 1) & mask) {
      const number = buckets[b] as number;
      if (number === 0 || this.isSameClient(firsts[number - 1] as number, row)) return b;
    }
  }

  private isSameClient(a: number, b: number): boolean {
    const { words } = this;
    const [from, to] = [a * ROW_WORDS + TradeCell.client / 4, b * ROW_WORDS + TradeCell.client / 4];
    for (let i = 0; i < CLIENT_WORDS; i++) if (words[from + i] !== words[to + i]) return false;
    return true;
  }

  /** The book as one file's bytes: the same trades in the same order give the same bytes. */
  toBytes(): Buffer {
    const head = Buffer.from(`${JSON.stringify({ magic: MAGIC, rows: this.rows, settlements: this.settlements })}\n`, 'latin1');
    return Buffer.concat([head, this.bytes.subarray(0, this.rows * TradeCell.BYTES)]);
  }

  /** A book from toBytes. Throws RangeError for bytes that are none. */
  static fromBytes(bytes: Buffer): TradeBook {
    const end = bytes.indexOf(0x0a);
    const head = JSON.parse(bytes.toString('latin1', 0, Math.max(0, end)) || '{}') as { magic?: string; rows?: number; settlements?: string[] };
    const { magic, rows = -1, settlements = [] } = head;
    if (magic !== MAGIC || bytes.length !== end + 1 + rows * TradeCell.BYTES) throw new RangeError('these bytes are no book of trades');
    const book = new TradeBook();
    for (const settlement of settlements) book.settlementOf(settlement);
    if (rows > FIRST_ROWS) book.grow(rows);
    bytes.copy(book.bytes, 0, end + 1);
    for (; book.rows < rows; book.rows++) book.enter(book.rows);
    return book;
  }

  private grow(capacity: number): void {
    const bytes = Buffer.from(new ArrayBuffer(capacity * TradeCell.BYTES));
    this.bytes.copy(bytes, 0, 0, this.rows * TradeCell.BYTES);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer, 0, capacity * ROW_WORDS);
    this.doubles = new Float64Array(bytes.buffer, 0, capacity * ROW_DOUBLES);
    this.capacity = capacity;
    let buckets = FIRST_ROWS * 2;
    while (buckets < capacity * 2) buckets *= 2;
    this.index = new Int32Array(buckets);
    for (let row = 0; row < this.rows; row++) this.enter(row);
  }

  private enter(row: number): void {
    const mask = this.index.length - 1;
    let b = hashWords(this.words, row * ROW_WORDS, KEY_WORDS) & mask;
    while (this.index[b] !== 0) b = (b + 1) & mask;
    this.index[b] = row + 1;
  }

  private findWords(words: Int32Array, of: number): number {
    const mask = this.index.length - 1;
    for (let b = hashWords(words, of * ROW_WORDS, KEY_WORDS) & mask; ; b = (b + 1) & mask) {
      const row = (this.index[b] as number) - 1;
      if (row < 0 || this.hasKey(row, words, of)) return row;
    }
  }

  private hasKey(row: number, words: Int32Array, of: number): boolean {
    for (let i = 0; i < KEY_WORDS; i++) if (this.words[row * ROW_WORDS + i] !== words[of * ROW_WORDS + i]) return false;
    return true;
  }
}

function hashWords(words: Int32Array, from: number, count: number): number {
  let hash = 0x2545f491;
  for (let i = from; i < from + count; i++) {
    hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}
