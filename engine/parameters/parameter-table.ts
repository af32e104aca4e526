// One day's instruments and risk parameters as columns over a single buffer (a SharedArrayBuffer in the process, a file by
// content hash on disk). Read-only after build: every thread reads the same memory. Rows are never named in commands or state that
// outlives the table: they are found by (segment, token).
//
// Layout: 64 header words of 8 bytes | columns, each 8-aligned, in COLUMNS order | packed names | JSON details.
import { assert } from '../assert.ts';
import type { ClearingRules, CombinedCommodity, CrossMarginSet } from './combined-commodity.ts';

export const TABLE_MAGIC = 0x545a5054;
export const TABLE_VERSION = 1;
export const SCENARIOS = 16;

/** How many cells a column has per row kind. */
type ColumnScope = 'instrument' | 'underlying' | 'hash' | 'name' | 'scenario';

/** Every column; the order is the layout and is for ever within a TABLE_VERSION. */
export const COLUMNS = {
  // Doubles first, so that alignment is free.
  riskArray: { scope: 'scenario', type: 'f64' }, // paise for ONE long unit, loss positive, instrument x 16
  delta: { scope: 'instrument', type: 'f64' }, // composite delta of one long unit x 10,000 (scaling included)
  price: { scope: 'instrument', type: 'f64' }, // file price for net option value, paise per unit
  strike: { scope: 'instrument', type: 'f64' }, // ticks
  lot: { scope: 'instrument', type: 'f64' }, // units
  tickSize: { scope: 'instrument', type: 'f64' }, // ticks
  freezeQuantity: { scope: 'instrument', type: 'f64' }, // units; orders above are refused; 0 = none
  bandLow: { scope: 'instrument', type: 'f64' }, // ticks, lowest permitted price
  bandHigh: { scope: 'instrument', type: 'f64' }, // ticks, highest permitted price
  previousClose: { scope: 'instrument', type: 'f64' }, // ticks
  elmLong: { scope: 'instrument', type: 'f64' }, // micros per unit of a net long (0 for bought options)
  elmShort: { scope: 'instrument', type: 'f64' }, // micros per unit of a net short
  cashRate: { scope: 'instrument', type: 'f64' }, // cash segment: max(VaR + ELM, 20 %) in 1/10,000
  somRate: { scope: 'underlying', type: 'f64' }, // micros per short option unit
  calendarRateMax: { scope: 'underlying', type: 'f64' }, // micros per delta unit, largest of the commodity's spreads
  spot: { scope: 'underlying', type: 'f64' }, // ticks
  token: { scope: 'instrument', type: 'u32' }, // FinInstrmId
  underlying: { scope: 'instrument', type: 'i32' }, // row of its underlying; -1 for a cash instrument without derivatives
  expiry: { scope: 'instrument', type: 'i32' }, // yyyymmdd, 0 for cash
  nameStart: { scope: 'name', type: 'u32' }, // instruments, then underlyings, then the end
  hash: { scope: 'hash', type: 'i32' }, // open addressing on (segment, token): row + 1, 0 = empty
  firstInstrument: { scope: 'underlying', type: 'i32' }, // derivatives of an underlying are contiguous rows
  instrumentCount: { scope: 'underlying', type: 'i32' },
  segment: { scope: 'instrument', type: 'u8' },
  kind: { scope: 'instrument', type: 'u8' },
  scanTier: { scope: 'instrument', type: 'u8' }, // index into the underlying's scan tiers
  flags: { scope: 'instrument', type: 'u8' }, // InstrumentFlag
  tierCount: { scope: 'underlying', type: 'u8' },
} as const;

/** flags column. SAME_DAY: the share as it is traded in the T+0 session, under a token of its own. */
export const InstrumentFlag = { BANNED: 1, TRADE_TO_TRADE: 2, NO_RISK_ARRAY: 4, SAME_DAY: 8 } as const;

/** Header words (Float64). */
export const TableHeader = {
  magic: 0,
  version: 1,
  instruments: 2,
  underlyings: 3,
  hashCapacity: 4,
  nameBytes: 5,
  detailBytes: 6,
  byteLength: 7,
  businessDate: 8,
} as const;
const HEADER_BYTES = 512;

