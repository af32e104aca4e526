// What of the member's limit at each clearing corporation this slot may use: set by the one coordinator that grants slices, taken from by accepted orders. Three
// doubles a corporation in the meta row. `used` is what the slot's clients had to have when the slice was last set, and what orders have added
// since: never below the truth as far as orders go, because what they give back is seen only when the slice is set again.
import { corporationOf } from '../rules/collateral-rules.ts';
import { META_ROW, Meta } from './meta-table.ts';
import type { RowTable } from './row-table.ts';

/** Doubles of one corporation: paise granted, paise used, and the number of the last grant or recall that was folded. */
export const SliceCell = { slice: 0, used: 1, number: 2, CELLS: 3 } as const;

/** Where the cells of a segment's corporation lie in the arena's doubles. */
export function sliceCell(meta: RowTable, segment: number): number {
  return meta.word(META_ROW) + (Meta.slices >> 3) + (corporationOf(segment) - 1) * SliceCell.CELLS;
}

/** Byte field of a corporation's cell in the meta row. */
export const sliceField = (corporation: number, cell: number): number => Meta.slices + ((corporation - 1) * SliceCell.CELLS + cell) * 8;
