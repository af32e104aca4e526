// The work list of differences in units, by date and settlement. A reconciliation that runs again replaces what it found: what is no longer there is settled.
import type { Database, RootDatabase } from 'lmdb';
import type { UnitBreak } from './three-way.ts';

/** A difference and what became of it. Times in microseconds since 1970. */
export interface StoredUnitBreak extends UnitBreak {
  readonly date: string;
  readonly settlement: string;
  readonly raisedAt: number;
  readonly state: 'open' | 'settled';
}

type Key = [date: string, settlement: string, id: string];

/** See the file's head. */
export class UnitBreakStore {
  private readonly table: Database<StoredUnitBreak, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'unit-breaks', encoding: 'msgpack' }) as Database<StoredUnitBreak, Key> | undefined;
  }

  /** Takes in what a reconciliation found. To be called inside the transaction that stores its node as done. */
  replace(date: string, settlement: string, found: readonly UnitBreak[], now: number): void {
    const left = new Map(this.of(date, settlement).map((one) => [idOf(one), one]));
    for (const one of found) {
      const before = left.get(idOf(one));
      left.delete(idOf(one));
      this.table?.putSync([date, settlement, idOf(one)], { ...one, date, settlement, raisedAt: before?.raisedAt ?? now, state: 'open' });
    }
    for (const [id, one] of left) this.table?.putSync([date, settlement, id], { ...one, state: 'settled' });
  }

  /** Differences of a date, of one settlement or of all. */
  of(date: string, settlement?: string): StoredUnitBreak[] {
    const range = { start: [date, settlement ?? '', ''] as Key, end: [date, settlement ?? '\uffff', '\uffff'] as Key };
    return [...(this.table?.getRange(range) ?? [])].map(({ value }) => value);
  }
}

const idOf = ({ class: kind, client, isin }: UnitBreak): string => `${kind}.${client}.${isin}`;
