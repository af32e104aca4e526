// Rows of a large comma-separated file as offsets into its bytes, plain or gzip, streamed: a million rows of 46 columns cost no string that nobody asks for.
// Columns are found by their name in the header. A row that is cut, too long or badly quoted is a located error; what was visited before it must be dropped.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { FileError, shown, unreadable } from './file-error.ts';

const [LF, CR, COMMA, QUOTE, SPACE, DOT, ZERO, NINE] = [0x0a, 0x0d, 0x2c, 0x22, 0x20, 0x2e, 0x30, 0x39];
const CHUNK_BYTES = 1 << 18;
const ROW_BYTES_MAX = 1 << 16;
const COLUMNS_MAX = 512;
const TICK_DECIMALS = 4;
const DIGITS_MAX = 15;

/** The current row; valid inside the visit only. Columns are addressed by their place in the list that was asked for. */
export class FieldRow {
  line = 0;
  private readonly file: string;
  private readonly columns: readonly string[];
  private readonly places: readonly number[];
  private readonly width: number;
  private bytes: Buffer = Buffer.alloc(0);
  private readonly starts = new Int32Array(COLUMNS_MAX);
  private readonly ends = new Int32Array(COLUMNS_MAX);

  constructor(file: string, columns: readonly string[], header: readonly string[]) {
    const missing = columns.filter((column) => !header.includes(column));
    if (missing.length > 0) throw new FileError(file, 'line 1', `has no column ${missing.join(', ')}`);
    this.file = file;
    this.columns = columns;
    this.places = columns.map((column) => header.indexOf(column));
    this.width = header.length;
  }

  /** Cuts a line; false when it is blank. */
  take(bytes: Buffer, from: number, to: number, line: number): boolean {
    this.bytes = bytes;
    this.line = line;
    const count = cut({ bytes, from, to }, this.starts, this.ends);
    if (count === 1 && this.starts[0] === this.ends[0]) return false;
    if (count < 0) throw new FileError(this.file, `line ${line}`, 'has a quoted field that is not closed');
    if (count !== this.width) throw new FileError(this.file, `line ${line}`, `has ${count} columns where the header has ${this.width}`);
    return true;
  }

  text(column: number): string {
    const place = this.places[column] ?? 0;
    return this.bytes.toString('latin1', this.starts[place], this.ends[place]);
  }

  /** The field, which must not be empty. */
  needed(column: number): string {
    return this.isEmpty(column) ? this.fail(column, 'is empty') : this.text(column);
  }

  isEmpty(column: number): boolean {
    const place = this.places[column] ?? 0;
    return this.starts[place] === this.ends[place];
  }

  /** Is it this text? Without making a string. */
  is(column: number, text: string): boolean {
    const place = this.places[column] ?? 0;
    const start = this.starts[place] ?? 0;
    if ((this.ends[place] ?? 0) - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Copies the field into `target`; refuses what does not fit `width` bytes. */
  copy(column: number, target: Buffer, at: number, width: number): void {
    const place = this.places[column] ?? 0;
    const [start, end] = [this.starts[place] ?? 0, this.ends[place] ?? 0];
    if (end - start > width) this.fail(column, `is longer than ${width} characters`);
    for (let i = start; i < end; i++) target[at + i - start] = this.bytes[i] as number;
  }

  /** A whole number from `min` to `max`. */
  integer(column: number, min: number, max: number): number {
    const place = this.places[column] ?? 0;
    const [start, end] = [this.starts[place] ?? 0, this.ends[place] ?? 0];
    let value = end === start || end - start > DIGITS_MAX ? Number.NaN : 0;
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      value = byte >= ZERO && byte <= NINE ? value * 10 + byte - ZERO : Number.NaN;
    }
    return value >= min && value <= max ? value : this.fail(column, `is not a whole number from ${min} to ${max}`);
  }

  /** A price in rupees as ticks of 1/10,000: no floating point stands between file and book. */
  ticks(column: number): number {
    const place = this.places[column] ?? 0;
    const [start, end] = [this.starts[place] ?? 0, this.ends[place] ?? 0];
    let [value, decimals, digits] = [0, -1, 0];
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      if (byte === DOT && decimals < 0 && i > start && i < end - 1) decimals = 0;
      else if (byte < ZERO || byte > NINE || (decimals >= TICK_DECIMALS && byte !== ZERO)) return this.noPrice(column);
      else if (decimals < TICK_DECIMALS) {
        value = value * 10 + byte - ZERO;
        digits += 1;
        if (decimals >= 0) decimals += 1;
      }
    }
    if (digits === 0 || digits > DIGITS_MAX - TICK_DECIMALS) return this.noPrice(column);
    for (let i = Math.max(0, decimals); i < TICK_DECIMALS; i++) value *= 10;
    return value;
  }

