// A slot's tables as one run of bytes, and back. The format carries each table's id and stride, so that a snapshot of another schema is
// refused by name instead of read wrongly.
import { assert } from '../assert.ts';
import type { RowTable } from './row-table.ts';

const MAGIC = 0x534c5a54;
/** State schema; changes whenever a row layout does. */
export const STATE_SCHEMA = 5;
const HEADER_BYTES = 16;
const TABLE_HEADER_BYTES = 16;

/** Bytes of a slot: magic, schema, slot, table count, then per table id, stride, rows and the rows. */
export function writeSnapshot(slot: number, tables: readonly RowTable[]): Uint8Array {
  assert(tables.length > 0, 'snapshot of nothing');
  let length = HEADER_BYTES;
  for (const table of tables) length += TABLE_HEADER_BYTES + table.rows * table.stride;
  const bytes = new Uint8Array(length);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, MAGIC, true);
  data.setUint32(4, STATE_SCHEMA, true);
  data.setUint32(8, slot, true);
  data.setUint32(12, tables.length, true);
  let at = HEADER_BYTES;
  for (const table of tables) {
    data.setUint32(at, table.id, true);
    data.setUint32(at + 4, table.stride, true);
    data.setUint32(at + 8, table.rows, true);
    at += TABLE_HEADER_BYTES;
    for (let row = 0; row < table.rows; row++) bytes.set(table.image(row), at + row * table.stride);
    at += table.rows * table.stride;
  }
  return bytes;
}

/** Loads the rows into fresh tables. Throws RangeError, naming what differs, when the bytes are not a snapshot of this slot and schema. */
export function readSnapshot(slot: number, tables: readonly RowTable[], bytes: Uint8Array): void {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || data.getUint32(0, true) !== MAGIC) throw new RangeError('slot snapshot: not a snapshot (magic)');
  const schema = data.getUint32(4, true);
  if (schema !== STATE_SCHEMA) throw new RangeError(`slot snapshot: state schema ${schema}, this release reads ${STATE_SCHEMA}`);
  if (data.getUint32(8, true) !== slot) throw new RangeError(`slot snapshot: of slot ${data.getUint32(8, true)}, wanted ${slot}`);
  const stored = data.getUint32(12, true);
  if (stored > tables.length) throw new RangeError(`slot snapshot: ${stored} tables, this release knows ${tables.length}`);
  let at = HEADER_BYTES;
  // Tables that came to be after the snapshot are empty.
  for (const table of tables.slice(0, stored)) {
    if (at + TABLE_HEADER_BYTES > bytes.length) throw new RangeError(`slot snapshot: cut short before table ${table.name}`);
    const rows = data.getUint32(at + 8, true);
    if (data.getUint32(at, true) !== table.id || data.getUint32(at + 4, true) !== table.stride)
      throw new RangeError(`slot snapshot: table ${table.name} has another layout`);
    at += TABLE_HEADER_BYTES;
    if (at + rows * table.stride > bytes.length) throw new RangeError(`slot snapshot: cut short in table ${table.name}`);
    for (let row = 0; row < rows; row++) table.loadRow(row, bytes.subarray(at + row * table.stride, at + (row + 1) * table.stride));
    at += rows * table.stride;
  }
  if (at !== bytes.length) throw new RangeError('slot snapshot: bytes left over');
}
