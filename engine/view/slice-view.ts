// The slices a slot has of the member's limits, as it has them.
import { assert } from '../assert.ts';
import { usedAt } from '../lifecycle/member-mode.ts';
import { ClearingCorporation, type ClearingCorporationName, segmentsOf } from '../rules/collateral-rules.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { SliceCell, sliceField } from '../state/slices.ts';
import type { SlotState } from '../state/slot-state.ts';

/** One slice; paise. `used` of a slot that is not limited is what its clients must have now. */
export interface SliceView {
  readonly corporation: ClearingCorporationName;
  readonly slice: number;
  readonly used: number;
  /** Of the last grant or recall; 0 = none was ever folded. */
  readonly number: number;
  /** Is it asked at all? */
  readonly isOn: boolean;
}

/** One per clearing corporation. */
export function sliceViews(state: SlotState): SliceView[] {
  assert(state.slot >= 0, 'slot is negative');
  const { meta } = state;
  const sliced = meta.u8(META_ROW, Meta.slicedSegments);
  return (Object.keys(ClearingCorporation) as ClearingCorporationName[]).map((corporation) => {
    const number = ClearingCorporation[corporation];
    const cell = (which: number): number => meta.f64(META_ROW, sliceField(number, which));
    const isOn = (sliced & segmentsOf(number)) !== 0;
    const used = isOn ? cell(SliceCell.used) : usedAt(state, number);
    return { corporation, slice: cell(SliceCell.slice), used, number: cell(SliceCell.number), isOn };
  });
}
