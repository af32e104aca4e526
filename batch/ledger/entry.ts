// One entry of the journal as a value. Stored entries (entry-block.ts) are never changed, never removed: what corrects one is another entry that names it.
import type { Transfer } from './posting.ts';

/** posted: single phase; pending: reserved; settled, voided, expired: the end of a pending one; reversal: the mirror of a posted or settled one. */
export const ENTRY_TYPES = ['posted', 'pending', 'settled', 'voided', 'expired', 'reversal'] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

export interface Entry {
  /** 1, 2, 3 ... without gaps. */
  readonly sequence: number;
  readonly type: EntryType;
  readonly key: string;
  readonly kind: string;
  readonly businessDate: number;
  readonly valueDate: number;
  readonly narration: string;
  readonly transfers: readonly Transfer[];
  /** Entry that this one resolves or reverses; 0 = none. */
  readonly link: number;
  readonly approvals: readonly string[];
  /** Pending entries: when they expire; 0 otherwise. */
  readonly expiresAt: number;
  readonly at: number;
}
