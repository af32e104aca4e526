// Names of one parameter table as bytes: Symbol(55) [+ SecurityExchange(207)] to instrument row, and row to name for reports. Built once per
// table, off the hot path; lookups allocate nothing.
import { ExchangeSegment, LENDING_SEGMENT, type ParameterTable } from '../../engine/index.ts';
import { ByteIndex } from './byte-index.ts';

/** Salt of names looked up without a segment; a name that several segments share is not in it. */
const ANY_SEGMENT = 0;
const SEGMENT_NAMES = Object.keys(ExchangeSegment) as (keyof typeof ExchangeSegment)[];

/** Securities lending and borrowing: refused, but by its name. */
const LENDING = 'SLB';

/** Name of an exchange segment number, as SecurityExchange(207) carries it, lending's too; '' for an unknown number. */
export function segmentName(segment: number): string {
  return SEGMENT_NAMES.find((name) => ExchangeSegment[name] === segment) ?? (segment === LENDING_SEGMENT ? LENDING : '');
}

/** Number of the exchange segment named by three bytes of SecurityExchange(207), LENDING_SEGMENT for SLB, SLBM or SLBS; 0 when it names none. */
export function segmentOfBytes(bytes: Uint8Array, at: number, length: number): number {
  if (length < 3 || length > 4) return 0;
  const code = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  if (length === 4) return code === LENDING_CODE ? LENDING_SEGMENT : 0;
  for (let i = 0; i < SEGMENT_CODES.length; i++) if (SEGMENT_CODES[i] === code) return SEGMENT_NUMBERS[i] ?? 0;
  return code === LENDING_CODE ? LENDING_SEGMENT : 0;
}
const codeOf = (name: string): number => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);
const SEGMENT_CODES: readonly number[] = SEGMENT_NAMES.map(codeOf);
const LENDING_CODE = codeOf(LENDING);
const SEGMENT_NUMBERS: readonly number[] = SEGMENT_NAMES.map((name) => ExchangeSegment[name]);

export class SymbolIndex {
  readonly table: ParameterTable;
  /** Names of all instruments, packed; name of row r is bytes[start[r], start[r + 1]). */
  readonly nameBytes: Uint8Array;
  readonly nameStart: Int32Array;
  private readonly index: ByteIndex;

  constructor(table: ParameterTable) {
    this.table = table;
    this.index = new ByteIndex(table.instruments * 2);
    this.nameStart = new Int32Array(table.instruments + 1);
    const names: string[] = [];
    for (let row = 0, at = 0; row < table.instruments; row++) {
      const name = table.instrumentName(row);
      names.push(name);
      at += name.length;
      this.nameStart[row + 1] = at;
    }
    this.nameBytes = Buffer.from(names.join(''), 'latin1');
    const ambiguous = table.instruments;
    for (let row = 0; row < table.instruments; row++) {
      const from = this.nameStart[row] ?? 0;
      const length = Math.min((this.nameStart[row + 1] ?? 0) - from, 60);
      this.index.set(table.segment[row] ?? 0, this.nameBytes, from, length, row);
      const other = this.index.get(ANY_SEGMENT, this.nameBytes, from, length);
      this.index.set(ANY_SEGMENT, this.nameBytes, from, length, other < 0 ? row : ambiguous);
    }
  }

  /** Row of the instrument a name means in a segment (0 = any, if only one has it); -1 when none does or several do. */
  find(segment: number, bytes: Uint8Array, at: number, length: number): number {
    const row = this.index.get(segment, bytes, at, length);
    return row < this.table.instruments ? row : -1;
  }
}
