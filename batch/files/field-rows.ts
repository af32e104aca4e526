// Rows of a large comma-separated file as offsets into its bytes, plain or gzip, streamed: a million rows of 46 columns cost no string that nobody asks for.
// Columns are found by their name in the header. A row that is cut, too long or badly quoted is a located error; what was visited before it must be dropped.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { FileError, shown, unreadable } from './file-error.ts';

const [LF, CR, COMMA, QUOTE, SPACE, DOT, ZERO, NINE] = [0x0a, 0x0d, 0x2c, 0x22, 0x20, 0x2e, 0x30, 0x39];
const CHUNK_BYTES = 1 << 19;
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

/** A part of a file: bytes from..to of a buffer that has room for the begin of a row before them. Valid until the next part is asked for. */
type Part = Span;

/** Parts of a plain file, read into two buffers in turn: one fills while the other is looked at. */
async function* plainParts(file: string): AsyncGenerator<Part> {
  const handle = await open(file, 'r');
  const buffers = [Buffer.alloc(ROW_BYTES_MAX + CHUNK_BYTES), Buffer.alloc(ROW_BYTES_MAX + CHUNK_BYTES)] as const;
  const fill = (turn: number): Promise<Part> =>
    handle
      .read(buffers[turn & 1] as Buffer, ROW_BYTES_MAX, CHUNK_BYTES, null)
      .then(({ buffer, bytesRead }) => ({ bytes: buffer, from: ROW_BYTES_MAX, to: ROW_BYTES_MAX + bytesRead }));
  let filling = fill(0);
  try {
    for (let turn = 1; ; turn++) {
      const part = await filling;
      if (part.from === part.to) return;
      filling = fill(turn);
      yield part;
    }
  } finally {
    // The buffer is the read's until it ends, whatever became of who asked.
    await filling.catch(() => undefined);
    await handle.close();
  }
}

/** Parts of a gzip file. */
async function* unzippedParts(file: string): AsyncGenerator<Part> {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  const stream = source.pipe(createGunzip({ chunkSize: CHUNK_BYTES }));
  source.on('error', (error) => stream.destroy(error));
  const bytes = Buffer.alloc(ROW_BYTES_MAX + CHUNK_BYTES);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunk.copy(bytes, ROW_BYTES_MAX);
    yield { bytes, from: ROW_BYTES_MAX, to: ROW_BYTES_MAX + chunk.length };
  }
}

/** Cuts parts into lines. */
class LineReader {
  rows = 0;
  row: FieldRow | undefined;
  private line = 0;
  private left = Buffer.alloc(0);
  private readonly file: string;
  private readonly columns: readonly string[];
  private readonly visit: (row: FieldRow) => void;

  constructor(file: string, columns: readonly string[], visit: (row: FieldRow) => void) {
    this.file = file;
    this.columns = columns;
    this.visit = visit;
  }

  takePart({ bytes, from: begin, to: end }: Part): void {
    let from = begin - this.left.length;
    this.left.copy(bytes, from);
    const part = bytes.subarray(0, end);
    for (let to = part.indexOf(LF, begin); to >= 0; to = part.indexOf(LF, from)) {
      this.takeLine(part, from, to);
      from = to + 1;
    }
    if (end - from > ROW_BYTES_MAX) throw new FileError(this.file, `line ${this.line + 1}`, `is longer than ${ROW_BYTES_MAX} bytes`);
    this.left = Buffer.from(part.subarray(from));
  }

  /** What is left when the file ends without a line end. */
  takeEnd(): void {
    if (this.left.length > 0) this.takeLine(this.left, 0, this.left.length);
  }

  private takeLine(bytes: Buffer, from: number, to: number): void {
    const end = to > from && bytes[to - 1] === CR ? to - 1 : to;
    this.line += 1;
    if (this.row === undefined) this.row = new FieldRow(this.file, this.columns, headerOf(this.file, bytes.toString('latin1', from, end)));
    else if (this.row.take(bytes, from, end, this.line)) {
      this.rows += 1;
      this.visit(this.row);
    }
  }
}

/** Visits every row; resolves to how many there were. Rejects with FileError, also when one of `columns` is not in the header. */
export async function readFieldRows(file: string, columns: readonly string[], visit: (row: FieldRow) => void): Promise<number> {
  const lines = new LineReader(file, columns, visit);
  try {
    for await (const part of file.endsWith('.gz') ? unzippedParts(file) : plainParts(file)) lines.takePart(part);
    lines.takeEnd();
  } catch (error) {
    throw located(file, error);
  }
  if (lines.row === undefined) throw new FileError(file, '', 'is empty: there is no header');
  return lines.rows;
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
