// All accounts as columns in memory, and as packed rows in pages of the database. An account has a number for ever, in the order in which accounts were opened;
// entries and statement chains name it by that. Rows hold sums that only grow with postings (pending ones shrink again when resolved); balances are derived.
// The one process that writes keeps the table between transactions; what an aborted one left in it is dropped whole.
import { assert } from '../../engine/index.ts';
import type { ChartRow, MoneyClass } from './account-chart.ts';
import { AccountState, segregated } from './account-state.ts';
import type { LedgerStore } from './ledger-store.ts';

/** Columns of an account; amounts in paise. LAST, ANCHOR and DEPTH are where its statement chain ends, see entry-block.ts. */
export const Column = { DEBITS: 0, CREDITS: 1, DEBITS_PENDING: 2, CREDITS_PENDING: 3, LINES: 4, LAST: 5, ANCHOR: 6, DEPTH: 7 } as const;
/** Doubles of a row in `figures`. */
export const COLUMNS = 8;

const ID_BYTES = 48;
const ROW_BYTES: number = ID_BYTES + COLUMNS * 8;
/** A page with its header fills 4 KiB of the database. */
const PAGE_ROWS = 36;
const FIRST_ROWS = 256;
const MONEY: readonly MoneyClass[] = ['claim', 'pool', 'own', 'levy', 'result'];
const [CLAIM, POOL] = [0, 1];

/** See the file's head. */
export class AccountTable {
  /** COLUMNS doubles an account. */
  figures: Float64Array = new Float64Array(FIRST_ROWS * COLUMNS);
  /** Client money where it lies, and what clients could ask for (credit balances only), over all accounts. */
  pool = 0;
  claims = 0;
  /** Reserved now, on each side. */
  pending = 0;
  /** Debited since whoever counts took it; paise. */
  posted = 0;
  /** Debited less credited since the last check, posted and pending: what an entry may not leave behind. */
  private moved = 0;
  private reserved = 0;
  private readonly rows: ChartRow[] = [];
  private readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();
  private money = new Uint8Array(FIRST_ROWS);
  private readonly dirtyPages = new Set<number>();

  get size(): number {
    return this.ids.length;
  }

  /** Number of an account; undefined when it has never been booked on. */
  find(id: string): number | undefined {
    return this.numbers.get(id);
  }

  idOf(number: number): string {
    const id = this.ids[number];
    assert(id !== undefined, 'an account number must be known');
    return id;
  }

  rowOf(number: number): ChartRow {
    const row = this.rows[number];
    assert(row !== undefined, 'an account number must be known');
    return row;
  }

  /** Place of an account's class among MONEY classes, for masks of moves. */
  moneyOf(number: number): number {
    return this.money[number] as number;
  }

  /** Opens an account of the chart; returns its number. */
  open(id: string, row: ChartRow): number {
    const number = this.ids.length;
    if ((number + 1) * COLUMNS > this.figures.length) this.grow();
    assert(id.length <= ID_BYTES, 'an account id must fit its row');
    this.figures.fill(0, number * COLUMNS, (number + 1) * COLUMNS);
    this.money[number] = MONEY.indexOf(row.money);
    this.ids.push(id);
    this.rows.push(row);
    this.numbers.set(id, number);
    return number;
  }

  /** Takes back accounts that were opened by a request which then was refused. */
  truncate(size: number): void {
    while (this.ids.length > size) {
      this.numbers.delete(this.ids.pop() ?? '');
      this.rows.pop();
    }
  }

  /** Adds to a sum of an account and keeps pool and claims; nothing has changed when it throws. */
  add(number: number, column: number, amount: number): void {
    const { figures } = this;
    const row = number * COLUMNS;
    const at = row + column;
    const was = figures[at] as number;
    const sum = was + amount;
    assert(sum >= 0 && sum <= Number.MAX_SAFE_INTEGER, 'sums of an account must be whole, not negative and below 2^53');
    figures[at] = sum;
    const change = (column & 1) === 0 ? sum - was : was - sum;
    if (column >= Column.DEBITS_PENDING) {
      this.reserved += change;
      if (column === Column.DEBITS_PENDING) this.pending += amount;
    } else {
      this.moved += change;
      if (column === Column.DEBITS) this.posted += amount;
      this.segregate(number, change);
    }
    this.dirtyPages.add(Math.floor(number / PAGE_ROWS));
  }

  /** What was debited was credited, posted and pending. */
  checkConservation(): void {
    assert(this.moved === 0 && this.reserved === 0, 'an entry must debit what it credits');
  }

