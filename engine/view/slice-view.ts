// The slices a slot has of the member's limits, as it has them.
import { assert } from '../assert.ts';
import { usedAt } from '../lifecycle/member-mode.ts';
import { isSliced, SliceCell, SlicePool, type SlicePoolName, sliceOf } from '../state/slices.ts';
import type { SlotState } from '../state/slot-state.ts';

/** One slice; paise. `used` of a slot that is not limited is what its clients must have, or draw, now. */
export interface SliceView {
  /** A clearing corporation, or what the house lends all clients. */
  readonly corporation: SlicePoolName;
  readonly slice: number;
  readonly used: number;
  /** Of the last grant or recall; 0 = none was ever folded. */
  readonly number: number;
  /** Is it asked at all? */
  readonly isOn: boolean;
}

/** One per pool. */
export function sliceViews(state: SlotState): SliceView[] {
  assert(state.slot >= 0, 'slot is negative');
  return (Object.keys(SlicePool) as SlicePoolName[]).map((corporation) => {
    const pool = SlicePool[corporation];
    const isOn = isSliced(state, pool);
    const used = isOn ? sliceOf(state, pool, SliceCell.used) : usedAt(state, pool);
    return { corporation, slice: sliceOf(state, pool, SliceCell.slice), used, number: sliceOf(state, pool, SliceCell.number), isOn };
  });
}
