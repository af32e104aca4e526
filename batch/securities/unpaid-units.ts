// Units a client has not paid for: in the client's demat account, pledged to the unpaid securities account (CUSPA), on a clock. Paid: released at
// once. Not paid within five trading days after the pay-out: sold for the client's debit. Neither released nor sold within seven days: the pledge
// lapses and the units are the client's. Source: SEBI/HO/MIRSD/MIRSD-PoD-1/P/CIR/2022/153 of 11-Nov-2022, in force 2023; its days are a dated rule
// here, to be checked against amendments.
import type { Database, RootDatabase } from 'lmdb';
import type { BusinessCalendar } from '../calendar/business-calendar.ts';

/** One client's unpaid units of one ISIN out of one settlement. Dates YYYY-MM-DD. */
export interface UnpaidUnits {
  readonly settlement: string;
  readonly client: string;
  readonly isin: string;
  /** The exchange's number of the share. */
  readonly token: number;
  /** Left in the account; 0 once it is all released or sold. */
  readonly units: number;
  readonly paidOutOn: string;
}

/** What is to be done today. */
export type UnpaidStep = 'keep' | 'release' | 'sell' | 'lapse';

const SELL_AFTER_TRADING_DAYS = 5;
const LAPSE_AFTER_DAYS = 7;
const DAY_MS = 86_400_000;

/** First date on which unpaid units are to be sold: the fifth trading day after the pay-out. */
export function sellFrom({ paidOutOn }: Pick<UnpaidUnits, 'paidOutOn'>, calendar: BusinessCalendar): string {
  let day = paidOutOn;
  for (let i = 0; i < SELL_AFTER_TRADING_DAYS; i++) day = calendar.tradedAfter(day);
  return day;
}

/** Last date of the pledge; never before the day on which the units can be sold, because holidays may push that behind seven days. */
export function lapsesAfter(unpaid: Pick<UnpaidUnits, 'paidOutOn'>, calendar: BusinessCalendar): string {
  const week = new Date(Date.parse(`${unpaid.paidOutOn}T00:00:00Z`) + LAPSE_AFTER_DAYS * DAY_MS).toISOString().slice(0, 10);
  const sell = sellFrom(unpaid, calendar);
  return week < sell ? sell : week;
}

/** What the clock says on a date. */
export function unpaidStep(unpaid: UnpaidUnits, isPaid: boolean, date: string, calendar: BusinessCalendar): UnpaidStep {
  if (isPaid) return 'release';
  if (date > lapsesAfter(unpaid, calendar)) return 'lapse';
  return date >= sellFrom(unpaid, calendar) ? 'sell' : 'keep';
}

type Key = [settlement: string, client: string, isin: string];

/** Unpaid units that are still pledged, and those that were. */
export class UnpaidStore {
  private readonly table: Database<UnpaidUnits, Key> | undefined;

  constructor(root: RootDatabase) {
    // Opened for reading, a table that nobody has written to is not there.
    this.table = root.openDB({ name: 'unpaid-units', encoding: 'msgpack' }) as Database<UnpaidUnits, Key> | undefined;
  }

  /** Stores one; again replaces. To be called inside the transaction that moves the units. */
  put(unpaid: UnpaidUnits): void {
    this.table?.putSync([unpaid.settlement, unpaid.client, unpaid.isin], unpaid);
  }

  /** Those with units left, oldest settlement first. */
  open(): UnpaidUnits[] {
    return [...(this.table?.getRange({}) ?? [])].map(({ value }) => value).filter(({ units }) => units > 0);
  }
}
