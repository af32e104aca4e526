// Exactly once: the last number each origin (a FIX session, an inbox) had folded in this slot, per incarnation.
import type { Arena } from './arena.ts';
import { mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Origin = { owner: 0, kind: 4, origin: 8, incarnation: 12, number: 16, BYTES: 24 } as const;

/** The origins a slot has heard of. */
export interface OriginTable extends RowTable {
  /** Row of an origin, or 0. */
  find(kind: number, origin: number): number;
  /** Adds an origin; the caller knows it is not there yet. */
  add(kind: number, origin: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** An origins table. */
export function newOriginTable(id: number, arena?: Arena): OriginTable {
  const table = new RowTable('origins', id, Origin.BYTES, { arena });
  const { index } = table;
  return Object.assign(table, {
    find(kind: number, origin: number): number {
      const hash = hashOf(kind, origin);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || (table.u32(row, Origin.origin) === origin && table.u16(row, Origin.kind) === kind)) return row;
      }
    },
    add(kind: number, origin: number): number {
      const row = table.allocate();
      table.setU16(row, Origin.kind, kind);
      table.setU32(row, Origin.origin, origin);
      index.add(hashOf(kind, origin), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++) index.add(hashOf(table.u16(row, Origin.kind), table.u32(row, Origin.origin)), row);
    },
  });
}

/** True when the key is new, and then remembered: a later number of the same incarnation, or any number of a higher one. */
export function admitOrigin(origins: OriginTable, { originKind, origin, incarnation, originNumber }: OriginKey): boolean {
  let row = origins.find(originKind, origin);
  if (row === 0) row = origins.add(originKind, origin);
  else {
    const last = origins.u32(row, Origin.incarnation);
    if (incarnation < last) return false;
    if (incarnation === last && originNumber <= origins.f64(row, Origin.number)) return false;
  }
  origins.setU32(row, Origin.incarnation, incarnation);
  origins.setF64(row, Origin.number, originNumber);
  return true;
}

/** The exactly-once key of a command; a CommandView is one. */
interface OriginKey {
  readonly originKind: number;
  readonly origin: number;
  readonly incarnation: number;
  readonly originNumber: number;
}

const hashOf = (kind: number, origin: number): number => mix32(Math.imul(origin, 0x9e3779b1) ^ kind);
