// What a slot knows of the business day, as a plain object.
import { assert } from '../assert.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import type { SlotState } from '../state/slot-state.ts';

/** The day of one slot. */
export interface DayView {
  readonly slot: number;
  readonly sequence: number;
  /** yyyymmdd; 0 before the first day. */
  readonly businessDate: number;
  readonly isOpen: boolean;
  readonly firmKilled: boolean;
  /** Content hash of the parameter table in force; '' before the first. */
  readonly parametersHash: string;
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
    parametersHash: state.parametersHash,
  };
}
