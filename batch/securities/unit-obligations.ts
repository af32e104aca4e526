// The member's net obligation per settlement and ISIN as it was last booked, so that a corrected obligation file books the difference and nothing twice.
import type { Database, RootDatabase } from 'lmdb';

/** See the file's head. */
export class UnitObligations {
  private readonly table: Database<number, [settlement: string, isin: string]>;

  constructor(root: RootDatabase) {
    this.table = root.openDB({ name: 'unit-obligations', encoding: 'msgpack' });
  }

  /** Stores the net (above zero the market brings, below it takes) and returns by how much it grew. To be called inside the transaction that books it. */
  replace(settlement: string, isin: string, net: number): number {
    const before = this.table.get([settlement, isin]) ?? 0;
    this.table.putSync([settlement, isin], net);
    return net - before;
  }
}
