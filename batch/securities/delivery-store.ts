// What expired contracts delivered, client by client: contracts, shares, money, and what it cost. Kept for statements; money and units are the two
// ledgers'. A correction of an evening replaces what that evening said.
import type { Database, RootDatabase } from 'lmdb';

/** Shares one contract delivered. */
export interface StatedDelivery {
  /** As the client knows the contract: "SBIN 27-10-2026 840 PE". */
  readonly name: string;
  readonly isin: string;
  readonly symbol: string;
  /** Signed: above zero the client got them. */
  readonly units: number;
  /** Ticks: final settlement price of a future, strike of an option. */
  readonly price: number;
  /** Paise the client received (above zero) or paid. */
  readonly amount: number;
}

/** A client's deliveries of an evening; charges in paise, as booked. */
export interface ClientDeliveries {
  readonly client: string;
  readonly delivered: readonly StatedDelivery[];
  readonly stt: number;
  readonly stamp: number;
  readonly brokerage: number;
  readonly gst: number;
}

/** With its evening. */
export interface DatedDeliveries extends ClientDeliveries {
  /** YYYY-MM-DD the contracts ended on. */
  readonly date: string;
  /** YYYY-MM-DD of pay-in and pay-out. */
  readonly due: string;
}

type Key = [client: string, date: string, chain: string];
const LAST = '\uffff';

/** See the file's head. */
export class DeliveryStore {
  private readonly table: Database<DatedDeliveries, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'unit-deliveries', encoding: 'msgpack' }) as Database<DatedDeliveries, Key> | undefined;
  }

  /** Makes `all` what one exchange segment's evening delivered. */
  replace({ date, due, chain }: { readonly date: string; readonly due: string; readonly chain: string }, all: readonly ClientDeliveries[]): void {
    const stale = [...(this.table?.getKeys({}) ?? [])].filter(([, of, chained]) => of === date && chained === chain);
    for (const key of stale) this.table?.removeSync(key);
    for (const one of all) this.table?.putSync([one.client, date, chain], { ...one, date, due });
  }

  /** A client's deliveries of a period, by date. */
  of(client: string, from: string, to: string): DatedDeliveries[] {
    const range = { start: [client, from, ''] as Key, end: [client, to, LAST] as Key };
    return [...(this.table?.getRange(range) ?? [])].map(({ value }) => value);
  }
}