/** What travels as JSON at the end of the table. */
export interface TableDetails {
  /** File name and SHA-256 of each source, for explain. */
  readonly sources: readonly { readonly role: string; readonly file: string; readonly sha256: string }[];
  /** One per underlying row, same order. */
  readonly commodities: readonly CombinedCommodity[];
  readonly clearing: readonly ClearingRules[];
  /**
   * Trading days from the business date to each expiry (yyyymmdd) of the next month. With it the live book goes by the dated rules of
   * engine/rules as well; a table made without it is margined as it always was.
   */
  readonly tradingDays?: Readonly<Record<string, number>>;
  /**
   * Shares that both exchanges list, by ISIN: segment and token of the listing they are margined as, and of the other. Positions of both net, because the
   * clearing corporations are interoperable; absent before that, and where only one exchange's files were loaded.
   */
  readonly sameShare?: readonly (readonly [segment: number, token: number, otherSegment: number, otherToken: number])[];
  /**
   * Shares of NSE's T+0 session: exchange segment, the token they have there, and the token of the same share (by ISIN) that they are held, delivered
   * and credited under. Absent where no file lists such a session.
   */
  readonly sameDay?: readonly (readonly [segment: number, token: number, homeToken: number])[];
  /**
   * Shares that may be bought with the house's funding (MTF): exchange segment, token, the least rate their margin is then asked at, 1/10,000 of the
   * previous close, and the rule that makes it so much ('cash.mtf.elm' unless named). Absent where no list was loaded: none may.
   */
  readonly funded?: readonly (readonly [segment: number, token: number, rate: number, rule?: string])[];
  /** What qualifies for cross margin, in the order of the file; absent where no file named any. */
  readonly crossMargin?: readonly CrossMarginSet[];
}

export interface TableCounts {
  readonly instruments: number;
  readonly underlyings: number;
  readonly hashCapacity: number;
  readonly nameBytes: number;
  readonly detailBytes: number;
}

const WIDTH = { f64: 8, i32: 4, u32: 4, u8: 1 } as const;

function cellsOf(scope: ColumnScope, counts: TableCounts): number {
  switch (scope) {
    case 'instrument':
      return counts.instruments;
    case 'underlying':
      return counts.underlyings;
    case 'hash':
      return counts.hashCapacity;
    case 'name':
      return counts.instruments + counts.underlyings + 1;
    case 'scenario':
      return counts.instruments * SCENARIOS;
  }
}

/** Byte offset of each column and of the two tails, for given counts. */
export function tableOffsets(counts: TableCounts): {
  columns: Record<keyof typeof COLUMNS, number>;
  names: number;
  details: number;
  byteLength: number;
} {
  const columns = {} as Record<keyof typeof COLUMNS, number>;
  let at = HEADER_BYTES;
  for (const name of Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]) {
    const spec = COLUMNS[name];
    columns[name] = at;
    at += Math.ceil((cellsOf(spec.scope, counts) * WIDTH[spec.type]) / 8) * 8;
  }
  const names = at;
  const details = names + Math.ceil(counts.nameBytes / 8) * 8;
  return { columns, names, details, byteLength: details + Math.ceil(counts.detailBytes / 8) * 8 };
}

