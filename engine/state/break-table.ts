// Breaks: differences a person must look at. Kept over days; bounded (limits.ts), what does not fit is counted in meta.
import type { Arena } from './arena.ts';
import { RowTable } from './row-table.ts';

export const Break = {
  client: 0,
  token: 4,
  segment: 8,
  side: 9,
  /** BreakKind. */
  kind: 10,
  /** 1 = settled by a later report. */
  closed: 12,
  time: 16,
  /** Slot sequence of the command that opened it. */
  sequence: 24,
  /** Order it is about, by sequence; 0 = none. */
  orderSequence: 32,
  quantity: 40,
  price: 48,
  BYTES: 56,
} as const;

/** A breaks table. */
export function newBreakTable(id: number, arena?: Arena): RowTable {
  return new RowTable('breaks', id, Break.BYTES, { arena });
}
