// TakeMarginSnapshot: what every client of the slot has to have at this moment for the positions held, exchange segment by exchange segment, against what
// collateral there is for them. As the clearing corporation sees it: working orders, the house's multiplier, adhoc limits and the day's own gains, losses and
// premium do not count, and derivatives are margined by the parameters the day began under (rules/peak-rules.ts). Each snapshot has a number and is taken once.
import { EventField, EventKind } from '../event/layout.ts';
import type { ExchangeSegment } from '../instrument.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Peak, SNAPSHOT_MAX } from '../state/peak-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { type Emission, requirementOf } from './emission.ts';
import { SnapshotMargins, segmentsHeld } from './margin-snapshot-margins.ts';
import { MissingParameterTable } from './parameters.ts';
import { refuse } from './refuse.ts';

const LABEL_LENGTH = 64;
/** What there is goes first to shares, then to equity, currency and commodity derivatives, at either exchange: both are one segment where they are cleared. */
const HANDED = [1, 4, 2, 5, 3, 6, 7] satisfies ExchangeSegment[];
const ALL_SEGMENTS = 0xfe;
/** Snapshots without a number take the lowest free one from here on: those below are the exchanges' windows. */
const FIRST_BY_HAND = 8;
/** Above this only by number: the last is the closing margin. */
const LAST_BY_HAND = SNAPSHOT_MAX - 1;

/** Sums of one snapshot over the slot, paise. */
interface SnapshotSums {
  rows: number;
  required: number;
  shortfall: number;
}

/** Folds a TakeMarginSnapshot; '' or the reason it was refused. Throws MissingParameterTable when the day's opening table cannot be had. */
export function takeMarginSnapshot(out: Emission, body: unknown, tables: (hash: string) => ParameterTable | undefined): string {
  const { state } = out;
  const read = new BodyReader('TakeMarginSnapshot', body);
  read.text('label', LABEL_LENGTH);
  const asked = read.has('number') ? read.integer('number', 1, SNAPSHOT_MAX) : 0;
  const wanted = read.has('segments') ? read.segments('segments') : ALL_SEGMENTS;
  const taken = state.meta.u32(META_ROW, Meta.snapshots);
  const number = asked === 0 ? firstFree(taken) : asked;
  if (read.error === '' && number === 0) read.fail('number', `is missing, and all of ${FIRST_BY_HAND} to ${LAST_BY_HAND} are taken`);
  if (read.error === '' && isTaken(taken, number)) read.fail('number', `${number} was taken today already`);
  if (read.error !== '') return refuse(out, read.error);
  const margins = new SnapshotMargins(state, openingTable(state, tables));
  const sums: SnapshotSums = { rows: 0, required: 0, shortfall: 0 };
  let live = 0;
  for (let client = 1; client < state.clients.rows; client++) {
    if (!state.clients.isLive(client)) continue;
    live += requirementOf(state, client);
    takeClient(state, client, { margins, number, wanted }, sums);
  }
  state.meta.setU32(META_ROW, Meta.snapshots, (taken | (1 << number)) >>> 0);
  out
    .answer(EventKind.MarginSnapshotTaken)
    .f64(EventField.value, number)
    .f64(EventField.count, sums.rows)
    .f64(EventField.requirementBefore, live)
    .f64(EventField.requirementAfter, sums.required)
    .f64(EventField.limit, sums.shortfall);
  return '';
}

/** How one snapshot looks at a client. */
interface SnapshotTaking {
  readonly margins: SnapshotMargins;
  readonly number: number;
  /** Bit s = exchange segment s gets its row. */
  readonly wanted: number;
}

/** Enters the client's rows. Each segment is handed what those before it left. */
function takeClient(state: SlotState, client: number, { margins, number, wanted }: SnapshotTaking, sums: SnapshotSums): void {
  const held = segmentsHeld(state, client);
  if ((held & wanted) === 0) return;
  const { peaks } = state;
  let left = collateralOf(state, client);
  for (const segment of HANDED) {
    if ((held & (1 << segment)) === 0) continue;
    const required = margins.required(client, segment);
    if (required > 0 && (wanted & (1 << segment)) !== 0) {
      const row = peaks.add(client, segment, number);
      peaks.setU8(row, Peak.basis, margins.basis);
      peaks.setF64(row, Peak.time, state.time);
      peaks.setF64(row, Peak.required, required);
      peaks.setF64(row, Peak.available, left);
      sums.rows += 1;
      sums.required += required;
      sums.shortfall += Math.max(0, required - left);
    }
    left = Math.max(0, left - required);
  }
}

/** Paise after haircut, not below 0. All of it: the rule that half must be cash holds for the member, not for short allocation (NCL/CMPT/55381). */
function collateralOf({ clients }: SlotState, client: number): number {
  return Math.max(0, clients.f64(client, Client.cash) + clients.f64(client, Client.cashEquivalent) + clients.f64(client, Client.nonCash));
}

const isTaken = (taken: number, number: number): boolean => ((taken >>> number) & 1) === 1;

/** 0 = none. */
function firstFree(taken: number): number {
  let number = FIRST_BY_HAND;
  while (number <= LAST_BY_HAND && isTaken(taken, number)) number += 1;
  return number > LAST_BY_HAND ? 0 : number;
}

/** The table the day began under; that in force where no table of the date has been loaded; undefined while there is none at all. */
function openingTable(state: SlotState, tables: (hash: string) => ParameterTable | undefined): ParameterTable | undefined {
  const hash = state.openingParametersHash;
  if (hash === '' || hash === state.parametersHash) return state.derived.parameters;
  const table = tables(hash);
  if (table === undefined) throw new MissingParameterTable(hash, state.slot, state.sequence);
  return table;
}
