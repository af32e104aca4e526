// One entry of the journal, as it is stored: never changed, never removed. What corrects it is another entry that names it.
import { Packr } from 'msgpackr';
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

// Plain arrays and no shared structures: the bytes depend on nothing but the entry, because they are hashed.
const packr = new Packr({ useRecords: false, variableMapSize: true });

/** Bytes of an entry. */
export function encodeEntry(entry: Entry): Buffer {
  const transfers = entry.transfers.flatMap(({ debit, credit, amount }) => [debit, credit, amount]);
  const { sequence, key, kind, businessDate, valueDate, narration, link, approvals, expiresAt, at } = entry;
  const type = ENTRY_TYPES.indexOf(entry.type);
  return Buffer.from(packr.pack([sequence, type, key, kind, businessDate, valueDate, narration, transfers, link, approvals, expiresAt, at]));
}

type Stored = [number, number, string, string, number, number, string, (string | number)[], number, string[], number, number];

/** The entry of its bytes. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const [sequence, type, key, kind, businessDate, valueDate, narration, flat, link, approvals, expiresAt, at] = packr.unpack(bytes) as Stored;
  const transfers: Transfer[] = [];
  for (let i = 0; i < flat.length; i += 3) transfers.push({ debit: String(flat[i]), credit: String(flat[i + 1]), amount: Number(flat[i + 2]) });
  return { sequence, type: ENTRY_TYPES[type] ?? 'posted', key, kind, businessDate, valueDate, narration, transfers, link, approvals, expiresAt, at };
}
