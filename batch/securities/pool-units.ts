// Units that rest in the broker's pool account between clearing corporation and client: out of which settlement, since when, why, who looks after
// them. The books of units say how many; this says the rest. They have to be with the client on the working day after the pay-out
// (SEBI/HO/MIRSD/DOP/CIR/P/2019/75 of 20-Jun-2019), or in the pay-in of the settlement that the client sold them in.
import type { Database, RootDatabase } from 'lmdb';
import type { BusinessCalendar } from '../calendar/business-calendar.ts';

/** Why units rest in the pool, and who looks after them. */
export const POOL_REASONS = {
  account: { owner: 'depository-operations', meaning: "the client's demat account took no credit" },
  refused: { owner: 'depository-operations', meaning: 'the depository refused to pass them on' },
  sold: { owner: 'settlement-desk', meaning: 'sold by the client: they wait for the pay-in of that settlement' },
} as const;
/** One of POOL_REASONS. */
export type PoolReason = keyof typeof POOL_REASONS;

/** One client's units of one ISIN in the pool of one settlement. */
export interface PoolUnits {
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  /** The exchange's number of the share. */
  readonly token: number;
  /** Left there; 0 once they have all gone. */
  readonly units: number;
  /** CDSL or NSDL. */
  readonly depository: string;
  /** Date of the pay-out that brought them, YYYY-MM-DD. */
  readonly since: string;
  readonly reason: PoolReason;
  /** What the depository said, when it refused. */
  readonly detail: string;
}

/** Are they past the working day after their pay-out? Units that are sold wait for their pay-in. */
export const isOverdue = ({ since, reason }: Pick<PoolUnits, 'since' | 'reason'>, date: string, calendar: BusinessCalendar): boolean =>
  reason !== 'sold' && date > calendar.tradedAfter(since);

type Key = [settlement: string, client: string, isin: string];

/** See the file's head. */
export class PoolStore {
  private readonly table: Database<PoolUnits, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'pool-units', encoding: 'msgpack' }) as Database<PoolUnits, Key> | undefined;
  }

  /** Stores one; again replaces. To be called inside the transaction that moves the units. */
  put(pooled: PoolUnits): void {
    this.table?.putSync([pooled.settlement, pooled.client, pooled.isin], pooled);
  }

  /** Units of a client and ISIN in the pool of a settlement. */
  get(settlement: string, client: string, isin: string): PoolUnits | undefined {
    return this.table?.get([settlement, client, isin]);
  }

  /** Those with units left, oldest settlement first. */
  open(): PoolUnits[] {
    return [...(this.table?.getRange({}) ?? [])].map(({ value }) => value).filter(({ units }) => units > 0);
  }
}
