// Lays instruments and rules out as a ParameterTable. Runs where files are loaded, never in a decision.
import { assert } from '../assert.ts';
import {
  InstrumentFlag,
  instrumentBucket,
  ParameterTable,
  SCENARIOS,
  TABLE_MAGIC,
  TABLE_VERSION,
  type TableDetails,
  TableHeader,
  tableOffsets,
} from './parameter-table.ts';

/** One instrument to be laid out; units as the columns of parameter-table.ts. Contracts without an array leave riskArray empty. */
export interface InstrumentRow {
  readonly segment: number;
  readonly token: number;
  readonly kind: number;
  readonly name: string;
  /** Symbol of the combined commodity; '' for a cash instrument. */
  readonly underlying: string;
  readonly expiry: number;
  readonly strike: number;
  readonly lot: number;
  readonly tickSize: number;
  readonly freezeQuantity: number;
  readonly bandLow: number;
  readonly bandHigh: number;
  readonly previousClose: number;
  readonly price: number;
  readonly delta: number;
  readonly elmLong: number;
  readonly elmShort: number;
  readonly cashRate: number;
  readonly scanTier: number;
  readonly flags: number;
  readonly riskArray: ArrayLike<number>;
}

/** Per underlying numbers, keyed like TableDetails.commodities (same order). Micros per unit; spot in ticks. */
export interface UnderlyingRow {
  readonly symbol: string;
  readonly somRate: number;
  readonly calendarRateMax: number;
  readonly spot: number;
  readonly tierCount: number;
}

/**
 * Builds the table in a fresh SharedArrayBuffer. Rows are ordered by underlying (in the given order), cash instruments last, then
 * segment, expiry, kind, strike, token, so the same input always gives the same bytes. Throws RangeError on a duplicate
 * (segment, token) or an unknown underlying.
 */
export function buildParameterTable(
  businessDate: number,
  instruments: readonly InstrumentRow[],
  underlyings: readonly UnderlyingRow[],
  details: TableDetails,
): ParameterTable {
  assert(details.commodities.length === underlyings.length, 'one commodity per underlying row');
  const underlyingOf = new Map(underlyings.map((row, index) => [row.symbol, index]));
  const place = (row: InstrumentRow): number => (row.underlying === '' ? underlyings.length : (underlyingOf.get(row.underlying) ?? -1));
  const sorted = [...instruments].sort(
    (a, b) => place(a) - place(b) || a.segment - b.segment || a.expiry - b.expiry || a.kind - b.kind || a.strike - b.strike || a.token - b.token,
  );
  const names = [...sorted.map((row) => row.name), ...underlyings.map((row) => row.symbol)];
  // Non-ASCII is escaped so that threads can decode shared memory byte by byte.
  const detailText = JSON.stringify(details).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  let hashCapacity = 16;
  while (hashCapacity < sorted.length * 2) hashCapacity *= 2;
  const counts = {
    instruments: sorted.length,
    underlyings: underlyings.length,
    hashCapacity,
    nameBytes: names.reduce((sum, name) => sum + name.length, 0),
    detailBytes: detailText.length,
  };
  const offsets = tableOffsets(counts);
  const buffer = new SharedArrayBuffer(offsets.byteLength);
  const header = new Float64Array(buffer, 0, 64);
  header[TableHeader.magic] = TABLE_MAGIC;
  header[TableHeader.version] = TABLE_VERSION;
  header[TableHeader.instruments] = counts.instruments;
  header[TableHeader.underlyings] = counts.underlyings;
  header[TableHeader.hashCapacity] = hashCapacity;
  header[TableHeader.nameBytes] = counts.nameBytes;
  header[TableHeader.detailBytes] = counts.detailBytes;
  header[TableHeader.byteLength] = offsets.byteLength;
  header[TableHeader.businessDate] = businessDate;
  writeText(new Uint8Array(buffer, offsets.details, counts.detailBytes), 0, detailText);
  const nameStart = new Uint32Array(buffer, offsets.columns.nameStart, names.length + 1);
  const nameBytes = new Uint8Array(buffer, offsets.names, counts.nameBytes);
  names.reduce((at, name, index) => {
    nameStart[index] = at;
    writeText(nameBytes, at, name);
    nameStart[index + 1] = at + name.length;
    return at + name.length;
  }, 0);
  const table = new ParameterTable(buffer);
  sorted.forEach((row, index) => {
    fillInstrument(table, index, row, place(row), underlyings.length);
  });
  underlyings.forEach((row, index) => {
    fillUnderlying(table, index, row);
  });
  return table;
}

function fillInstrument(table: ParameterTable, index: number, row: InstrumentRow, underlying: number, cashPlace: number): void {
  if (underlying < 0)
    throw new RangeError(`instrument ${row.name} (${row.segment}/${row.token}): its underlying ${row.underlying} is not in the file`);
  if (table.find(row.segment, row.token) >= 0)
    throw new RangeError(`instrument ${row.name}: segment ${row.segment} token ${row.token} appears twice`);
  const capacity = table.hash.length;
  let bucket = instrumentBucket(row.segment, row.token, capacity);
  while (table.hash[bucket] !== 0) bucket = (bucket + 1) & (capacity - 1);
  for (const column of [
    'segment',
    'token',
    'kind',
    'expiry',
    'strike',
    'lot',
    'tickSize',
    'freezeQuantity',
    'bandLow',
    'bandHigh',
    'previousClose',
    'price',
    'delta',
    'elmLong',
    'elmShort',
    'cashRate',
    'scanTier',
    'flags',
  ] as const) {
    table[column][index] = row[column];
  }
  table.hash[bucket] = index + 1;
  table.underlying[index] = underlying === cashPlace ? -1 : underlying;
  if (row.riskArray.length === 0) table.flags[index] = row.flags | InstrumentFlag.NO_RISK_ARRAY;
  else assert(row.riskArray.length === SCENARIOS, 'a risk array has 16 values');
  for (let s = 0; s < row.riskArray.length; s++) table.riskArray[index * SCENARIOS + s] = row.riskArray[s] ?? 0;
  if (underlying === cashPlace) return;
  if (table.instrumentCount[underlying] === 0) table.firstInstrument[underlying] = index;
  table.instrumentCount[underlying] = (table.instrumentCount[underlying] ?? 0) + 1;
}

function fillUnderlying(table: ParameterTable, index: number, row: UnderlyingRow): void {
  table.somRate[index] = row.somRate;
  table.calendarRateMax[index] = row.calendarRateMax;
  table.spot[index] = row.spot;
  table.tierCount[index] = row.tierCount;
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i) & 0x7f;
}