/** Home bucket of (segment, token) in a table of `capacity` (a power of two). */
export function instrumentBucket(segment: number, token: number, capacity: number): number {
  let h = Math.imul(token ^ Math.imul(segment, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) & (capacity - 1);
}

export class ParameterTable {
  readonly buffer: ArrayBufferLike;
  readonly instruments: number;
  readonly underlyings: number;
  /** yyyymmdd the parameters are for. */
  readonly businessDate: number;
  readonly riskArray: Float64Array;
  readonly delta: Float64Array;
  readonly price: Float64Array;
  readonly strike: Float64Array;
  readonly lot: Float64Array;
  readonly tickSize: Float64Array;
  readonly freezeQuantity: Float64Array;
  readonly bandLow: Float64Array;
  readonly bandHigh: Float64Array;
  readonly previousClose: Float64Array;
  readonly elmLong: Float64Array;
  readonly elmShort: Float64Array;
  readonly cashRate: Float64Array;
  readonly somRate: Float64Array;
  readonly calendarRateMax: Float64Array;
  readonly spot: Float64Array;
  readonly token: Uint32Array;
  readonly underlying: Int32Array;
  readonly expiry: Int32Array;
  readonly nameStart: Uint32Array;
  readonly hash: Int32Array;
  readonly firstInstrument: Int32Array;
  readonly instrumentCount: Int32Array;
  readonly segment: Uint8Array;
  readonly kind: Uint8Array;
  readonly scanTier: Uint8Array;
  readonly flags: Uint8Array;
  readonly tierCount: Uint8Array;
  private readonly names: Uint8Array;
  private readonly detailBytes: Uint8Array;
  private parsedDetails: TableDetails | undefined;

  /** Views a built table; throws RangeError when the bytes are not one of this version. */
  constructor(buffer: ArrayBufferLike) {
    if (buffer.byteLength < HEADER_BYTES) throw new RangeError('parameter table: shorter than its header');
    const header = new Float64Array(buffer, 0, 64);
    const word = (index: number): number => header[index] ?? 0;
    if (word(TableHeader.magic) !== TABLE_MAGIC) throw new RangeError('parameter table: not a table (magic)');
    if (word(TableHeader.version) !== TABLE_VERSION)
      throw new RangeError(`parameter table: version ${word(TableHeader.version)}, this release reads ${TABLE_VERSION}`);
    if (word(TableHeader.byteLength) !== buffer.byteLength) throw new RangeError('parameter table: length differs from its header (cut short?)');
    const counts: TableCounts = {
      instruments: word(TableHeader.instruments),
      underlyings: word(TableHeader.underlyings),
      hashCapacity: word(TableHeader.hashCapacity),
      nameBytes: word(TableHeader.nameBytes),
      detailBytes: word(TableHeader.detailBytes),
    };
    const { columns, names, details } = tableOffsets(counts);
    const { instruments: n, underlyings: u } = counts;
    this.buffer = buffer;
    this.instruments = n;
    this.underlyings = u;
    this.businessDate = word(TableHeader.businessDate);
    const f64 = (at: number, cells: number): Float64Array => new Float64Array(buffer, at, cells);
    const i32 = (at: number, cells: number): Int32Array => new Int32Array(buffer, at, cells);
    const u32 = (at: number, cells: number): Uint32Array => new Uint32Array(buffer, at, cells);
    const u8 = (at: number, cells: number): Uint8Array => new Uint8Array(buffer, at, cells);
    this.riskArray = f64(columns.riskArray, n * SCENARIOS);
    this.delta = f64(columns.delta, n);
    this.price = f64(columns.price, n);
    this.strike = f64(columns.strike, n);
    this.lot = f64(columns.lot, n);
    this.tickSize = f64(columns.tickSize, n);
    this.freezeQuantity = f64(columns.freezeQuantity, n);
    this.bandLow = f64(columns.bandLow, n);
    this.bandHigh = f64(columns.bandHigh, n);
    this.previousClose = f64(columns.previousClose, n);
    this.elmLong = f64(columns.elmLong, n);
    this.elmShort = f64(columns.elmShort, n);
    this.cashRate = f64(columns.cashRate, n);
    this.somRate = f64(columns.somRate, u);
    this.calendarRateMax = f64(columns.calendarRateMax, u);
    this.spot = f64(columns.spot, u);
    this.token = u32(columns.token, n);
    this.underlying = i32(columns.underlying, n);
    this.expiry = i32(columns.expiry, n);
    this.nameStart = u32(columns.nameStart, n + u + 1);
    this.hash = i32(columns.hash, counts.hashCapacity);
    this.firstInstrument = i32(columns.firstInstrument, u);
    this.instrumentCount = i32(columns.instrumentCount, u);
    this.segment = u8(columns.segment, n);
    this.kind = u8(columns.kind, n);
    this.scanTier = u8(columns.scanTier, n);
    this.flags = u8(columns.flags, n);
    this.tierCount = u8(columns.tierCount, u);
    this.names = u8(names, counts.nameBytes);
    this.detailBytes = u8(details, counts.detailBytes);
  }

  /** Row of an instrument, or -1. Allocates nothing. */
  find(segment: number, token: number): number {
    const capacity = this.hash.length;
    let bucket = instrumentBucket(segment, token, capacity);
    for (let probes = 0; probes < capacity; probes++) {
      const row = (this.hash[bucket] ?? 0) - 1;
      if (row < 0) return -1;
      if (this.token[row] === token && this.segment[row] === segment) return row;
      bucket = (bucket + 1) & (capacity - 1);
    }
    return -1;
  }

  /** Trading symbol of an instrument row. Allocates. */
  instrumentName(row: number): string {
    assert(row >= 0 && row < this.instruments, 'instrument row outside the table');
    return this.nameAt(row);
  }

  /** Symbol of an underlying row. Allocates. */
  underlyingName(row: number): string {
    assert(row >= 0 && row < this.underlyings, 'underlying row outside the table');
    return this.nameAt(this.instruments + row);
  }

  /** Combined commodities, clearing rules and sources; decoded on first use in each thread. */
  get details(): TableDetails {
    if (this.parsedDetails === undefined) {
      let text = '';
      // Chunked, because a table in shared memory cannot be handed to TextDecoder. ASCII by construction.
      for (let at = 0; at < this.detailBytes.length; at += 8192) text += String.fromCharCode(...this.detailBytes.slice(at, at + 8192));
      this.parsedDetails = JSON.parse(text) as TableDetails;
    }
    return this.parsedDetails;
  }

  private nameAt(index: number): string {
    const from = this.nameStart[index] ?? 0;
    const to = this.nameStart[index + 1] ?? 0;
    return String.fromCharCode(...this.names.subarray(from, to));
  }
}
