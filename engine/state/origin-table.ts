// Exactly once: the last number each origin (a FIX session, an inbox) had folded in this slot, per incarnation.
import { mix32 } from './hash-bytes.ts';
import { RowIndex } from './row-index.ts';
import { RowTable } from './row-table.ts';

export const Origin = { owner: 0, kind: 4, origin: 8, incarnation: 12, number: 16, BYTES: 24 } as const;

export class OriginTable extends RowTable {
  private readonly index: RowIndex = new RowIndex();

  constructor(id: number) {
    super('origins', id, Origin.BYTES);
  }

  /** Row of an origin, or 0. */
  find(kind: number, origin: number): number {
    const hash = hashOf(kind, origin);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0 || (this.u32(row, Origin.origin) === origin && this.u16(row, Origin.kind) === kind)) return row;
    }
  }

  /** True when the key is new, and then remembered: a later number of the same incarnation, or any number of a higher one. */
  admit(kind: number, origin: number, incarnation: number, number: number): boolean {
    let row = this.find(kind, origin);
    if (row === 0) {
      row = this.allocate();
      this.setU16(row, Origin.kind, kind);
      this.setU32(row, Origin.origin, origin);
      this.index.add(hashOf(kind, origin), row);
    } else {
      const last = this.u32(row, Origin.incarnation);
      if (incarnation < last) return false;
      if (incarnation === last && number <= this.f64(row, Origin.number)) return false;
    }
    this.setU32(row, Origin.incarnation, incarnation);
    this.setF64(row, Origin.number, number);
    return true;
  }

  /** Rebuilds the lookup from the rows. */
  reindex(): void {
    this.index.reset();
    for (let row = 1; row < this.rows; row++) this.index.add(hashOf(this.u16(row, Origin.kind), this.u32(row, Origin.origin)), row);
  }
}

const hashOf = (kind: number, origin: number): number => mix32(Math.imul(origin, 0x9e3779b1) ^ kind);
