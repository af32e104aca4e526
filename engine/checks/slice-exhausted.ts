// The slot's slice of what the member may use at a clearing corporation: one comparison, where a slice is in force at all.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { SliceCell, sliceCell } from '../state/slices.ts';
import type { DecisionContext } from './decision-context.ts';
import { isHouseExit } from './house-exit.ts';

/**
 * sliceExhausted: value is what the slot's clients would use at the corporation, limit the slice, paise. Passes when the requirement does not rise,
 * and for the house's exits.
 */
export function sliceExhausted(d: DecisionContext): number {
  const { meta } = d.state;
  if (((meta.u8(META_ROW, Meta.slicedSegments) >> d.segment) & 1) === 0) return 0;
  const at = sliceCell(meta, d.segment);
  const rise = d.requirementAfter - d.requirementBefore;
  const used = (d.cells[at + SliceCell.used] as number) + rise;
  const slice = d.cells[at + SliceCell.slice] as number;
  d.measure(used, slice, LimitLevel.firm);
  return rise <= 0 || used <= slice || isHouseExit(d) ? 0 : RejectCode.sliceExhausted;
}