  /** A located refusal of a field. */
  fail(column: number, reason: string): never {
    throw new FileError(this.file, `line ${this.line}, ${this.columns[column] ?? ''}`, `${shown(this.text(column))} ${reason}`);
  }

  private noPrice(column: number): never {
    return this.fail(column, 'is not a price in rupees with at most four decimals');
  }
}

interface Span {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** Finds the fields of a line, blanks and quotes taken off; returns how many, -1 for a quote that is not closed. */
function cut({ bytes, from, to }: Span, starts: Int32Array, ends: Int32Array): number {
  let count = 0;
  for (let at = from; ; ) {
    let start = at;
    let end = 0;
    while (bytes[start] === SPACE && start < to) start += 1;
    if (bytes[start] === QUOTE && start < to) {
      end = bytes.indexOf(QUOTE, start + 1);
      if (end < 0 || end >= to) return -1;
      at = end + 1;
      start += 1;
      if (at < to && bytes[at] !== COMMA) return -1;
    } else {
      at = start;
      while (at < to && bytes[at] !== COMMA) at += 1;
      end = at;
      while (end > start && bytes[end - 1] === SPACE) end -= 1;
    }
    if (count < COLUMNS_MAX) {
      starts[count] = start;
      ends[count] = end;
    }
    count += 1;
    if (at >= to) return count;
    at += 1;
  }
}

/** Visits every row; resolves to how many there were. Rejects with FileError, also when one of `columns` is not in the header. */
export async function readFieldRows(file: string, columns: readonly string[], visit: (row: FieldRow) => void): Promise<number> {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const stream = file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : source;
  if (stream !== source) source.on('error', (error) => stream.destroy(error));
  let row: FieldRow | undefined;
  let [line, rows] = [0, 0];
  let left: Buffer = Buffer.alloc(0);
  const takeLine = (bytes: Buffer, from: number, to: number): void => {
    const end = to > from && bytes[to - 1] === CR ? to - 1 : to;
    line += 1;
    if (row === undefined) row = new FieldRow(file, columns, headerOf(file, bytes.toString('latin1', from, end)));
    else if (row.take(bytes, from, end, line)) {
      rows += 1;
      visit(row);
    }
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      let from = 0;
      for (let to = bytes.indexOf(LF); to >= 0; to = bytes.indexOf(LF, from)) {
        takeLine(bytes, from, to);
        from = to + 1;
      }
      left = bytes.subarray(from);
      if (left.length > ROW_BYTES_MAX) throw new FileError(file, `line ${line + 1}`, `is longer than ${ROW_BYTES_MAX} bytes`);
    }
    if (left.length > 0) takeLine(left, 0, left.length);
  } catch (error) {
    throw located(file, error);
  }
  if (row === undefined) throw new FileError(file, '', 'is empty: there is no header');
  return rows;
}

function headerOf(file: string, text: string): string[] {
  const names = text
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(',')
    .map((name) => name.trim());
  if (names.length > COLUMNS_MAX || names.join('') === '') throw new FileError(file, 'line 1', 'is no header');
  return names;
}

function located(file: string, error: unknown): unknown {
  if (error instanceof FileError) return error;
  const { code } = error as { code?: string };
  if (code === undefined) return error;
  return code.startsWith('Z_') ? new FileError(file, '', `is not a whole gzip file (${code})`) : unreadable(file, error);
}
