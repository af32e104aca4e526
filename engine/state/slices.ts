// What of the member's limits this slot may use: set by the one coordinator that grants slices, taken from by accepted orders. A limit at each
// clearing corporation, three doubles of it in the meta row, and one on what the house lends all clients together (MTF), in the funding table's row
// of no client. `used` is what the slot's clients had to have, or drew, when the slice was last set, and what orders have added since: never below
// the truth as far as orders go, because what they give back is seen only when the slice is set again.
import { corporationOf, segmentsOf } from '../rules/collateral-rules.ts';
import { houseRow, shareRow } from './funding.ts';
import { Funding } from './funding-table.ts';
import { META_ROW, Meta } from './meta-table.ts';
import type { RowTable } from './row-table.ts';
import type { SlotState } from './slot-state.ts';

/** What is sliced, by the name commands have for it: the clearing corporations by their numbers, and what is lent. Numbers are for ever. */
export const SlicePool = { NCL: 1, ICCL: 2, MCXCCL: 3, FUNDING: 4 } as const;
export type SlicePoolName = keyof typeof SlicePool;

/** Doubles of one corporation: paise granted, paise used, and the number of the last grant or recall that was folded. */
export const SliceCell = { slice: 0, used: 1, number: 2, CELLS: 3 } as const;

/** Where the same lie in the funding table's row of no client; its cell `cost` is 1 while a slice is asked, because 0 lent in all is a limit, too. */
const FUNDING_FIELDS = [Funding.limit, Funding.funded, Funding.units] as const;

/** Where the cells of a segment's corporation lie in the arena's doubles. */
export function sliceCell(meta: RowTable, segment: number): number {
  return meta.word(META_ROW) + (Meta.slices >> 3) + (corporationOf(segment) - 1) * SliceCell.CELLS;
}

/** Byte field of a corporation's cell in the meta row. */
export const sliceField = (corporation: number, cell: number): number => Meta.slices + ((corporation - 1) * SliceCell.CELLS + cell) * 8;

/** A cell of a pool's slice; 0 where none was ever set. */
export function sliceOf(state: SlotState, pool: number, cell: 0 | 1 | 2): number {
  if (pool !== SlicePool.FUNDING) return state.meta.f64(META_ROW, sliceField(pool, cell));
  const row = houseRow(state);
  return row === 0 ? 0 : state.fundings.f64(row, FUNDING_FIELDS[cell]);
}

/** Is a slice of the pool asked at all? */
export function isSliced(state: SlotState, pool: number): boolean {
  if (pool !== SlicePool.FUNDING) return (state.meta.u8(META_ROW, Meta.slicedSegments) & segmentsOf(pool)) !== 0;
  const row = houseRow(state);
  return row !== 0 && state.fundings.f64(row, Funding.cost) !== 0;
}

/** Sets all of a pool's slice. */
export function setSlice(state: SlotState, pool: number, slice: { slice: number; used: number; number: number; isOn: boolean }): void {
  const { meta, fundings } = state;
  if (pool === SlicePool.FUNDING) {
    const row = shareRow(fundings, 0, 0, 0);
    for (const [cell, value] of [slice.slice, slice.used, slice.number].entries()) fundings.setF64(row, FUNDING_FIELDS[cell as 0 | 1 | 2], value);
    fundings.setF64(row, Funding.cost, slice.isOn ? 1 : 0);
    return;
  }
  for (const [cell, value] of [slice.slice, slice.used, slice.number].entries()) meta.setF64(META_ROW, sliceField(pool, cell), value);
  const [sliced, bits] = [meta.u8(META_ROW, Meta.slicedSegments), segmentsOf(pool)];
  meta.setU8(META_ROW, Meta.slicedSegments, slice.isOn ? sliced | bits : sliced & ~bits);
}

/** Takes what an order or a conversion has the house lend from the slice of its funding, where one is in force. Paise, 0 or more. */
export function takeFunding(state: SlotState, paise: number): void {
  const row = houseRow(state);
  if (row !== 0 && paise > 0 && state.fundings.f64(row, Funding.cost) !== 0) state.fundings.addF64(row, Funding.funded, paise);
}
