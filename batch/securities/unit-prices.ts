// Last known close of each ISIN, for statements: kept as the night takes price files in. Nothing is settled by it.
import type { Database, RootDatabase } from 'lmdb';

/** Close of a share. */
export interface UnitPrice {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly symbol: string;
  /** Micros of a rupee per unit. */
  readonly close: number;
}

/** See the file's head. */
export class UnitPrices {
  private readonly table: Database<UnitPrice, string> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'unit-prices', encoding: 'msgpack' }) as Database<UnitPrice, string> | undefined;
  }

  /** Keeps a close unless a later one is known. */
  keep(isin: string, price: UnitPrice): void {
    const known = this.table?.get(isin);
    if (known === undefined || known.date <= price.date) this.table?.putSync(isin, price);
  }

  of(isin: string): UnitPrice | undefined {
    return this.table?.get(isin);
  }
}
