// The positions of a slot in one instrument, so that a new mark touches only who holds or works it. Derived; heads are the first
// position row seen of each (segment, token).
import type { Arena } from './arena.ts';
import { Stack } from './chains.ts';
import { mix32 } from './hash-bytes.ts';
import { Position, PositionSide, type PositionTable } from './position-table.ts';
import { RowIndex } from './row-index.ts';

export class InstrumentChain {
  readonly index: RowIndex;
  private readonly chain: Stack;
  private readonly positions: PositionTable;

  constructor(positions: PositionTable, arena: Arena) {
    this.positions = positions;
    this.index = new RowIndex(arena);
    this.chain = new Stack({ owners: positions, headField: PositionSide.instrumentHead }, positions, PositionSide.ofInstrument);
  }

  /** Adds a position row. */
  add(row: number): void {
    const segment = this.positions.u8(row, Position.segment);
    const token = this.positions.u32(row, Position.token);
    const owner = this.find(segment, token);
    if (owner === 0) this.index.add(hashOf(segment, token), row);
    this.chain.push(owner === 0 ? row : owner, row);
  }

  /** Newest position in the instrument, 0 = none. */
  head(segment: number, token: number): number {
    const owner = this.find(segment, token);
    return owner === 0 ? 0 : this.chain.head(owner);
  }

  /** Next position in the same instrument, 0 = none. */
  next(row: number): number {
    return this.chain.next(row);
  }

  private find(segment: number, token: number): number {
    const hash = hashOf(segment, token);
    for (let b = this.index.first(hash); ; b = this.index.next(b, hash)) {
      const row = this.index.rowAt(b);
      if (row === 0 || (this.positions.u32(row, Position.token) === token && this.positions.u8(row, Position.segment) === segment)) return row;
    }
  }
}

const hashOf = (segment: number, token: number): number => mix32(Math.imul(token, 0x9e3779b1) ^ segment);
