// The last believed price of every instrument that ticked, as columns; bands of the day beside them. Judges each tick before it is believed, and
// remembers which believed prices have not been published yet.
import type { ParameterTable } from '../../engine/index.ts';
import { BAD_TICK_REASONS, type BadTickReason, type JumpRule, judgeTick } from './bad-tick-filter.ts';
import { keyOf, segmentOf, tokenOf } from './instrument-key.ts';
import { DEPTH_NUMBERS, INDEX_SEGMENT, type Tick } from './market-data-port.ts';

const FIRST_CAPACITY = 1_024;
const SEGMENTS = 16;

/** One instrument's state as an object, for whoever asks now and then. Ticks, units, milliseconds since 1970. */
export interface Quote {
  readonly price: number;
  readonly time: number;
  readonly seenAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly openInterest: number;
  /** DEPTH_NUMBERS numbers, or undefined when none was given. */
  readonly depth: readonly number[] | undefined;
}

/** Columns of the board, all Float64. */
const COLUMNS = [
  'key',
  'price',
  'time',
  'seenAt',
  'suspect',
  'bandLow',
  'bandHigh',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'openInterest',
] as const;
type Column = (typeof COLUMNS)[number];

export class PriceBoard {
  /** Believed ticks, and refused ones by reason. */
  ticks = 0;
  readonly refused: Record<BadTickReason, number> = Object.fromEntries(BAD_TICK_REASONS.map((reason) => [reason, 0])) as Record<
    BadTickReason,
    number
  >;
  /** When each segment last had a believed tick; 0 = never. */
  readonly segmentSeenAt: Float64Array = new Float64Array(SEGMENTS);
  private readonly rule: JumpRule;
  private table: ParameterTable | undefined;
  private readonly rows = new Map<number, number>();
  private columns: Record<Column, Float64Array<ArrayBuffer>> = newColumns(FIRST_CAPACITY);
  private depths: (Float64Array | undefined)[] = [];
  private unpublished = new Set<number>();
  private readonly last = { price: 0, time: 0, suspect: 0, bandLow: 0, bandHigh: 0 };

  constructor(rule: JumpRule) {
    this.rule = rule;
  }

  /** Uses a day's table: bands start from it again, instruments outside it are refused. */
  useTable(table: ParameterTable): void {
    if (this.table === table) return;
    this.table = table;
    for (const [key, row] of this.rows) this.readBand(key, row);
  }

  /** Believes a tick, or says why not. `now` in milliseconds. */
  take(tick: Tick, now: number): BadTickReason | undefined {
    const key = keyOf(tick.segment, tick.token);
    let row = this.rows.get(key) ?? -1;
    if (row < 0) {
      if (tick.segment !== INDEX_SEGMENT && this.table !== undefined && this.table.find(tick.segment, tick.token) < 0)
        return this.refuse('unknownInstrument');
      row = this.add(key);
    }
    const { columns, last } = this;
    last.price = columns.price[row] ?? 0;
    last.time = columns.time[row] ?? 0;
    last.suspect = columns.suspect[row] ?? 0;
    last.bandLow = columns.bandLow[row] ?? 0;
    last.bandHigh = columns.bandHigh[row] ?? 0;
    const reason = judgeTick(tick.price, tick.time, last, this.rule);
    columns.suspect[row] = reason === 'jump' ? tick.price : 0;
    if (reason !== undefined) return this.refuse(reason);
    if (tick.price !== last.price) this.unpublished.add(key);
    this.believe(row, tick, now);
    return undefined;
  }

  /** A new band of an instrument, ticks. */
  setBand(segment: number, token: number, low: number, high: number): void {
    const row = this.rows.get(keyOf(segment, token)) ?? this.add(keyOf(segment, token));
    this.columns.bandLow[row] = low;
    this.columns.bandHigh[row] = high;
  }

  /** Instruments that ever ticked. */
  get size(): number {
    return this.rows.size;
  }

  /** When the instrument last had a believed tick; 0 = never. */
  seenAt(key: number): number {
    const row = this.rows.get(key);
    return row === undefined ? 0 : (this.columns.seenAt[row] ?? 0);
  }

  /** Last believed price in ticks; 0 = none. */
  price(key: number): number {
    const row = this.rows.get(key);
    return row === undefined ? 0 : (this.columns.price[row] ?? 0);
  }

  /** The instrument's quote, or undefined when it never had a believed tick. */
  quote(segment: number, token: number): Quote | undefined {
    const row = this.rows.get(keyOf(segment, token));
    if (row === undefined || this.columns.seenAt[row] === 0) return undefined;
    const at = (column: Column): number => this.columns[column][row] ?? 0;
    const depth = this.depths[row];
    return {
      price: at('price'),
      time: at('time'),
      seenAt: at('seenAt'),
      open: at('open'),
      high: at('high'),
      low: at('low'),
      close: at('close'),
      volume: at('volume'),
      openInterest: at('openInterest'),
      depth: depth === undefined ? undefined : [...depth],
    };
  }

  /** Takes up to `limit` keys whose believed price has not been published, of those `isWanted`; unwanted ones are forgotten until their next tick. */
  takeUnpublished(limit: number, isWanted: (key: number) => boolean): number[] {
    const taken: number[] = [];
    for (const key of this.unpublished) {
      if (taken.length >= limit) break;
      this.unpublished.delete(key);
      if (segmentOf(key) !== INDEX_SEGMENT && isWanted(key)) taken.push(key);
    }
    return taken;
  }

  /** Publishes the instrument's price again, if it has one. */
  republish(key: number): void {
    if (this.price(key) > 0) this.unpublished.add(key);
  }

  private refuse(reason: BadTickReason): BadTickReason {
    this.refused[reason] += 1;
    return reason;
  }

  private believe(row: number, tick: Tick, now: number): void {
    const { columns } = this;
    columns.price[row] = tick.price;
    if (tick.time > 0) columns.time[row] = tick.time;
    columns.seenAt[row] = now;
    for (const name of ['open', 'high', 'low', 'close', 'volume', 'openInterest'] as const) if (tick[name] > 0) columns[name][row] = tick[name];
    if (tick.hasDepth) {
      const depth = this.depths[row] ?? new Float64Array(DEPTH_NUMBERS);
      depth.set(tick.depth);
      this.depths[row] = depth;
    }
    this.segmentSeenAt[tick.segment] = now;
    this.ticks += 1;
  }

  private add(key: number): number {
    const row = this.rows.size;
    if (row >= this.columns.key.length) this.grow();
    this.rows.set(key, row);
    this.columns.key[row] = key;
    this.readBand(key, row);
    return row;
  }

  private readBand(key: number, row: number): void {
    const at = this.table?.find(segmentOf(key), tokenOf(key)) ?? -1;
    this.columns.bandLow[row] = at < 0 ? 0 : (this.table?.bandLow[at] ?? 0);
    this.columns.bandHigh[row] = at < 0 ? 0 : (this.table?.bandHigh[at] ?? 0);
  }

  private grow(): void {
    const larger = newColumns(this.columns.key.length * 2);
    for (const name of COLUMNS) larger[name].set(this.columns[name]);
    this.columns = larger;
  }
}

const newColumns = (capacity: number): Record<Column, Float64Array<ArrayBuffer>> =>
  Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(capacity)])) as Record<Column, Float64Array<ArrayBuffer>>;
