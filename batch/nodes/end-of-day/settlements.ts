// Which settlement account a trade's money goes through: clearing corporation, settlement type and number, pay-in date. Keyed by number, never by date alone; a
// segment whose files have no numbers settles under its own date.
import type { Segment } from '../../graph/node-row.ts';
import type { Settlement } from '../../ledger/client-postings.ts';

const CLEARING: Readonly<Record<Segment, string>> = { CM: 'NCL', FO: 'NCL', CD: 'NCL', COM: 'MCXCCL' };

/** Dates of a booking, yyyymmdd. */
export interface SettlementDates {
  readonly businessDate: number;
  /** Pay-in. */
  readonly due: number;
}

/** The settlement of "TYPE NUMBER" as files write it, ' ' where they do not. */
export function settlementOf(segment: Segment, text: string, { businessDate, due }: SettlementDates): Settlement {
  const named = text.replace(/[^A-Za-z0-9]/g, '').slice(0, 12);
  return { clearing: CLEARING[segment], number: named === '' ? `${segment}${businessDate}` : named, due };
}
