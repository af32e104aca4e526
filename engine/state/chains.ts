// Linked lists threaded through the side cells of rows: a client's positions, an instrument's positions, a client's open orders, orders awaiting an
// answer. Derived: rebuilt from the rows on restore, so their order must follow from the rows alone. A table whose side cells are
// cleared has no lists. Owners and members are rows; row 0 (the table's own) may own a list, but is in none.
import type { RowTable } from './row-table.ts';

/** Side field of the owner that holds the first member; a Queue holds the last in the 32 bits after it. */
interface Ends {
  readonly owners: RowTable;
  readonly headField: number;
}

/** One-way lists by owner, newest first; members are never taken out. */
export class Stack {
  private readonly owners: RowTable;
  private readonly headField: number;
  private readonly members: RowTable;
  private readonly nextField: number;

  constructor({ owners, headField }: Ends, members: RowTable, nextField: number) {
    this.owners = owners;
    this.headField = headField;
    this.members = members;
    this.nextField = nextField;
  }

  push(owner: number, row: number): void {
    this.members.setSide(row, this.nextField, this.owners.u32(owner, this.headField));
    this.owners.setSide(owner, this.headField, row);
  }
  /** First member of an owner, 0 = none. */
  head(owner: number): number {
    return this.owners.u32(owner, this.headField);
  }
  /** Member after `row`, 0 = none. */
  next(row: number): number {
    return this.members.u32(row, this.nextField);
  }
}

/** Side fields of a Queue's member: its neighbours, and its owner + 1 (0 = in no list). */
const PREVIOUS = 4;
const OWNER = 8;
/** Side fields of a Queue's owner: first and last member. */
const TAIL = 4;

/** Two-way lists by owner, oldest first; members come and go. */
export class Queue {
  private readonly owners: RowTable;
  private readonly headField: number;
  private readonly members: RowTable;
  private readonly nextField: number;

  /** `memberField` is the first of 12 bytes of side cells. */
  constructor({ owners, headField }: Ends, members: RowTable, memberField: number) {
    this.owners = owners;
    this.headField = headField;
    this.members = members;
    this.nextField = memberField;
  }

  has(row: number): boolean {
    return this.members.u32(row, this.nextField + OWNER) !== 0;
  }
  /** Adds at the end; a row that is in a list already is moved. */
  append(owner: number, row: number): void {
    const { owners, members, headField, nextField } = this;
    this.remove(row);
    const tail = owners.u32(owner, headField + TAIL);
    if (tail === 0) owners.setSide(owner, headField, row);
    else members.setSide(tail, nextField, row);
    members.setSide(row, nextField, 0);
    members.setSide(row, nextField + PREVIOUS, tail);
    members.setSide(row, nextField + OWNER, owner + 1);
    owners.setSide(owner, headField + TAIL, row);
  }
  /** Takes a row out; nothing happens when it is in no list. */
  remove(row: number): void {
    const { owners, members, headField, nextField } = this;
    const owner = members.u32(row, nextField + OWNER) - 1;
    if (owner < 0) return;
    const before = members.u32(row, nextField + PREVIOUS);
    const after = members.u32(row, nextField);
    if (before === 0) owners.setSide(owner, headField, after);
    else members.setSide(before, nextField, after);
    if (after === 0) owners.setSide(owner, headField + TAIL, before);
    else members.setSide(after, nextField + PREVIOUS, before);
    members.setSide(row, nextField + OWNER, 0);
  }
  /** Oldest member of an owner, 0 = none. */
  head(owner: number): number {
    return this.owners.u32(owner, this.headField);
  }
  /** Member after `row`, 0 = none. */
  next(row: number): number {
    return this.members.u32(row, this.nextField);
  }
}
