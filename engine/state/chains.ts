// Linked lists threaded through rows: a client's positions, an instrument's positions, a client's open orders, orders awaiting an answer.
// Derived: rebuilt from the rows on restore, so their order must follow from the rows alone.

/** A typed array at least `length` long with the old content. Doubles, so that growth is rare. */
export function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  let capacity = Math.max(array.length, 8);
  while (capacity < length) capacity *= 2;
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}

/** One-way lists by owner, newest first; members are never taken out. */
export class Stack {
  private heads: Int32Array<ArrayBuffer> = new Int32Array(8);
  private nexts: Int32Array<ArrayBuffer> = new Int32Array(8);

  reset(): void {
    this.heads.fill(0);
    this.nexts.fill(0);
  }
  push(owner: number, row: number): void {
    this.heads = grown(this.heads, owner + 1);
    this.nexts = grown(this.nexts, row + 1);
    this.nexts[row] = this.heads[owner] ?? 0;
    this.heads[owner] = row;
  }
  /** First member of an owner, 0 = none. */
  head(owner: number): number {
    return this.heads[owner] ?? 0;
  }
  /** Member after `row`, 0 = none. */
  next(row: number): number {
    return this.nexts[row] ?? 0;
  }
}

/** Cells of a member (its neighbours, and its owner + 1, 0 = in no list) and of an owner, side by side: one cache line for each. */
const NEXT = 0;
const PREVIOUS = 1;
const OWNER = 2;
const MEMBER_CELLS = 4;
const HEAD = 0;
const TAIL = 1;
const OWNER_CELLS = 2;

/** Two-way lists by owner, oldest first; members come and go. */
export class Queue {
  private owners: Int32Array<ArrayBuffer> = new Int32Array(8);
  private members: Int32Array<ArrayBuffer> = new Int32Array(8);

  reset(): void {
    this.owners.fill(0);
    this.members.fill(0);
  }
  has(row: number): boolean {
    return (this.members[row * MEMBER_CELLS + OWNER] ?? 0) !== 0;
  }
  /** Adds at the end; a row that is in a list already is moved. */
  append(owner: number, row: number): void {
    this.owners = grown(this.owners, (owner + 1) * OWNER_CELLS);
    this.members = grown(this.members, (row + 1) * MEMBER_CELLS);
    this.remove(row);
    const { owners, members } = this;
    const at = row * MEMBER_CELLS;
    const tail = owners[owner * OWNER_CELLS + TAIL] ?? 0;
    if (tail === 0) owners[owner * OWNER_CELLS + HEAD] = row;
    else members[tail * MEMBER_CELLS + NEXT] = row;
    members[at + NEXT] = 0;
    members[at + PREVIOUS] = tail;
    members[at + OWNER] = owner + 1;
    owners[owner * OWNER_CELLS + TAIL] = row;
  }
  /** Takes a row out; nothing happens when it is in no list. */
  remove(row: number): void {
    const { owners, members } = this;
    const at = row * MEMBER_CELLS;
    const owner = (members[at + OWNER] ?? 0) - 1;
    if (owner < 0) return;
    const before = members[at + PREVIOUS] ?? 0;
    const after = members[at + NEXT] ?? 0;
    if (before === 0) owners[owner * OWNER_CELLS + HEAD] = after;
    else members[before * MEMBER_CELLS + NEXT] = after;
    if (after === 0) owners[owner * OWNER_CELLS + TAIL] = before;
    else members[after * MEMBER_CELLS + PREVIOUS] = before;
    members[at + OWNER] = 0;
  }
  /** Oldest member of an owner, 0 = none. */
  head(owner: number): number {
    return this.owners[owner * OWNER_CELLS + HEAD] ?? 0;
  }
  /** Member after `row`, 0 = none. */
  next(row: number): number {
    return this.members[row * MEMBER_CELLS + NEXT] ?? 0;
  }
}
