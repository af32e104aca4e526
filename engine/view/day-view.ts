// What a slot knows of the business day, as a plain object.
import { assert } from '../assert.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import type { RowTable } from '../state/row-table.ts';
import { gateOf, SegmentGate, type SegmentGateName, scheduledGate } from '../state/segment-gates.ts';
import type { SlotState } from '../state/slot-state.ts';
import { snapshotsTaken } from './peak-view.ts';

const SEGMENTS = [1, 2, 3, 4, 5, 6, 7] as const;
const GATES = Object.keys(SegmentGate) as SegmentGateName[];

/** The gate of a segment that is not open; `next` is what it is set to become, and when (EpochMicros). */
export interface GateView {
  readonly segment: number;
  readonly state: SegmentGateName;
  readonly next?: { readonly state: SegmentGateName; readonly at: number };
}

/** The day of one slot. */
export interface DayView {
  readonly slot: number;
  readonly sequence: number;
  /** yyyymmdd; 0 before the first day. */
  readonly businessDate: number;
  readonly isOpen: boolean;
  readonly firmKilled: boolean;
  /** Exchange segments that are not open, or are set to change. */
  readonly gates: readonly GateView[];
  /** Content hash of the parameter table in force; '' before the first. */
  readonly parametersHash: string;
  /** Numbers of the margin snapshots taken today. */
  readonly snapshots: readonly number[];
}

/** Reads the day of a slot. Changes nothing. */
export function dayView(state: SlotState): DayView {
  const { meta } = state;
  assert(meta.rows > META_ROW, 'slot without meta row');
  return {
    slot: state.slot,
    sequence: state.sequence,
    businessDate: meta.u32(META_ROW, Meta.businessDate),
    isOpen: meta.u8(META_ROW, Meta.dayStatus) === DayStatus.OPEN,
    firmKilled: meta.u8(META_ROW, Meta.firmKilled) !== 0,
    gates: SEGMENTS.flatMap((segment) => gateView(meta, segment)),
    parametersHash: state.parametersHash,
    snapshots: snapshotsTaken(state),
  };
}

const nameOf = (gate: number): SegmentGateName => GATES.find((name) => SegmentGate[name] === gate) ?? 'OPEN';

function gateView(meta: RowTable, segment: number): GateView[] {
  const gate = gateOf(meta, segment);
  const next = scheduledGate(meta, segment);
  const later = next === undefined ? {} : { next: { state: nameOf(next.gate), at: next.at } };
  return gate === SegmentGate.OPEN && next === undefined ? [] : [{ segment, state: nameOf(gate), ...later }];
}
