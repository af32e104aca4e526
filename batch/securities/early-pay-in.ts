// Early pay-in: units a client delivered ahead of the pay-in, as the clearing corporation has booked them. Only what it booked frees margin; what we
// asked for does not (NSE/INSP/57112). Written with the node that was told, read by whoever gives credit.
import type { Database, RootDatabase } from 'lmdb';

type Key = [settlement: string, client: string, isin: string];

/** See the file's head. */
export class EarlyPayIns {
  private readonly table: Database<number, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'early-pay-ins', encoding: 'msgpack' }) as Database<number, Key> | undefined;
  }

  /** Notes the units booked for one client and ISIN; again replaces. */
  book(settlement: string, client: string, isin: string, units: number): void {
    this.table?.putSync([settlement, client, isin], units);
  }

  /** Units booked. */
  units(settlement: string, client: string, isin: string): number {
    return this.table?.get([settlement, client, isin]) ?? 0;
  }

  /** Everything booked in a settlement. */
  of(settlement: string): { readonly client: string; readonly isin: string; readonly units: number }[] {
    const range = { start: [settlement, '', ''] as Key, end: [settlement, '\uffff', '\uffff'] as Key };
    return [...(this.table?.getRange(range) ?? [])].map(({ key, value }) => ({ client: key[1], isin: key[2], units: value }));
  }
}
