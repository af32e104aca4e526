// Whether an exchange segment takes orders now: two bits per segment in the meta row, 0 = open. Which transition needs whom is decided in
// lifecycle/segment-state.ts, what a closed segment means for an order in checks/segment-closed.ts.
import { META_ROW, Meta } from './meta-table.ts';
import type { RowTable } from './row-table.ts';

/** State of a segment's gate. Numbers are for ever. */
export const SegmentGate = { OPEN: 0, CLOSED: 1, REDUCE_ONLY: 2 } as const;
export type SegmentGateName = keyof typeof SegmentGate;

/** A segment's SegmentGate. */
export function gateOf(meta: RowTable, segment: number): number {
  return (meta.u32(META_ROW, Meta.segmentGates) >>> (segment * 2)) & 3;
}

/** Sets it. */
export function setGate(meta: RowTable, segment: number, gate: number): void {
  const others = meta.u32(META_ROW, Meta.segmentGates) & ~(3 << (segment * 2));
  meta.setU32(META_ROW, Meta.segmentGates, (others | (gate << (segment * 2))) >>> 0);
}