  /** Keeps pool and claims when an account's debits less credits have changed. */
  private segregate(number: number, change: number): void {
    const money = this.money[number] as number;
    if (money === POOL) this.pool += change;
    else if (money === CLAIM) {
      const row = number * COLUMNS;
      const now = (this.figures[row + 1] as number) - (this.figures[row] as number);
      this.claims += Math.max(0, now) - Math.max(0, now + change);
    }
  }

  figure(number: number, column: number): number {
    return this.figures[number * COLUMNS + column] as number;
  }

  /** An account as it is now, as a value of its own. */
  state(number: number): AccountState {
    return new AccountState(this.idOf(number), number).fill(this.figures, number * COLUMNS);
  }

  /** Is it debited when its balance grows? */
  isDebitNatured(number: number): boolean {
    const { type } = this.rowOf(number);
    return type === 'asset' || type === 'expense';
  }

  /** Paise in the account's natural sense. */
  balance(number: number): number {
    const net = this.figure(number, Column.DEBITS) - this.figure(number, Column.CREDITS);
    // No minus zero.
    return this.isDebitNatured(number) ? net : 0 - net;
  }

  /** Writes every page that changed. */
  flush(store: LedgerStore): void {
    for (const page of this.dirtyPages) if (page * PAGE_ROWS < this.size) store.accounts.put(page, this.pageBytes(page));
    this.dirtyPages.clear();
  }

  /** Forgets everything; load it again before use. */
  clear(): void {
    this.truncate(0);
    this.dirtyPages.clear();
    [this.pool, this.claims, this.pending, this.posted, this.moved, this.reserved] = [0, 0, 0, 0, 0, 0];
  }

  /** Reads `size` accounts from the database. */
  load(store: LedgerStore, size: number): void {
    this.clear();
    for (const state of storedAccounts(store, size)) {
      const number = this.open(state.id, state.row);
      state.spill(this.figures, number * COLUMNS);
      const { pool, claims } = segregated(state);
      this.pool += pool;
      this.claims += claims;
      this.pending += state.debitsPending;
    }
    assert(this.size === size, 'every account must have its row');
  }

  private pageBytes(page: number): Buffer {
    const from = page * PAGE_ROWS;
    const to = Math.min(this.size, from + PAGE_ROWS);
    const bytes = Buffer.alloc(Math.max(0, to - from) * ROW_BYTES);
    for (let number = from; number < to; number++) {
      const at = (number - from) * ROW_BYTES;
      bytes.write(this.idOf(number), at, 'latin1');
      for (let column = 0; column < COLUMNS; column++) bytes.writeDoubleLE(this.figure(number, column), at + ID_BYTES + column * 8);
    }
    return bytes;
  }

  private grow(): void {
    const figures = new Float64Array(this.figures.length * 2);
    figures.set(this.figures);
    const money = new Uint8Array(this.money.length * 2);
    money.set(this.money);
    [this.figures, this.money] = [figures, money];
  }
}

const decoded = new Float64Array(COLUMNS);

function readRow(bytes: Buffer, at: number, number: number): AccountState {
  const end = bytes.indexOf(0, at);
  const id = bytes.toString('latin1', at, end < 0 ? at + ID_BYTES : Math.min(end, at + ID_BYTES));
  for (let column = 0; column < COLUMNS; column++) decoded[column] = bytes.readDoubleLE(at + ID_BYTES + column * 8);
  return new AccountState(id, number).fill(decoded, 0);
}

/** All stored accounts in the order in which they were opened, at most `size`. */
export function* storedAccounts(store: LedgerStore, size: number = Number.MAX_SAFE_INTEGER): Generator<AccountState> {
  for (const { key: page, value } of store.accounts.getRange()) {
    assert(value.length % ROW_BYTES === 0, 'a page of accounts has another size');
    for (let at = 0, number = page * PAGE_ROWS; at < value.length && number < size; at += ROW_BYTES, number++) yield readRow(value, at, number);
  }
}

/** One stored account; undefined when there is no such number. */
export function storedAccount(store: LedgerStore, number: number): AccountState | undefined {
  const bytes = store.accounts.get(Math.floor(number / PAGE_ROWS));
  const at = (number % PAGE_ROWS) * ROW_BYTES;
  return bytes === undefined || at >= bytes.length ? undefined : readRow(bytes, at, number);
}

/** A move's place in masks: debited class, credited class. */
export const moveBit = (from: number, to: number): number => from * MONEY.length + to;
/** Mask of moves. */
export const movesMask = (moves: readonly (readonly [MoneyClass, MoneyClass])[]): number =>
  moves.reduce((mask, [from, to]) => mask | (1 << moveBit(MONEY.indexOf(from), MONEY.indexOf(to))), 0);
