// LoadParameters: another parameter table comes into force, at the opening or in the middle of the day. Positions and orders stay; what they
// require is derived anew. An instrument the new table lacks keeps its position, and its client may only reduce.
import { EventField, EventKind } from '../event/layout.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { hasEarlyPayIn, restateEarlyPayIn } from '../state/early-pay-in.ts';
import { META_ROW, Meta, TABLE_HASH_BYTES, TABLE_LABEL_BYTES } from '../state/meta-table.ts';
import { KIND_UNKNOWN } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { classify, isUnnamed } from './booking.ts';
import type { Emission } from './emission.ts';
import { requirementsOf, tellChanges } from './margin-change.ts';
import { refuse } from './refuse.ts';

/** The table a LoadParameters names is not at hand. The shard agent loads tables before it folds; so this is its error, not the command's. */
export class MissingParameterTable extends Error {
  override readonly name = 'MissingParameterTable';
  readonly tableHash: string;

  constructor(tableHash: string, slot: number, sequence: number) {
    super(`parameter table ${tableHash} is not loaded (LoadParameters, slot ${slot}, sequence ${sequence})`);
    this.tableHash = tableHash;
  }
}

/** Folds a LoadParameters; '' or the reason it was refused. Throws MissingParameterTable. */
export function loadParameters(out: Emission, body: unknown, tables: (hash: string) => ParameterTable | undefined): string {
  const { state } = out;
  const read = new BodyReader('LoadParameters', body);
  const hash = read.name('tableHash', TABLE_HASH_BYTES);
  const label = read.text('label', TABLE_LABEL_BYTES);
  if (read.error !== '') return refuse(out, read.error);
  const table = tables(hash);
  if (table === undefined) throw new MissingParameterTable(hash, state.slot, state.sequence);
  const before = requirementsOf(state);
  setMetaText(state, Meta.tableHash, TABLE_HASH_BYTES, hash);
  setMetaText(state, Meta.tableLabel, TABLE_LABEL_BYTES, label);
  const date = state.meta.u32(META_ROW, Meta.businessDate);
  if (state.openingParametersHash === '') noteOpeningTable(state, date, table);
  state.changeParameters(table);
  classifyUnknown(state, table);
  for (let client = 1; client < state.clients.rows; client++) if (hasEarlyPayIn(state, client)) restateEarlyPayIn(state, client);
  const changes = tellChanges(out, before);
  out.answer(EventKind.ParametersLoaded).f64(EventField.value, table.businessDate).f64(EventField.count, changes);
  return '';
}

/** Remembers the table in force as the one the business date (yyyymmdd) began under, if it is of that date; else it is yet to come. */
export function noteOpeningTable(state: SlotState, date: number, inForce: ParameterTable | undefined): void {
  setMetaText(state, Meta.openingHash, TABLE_HASH_BYTES, inForce?.businessDate === date ? state.parametersHash : '');
}

function setMetaText(state: SlotState, field: number, width: number, text: string): void {
  for (let i = 0; i < width; i++) state.meta.setU8(META_ROW, field + i, i < text.length ? text.charCodeAt(i) & 0x7f : 0);
}

/** Positions taken in instruments no table had named learn what they are. */
function classifyUnknown(state: SlotState, table: ParameterTable): void {
  const { positions, derived } = state;
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row) || !isUnnamed(state, row)) continue;
    const instrument = derived.instrumentOf(row);
    if (instrument >= 0) classify(state, row, table.kind[instrument] ?? KIND_UNKNOWN);
  }
}
