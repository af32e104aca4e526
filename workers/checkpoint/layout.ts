// Messages from a shard to the checkpoint thread, on a ring like any other. A slot's rows travel as images, then one SlotCommit says that
// they are complete: only then may any of them be stored.
//
//   RowImage    0 length u32 | 4 kind u16 | 6 slot u16 | 8 row u32 | 12 table u16 | 14 stride u16 | 16 row bytes, padded to 8
//   SlotCommit  0 length u32 | 4 kind u16 | 6 slot u16 | 8 sequence f64 | 16 time f64 | 24 JSON bytes u32 | 32 JSON (SlotCommitBody)
import type { JournalHead } from '../journal/journal.ts';

export const CheckpointKind = { RowImage: 1, SlotCommit: 2 } as const;
export const RowImage = { length: 0, kind: 4, slot: 6, row: 8, table: 12, stride: 14, bytes: 16 } as const;
export const SlotCommit = { length: 0, kind: 4, slot: 6, sequence: 8, time: 16, bodyBytes: 24, body: 32 } as const;

/** One table of a slot, as stored: rows at or beyond `rows` are not part of it. */
export interface StoredTable {
  readonly id: number;
  readonly name: string;
  readonly stride: number;
  readonly rows: number;
}

/** What a SlotCommit carries besides its numbers. */
export interface SlotCommitBody {
  readonly parametersHash: string;
  readonly tables: readonly StoredTable[];
  /** The journal up to here covers every stored row. */
  readonly head: JournalHead;
  /** The day was closed since the commit before: keep a snapshot, from which the next day can be replayed without this one's journal. */
  readonly sealed: boolean;
}

/** Meta record of a slot in the store. */
export interface StoredSlot extends SlotCommitBody {
  readonly slot: number;
  readonly sequence: number;
  readonly time: number;
}
