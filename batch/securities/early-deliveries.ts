// Early pay-in that was asked for in the day, one record per request: where it stands, and what the depository and the clearing corporation made of
// it. A request is made once under its id; what was refused is final, and another try is another request.
import type { Database, RootDatabase } from 'lmdb';

/** One client's units to be delivered ahead of the pay-in of a settlement. */
export interface EarlyDeliveryRequest {
  /** Names it for ever. */
  readonly id: string;
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  readonly units: number;
}

/**
 * Where a request stands. asked: the depository has to block; blocked: the clearing corporation has to book; returning: it did not, and the
 * depository has to give the units back; booked and refused are ends.
 */
export interface EarlyDelivery extends EarlyDeliveryRequest {
  /** Business date, YYYY-MM-DD. */
  readonly date: string;
  readonly depository: string;
  readonly bo: string;
  /** The exchange's number of the share. */
  readonly token: number;
  readonly state: 'asked' | 'blocked' | 'returning' | 'booked' | 'refused';
  readonly reason: string;
}

/** See the file's head. */
export class EarlyDeliveries {
  private readonly table: Database<EarlyDelivery, string> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'early-deliveries', encoding: 'msgpack' }) as Database<EarlyDelivery, string> | undefined;
  }

  /** Stores one; again replaces. To be called inside the transaction that moves the units. */
  put(one: EarlyDelivery): void {
    this.table?.putSync(one.id, one);
  }

  get(id: string): EarlyDelivery | undefined {
    return this.table?.get(id);
  }

  /** Requests of a date, or all. */
  all(date?: string): EarlyDelivery[] {
    return [...(this.table?.getRange({}) ?? [])].map(({ value }) => value).filter((one) => date === undefined || one.date === date);
  }

  /** Units booked by the clearing corporation on a date for one client and ISIN. */
  booked(date: string, { settlement, client, isin }: Pick<EarlyDelivery, 'settlement' | 'client' | 'isin'>): number {
    return this.all(date)
      .filter((one) => one.state === 'booked' && one.settlement === settlement && one.client === client && one.isin === isin)
      .reduce((sum, { units }) => sum + units, 0);
  }
}
