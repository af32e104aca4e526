// Reads a JSON file that is one array, element by element, without holding the file: what is kept is one chunk and the element under way. A malformed,
// truncated or trailing part is refused with its line; elements before it have been visited by then, so a visitor must not book anything until the end.
import { createReadStream } from 'node:fs';
import { FileError, unreadable } from './file-error.ts';

const CHUNK_BYTES = 1 << 20;
const ELEMENT_BYTES_MAX = 1 << 20;
const [QUOTE, BACKSLASH, COMMA, LF] = [0x22, 0x5c, 0x2c, 0x0a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const isSpace = (byte: number): boolean => byte === 0x20 || byte === LF || byte === 0x0d || byte === 0x09;

/** What is visited: an element, its number from 1, and its line. */
export type ElementVisitor = (value: unknown, number: number, line: number) => void;

const START = 0;
const BETWEEN = 1;
const INSIDE = 2;
const ENDED = 3;

/** Cuts bytes into array elements. */
class ElementCutter {
  private readonly file: string;
  private readonly visit: ElementVisitor;
  private state = START;
  private depth = 0;
  private inText = false;
  private escaped = false;
  private line = 1;
  private elementLine = 1;
  private pieces: Buffer[] = [];
  private pieceBytes = 0;
  /** Is a comma behind us that asks for another element? */
  private afterComma = false;
  count = 0;

  constructor(file: string, visit: ElementVisitor) {
    this.file = file;
    this.visit = visit;
  }

  push(chunk: Buffer): void {
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === LF) this.line += 1;
      if (this.state === INSIDE) {
        if (!this.endsElement(byte)) continue;
        this.finish(chunk.subarray(begin, at));
        this.separate(byte);
      } else if (!isSpace(byte) && this.step(byte, chunk, at)) begin = at;
    }
    if (this.state === INSIDE) this.keep(chunk.subarray(begin));
  }

  end(): void {
    if (this.state === START) throw this.error('is empty, not a JSON array');
    if (this.state !== ENDED) throw this.error(`ends inside the array, after ${this.count} whole elements: the file is cut short`);
  }

  private error(reason: string): FileError {
    return new FileError(this.file, `line ${this.line}`, reason);
  }

  /** A byte between elements; true when it begins one. */
  private step(byte: number, chunk: Buffer, at: number): boolean {
    if (this.state === START) {
      const isMark = at < 3 && chunk[0] === 0xef;
      if (isMark) return false;
      if (byte !== OPEN_ARRAY) throw this.error('is not a JSON array');
      this.state = BETWEEN;
      return false;
    }
    if (this.state === ENDED) throw this.error('has something after the end of the array');
    if (byte === CLOSE_ARRAY && !this.afterComma) {
      this.state = ENDED;
      return false;
    }
    if (byte === COMMA || byte === CLOSE_ARRAY) throw this.error('an element is missing between the commas');
    this.state = INSIDE;
    this.elementLine = this.line;
    [this.depth, this.inText, this.escaped] = [0, false, false];
    this.endsElement(byte);
    return true;
  }

  /** Follows one byte of an element; true at the comma or bracket behind it. */
  private endsElement(byte: number): boolean {
    if (this.inText) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inText = false;
      return false;
    }
    if (byte === QUOTE) this.inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.depth += 1;
    else if (this.depth === 0) return byte === COMMA || byte === CLOSE_ARRAY;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.depth -= 1;
    return false;
  }

  private separate(byte: number): void {
    this.state = byte === COMMA ? BETWEEN : ENDED;
    this.afterComma = byte === COMMA;
  }

  private keep(piece: Buffer): void {
    this.pieceBytes += piece.length;
    if (this.pieceBytes > ELEMENT_BYTES_MAX) throw new FileError(this.file, `line ${this.elementLine}`, 'an element has more than a megabyte');
    this.pieces.push(Buffer.from(piece));
  }

  private finish(last: Buffer): void {
    const bytes = this.pieces.length === 0 ? last : Buffer.concat([...this.pieces, last]);
    [this.pieces, this.pieceBytes] = [[], 0];
    this.count += 1;
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      throw new FileError(this.file, `element ${this.count} (line ${this.elementLine})`, `is not JSON: ${(error as Error).message}`);
    }
    this.visit(value, this.count, this.elementLine);
  }
}

/** Visits every element in order and resolves to their number. Rejects with FileError. */
export async function readJsonArray(file: string, visit: ElementVisitor): Promise<number> {
  const cutter = new ElementCutter(file, visit);
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream) cutter.push(chunk as Buffer);
  } catch (error) {
    throw typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in (error as object) ? unreadable(file, error) : error;
  }
  cutter.end();
  return cutter.count;
}
