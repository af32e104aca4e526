// Shortages by settlement: who did not deliver, who did not get, and what the auction or the close-out made of it. A shortage is open until it has an outcome.
import type { Database, RootDatabase } from 'lmdb';

/** market: not delivered to the market; internal: not delivered to another client of ours; buyer: did not get what was bought. */
export type ShortageSide = 'market' | 'internal' | 'buyer';

/** What a shortage came to. Money in paise, the client's: above zero it receives. */
export interface ShortageOutcome {
  /** Settlement in which the outcome is settled: "A2026225". */
  readonly settlement: string;
  /** Units bought in the auction; the rest is closed out in money. */
  readonly filled: number;
  /** Micros of a rupee per unit. */
  readonly price: number;
  readonly money: number;
  /** Run that booked it. */
  readonly run: string;
}

/** One client's shortage in one ISIN. */
export interface UnitShortage {
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  /** The exchange's number of the share. */
  readonly token: number;
  readonly side: ShortageSide;
  readonly units: number;
  /** Settlement price of the trade date, micros of a rupee per unit. */
  readonly settlementPrice: number;
  /** Debit on the settlement day for units owed to another client, paise. */
  readonly valuation: number;
  /** Trade date and day of the auction, YYYY-MM-DD. */
  readonly tradeDate: string;
  readonly auctionOn: string;
  readonly outcome?: ShortageOutcome;
}

type Key = [settlement: string, client: string, isin: string, side: ShortageSide];

/** See the file's head. */
export class ShortageStore {
  private readonly table: Database<UnitShortage, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'unit-shortages', encoding: 'msgpack' }) as Database<UnitShortage, Key> | undefined;
  }

  /** Stores one; again replaces. */
  put(shortage: UnitShortage): void {
    this.table?.putSync([shortage.settlement, shortage.client, shortage.isin, shortage.side], shortage);
  }

  /** Shortages of a settlement. */
  of(settlement: string): UnitShortage[] {
    const range = { start: [settlement, '', '', ''] as unknown as Key, end: [settlement, '\uffff', '\uffff', '\uffff'] as unknown as Key };
    return [...(this.table?.getRange(range) ?? [])].map(({ value }) => value);
  }

  /** Shortages whose auction was held by a date and that have no outcome yet, or have it from this very run. */
  openBy(date: string, run: string): UnitShortage[] {
    return this.all().filter(({ outcome, auctionOn }) => auctionOn <= date && (outcome === undefined || outcome.run === run));
  }

  /** Shortages whose outcome a run booked. */
  bookedBy(run: string): UnitShortage[] {
    return this.all().filter(({ outcome }) => outcome?.run === run);
  }

  /** Shortages of clients that did not get what they bought, whatever came of them. */
  buyers(): UnitShortage[] {
    return this.all().filter(({ side }) => side === 'buyer');
  }

  private all(): UnitShortage[] {
    return [...(this.table?.getRange({}) ?? [])].map(({ value }) => value);
  }
}
