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

/** Two-way lists by owner, oldest first; members come and go. */
export class Queue {
  private heads: Int32Array<ArrayBuffer> = new Int32Array(8);
  private tails: Int32Array<ArrayBuffer> = new Int32Array(8);
  private nexts: Int32Array<ArrayBuffer> = new Int32Array(8);
  private previous: Int32Array<ArrayBuffer> = new Int32Array(8);
  /** Owner + 1 of each member, 0 = not in a list. */
  private owners: Int32Array<ArrayBuffer> = new Int32Array(8);

  reset(): void {
    this.heads.fill(0);
    this.tails.fill(0);
    this.nexts.fill(0);
    this.previous.fill(0);
    this.owners.fill(0);
  }
  has(row: number): boolean {
    return (this.owners[row] ?? 0) !== 0;
  }
  /** Adds at the end; a row that is in a list already is moved. */
  append(owner: number, row: number): void {
    this.remove(row);
    this.heads = grown(this.heads, owner + 1);
    this.tails = grown(this.tails, owner + 1);
    this.nexts = grown(this.nexts, row + 1);
    this.previous = grown(this.previous, row + 1);
    this.owners = grown(this.owners, row + 1);
    const tail = this.tails[owner] ?? 0;
    if (tail === 0) this.heads[owner] = row;
    else this.nexts[tail] = row;
    this.previous[row] = tail;
    this.nexts[row] = 0;
    this.tails[owner] = row;
    this.owners[row] = owner + 1;
  }
  /** Takes a row out; nothing happens when it is in no list. */
  remove(row: number): void {
    const owner = (this.owners[row] ?? 0) - 1;
    if (owner < 0) return;
    const before = this.previous[row] ?? 0;
    const after = this.nexts[row] ?? 0;
    if (before === 0) this.heads[owner] = after;
    else this.nexts[before] = after;
    if (after === 0) this.tails[owner] = before;
    else this.previous[after] = before;
    this.owners[row] = 0;
  }
  /** Oldest member of an owner, 0 = none. */
  head(owner: number): number {
    return this.heads[owner] ?? 0;
  }
  /** Member after `row`, 0 = none. */
  next(row: number): number {
    return this.nexts[row] ?? 0;
  }
}
