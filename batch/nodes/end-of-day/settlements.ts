// Which settlement account a trade's money goes through: the clearing corporation the member settles with, whichever exchange it traded at,
// settlement type and number, pay-in date. Keyed by number, never by date alone; a segment whose files have no numbers settles under its own date.
import { type Chain, SETTLED_IN, type Settled } from '../../graph/node-row.ts';
import type { Settlement } from '../../ledger/client-postings.ts';

const CLEARING: Readonly<Record<Settled, string>> = { CM: 'NCL', FO: 'NCL', CD: 'NCL', COM: 'MCXCCL', T0: 'NCL' };

/** Dates of a booking, yyyymmdd. */
export interface SettlementDates {
  readonly businessDate: number;
  /** Pay-in. */
  readonly due: number;
}

/**
 * The settlement of "TYPE NUMBER" as files write it, ' ' where they do not. Trades of both exchanges settle as one: interoperability,
 * SEBI/HO/MRD/DRMNP/CIR/P/2018/145.
 */
export function settlementOf(chain: Chain, text: string, { businessDate, due }: SettlementDates): Settlement {
  const segment = SETTLED_IN[chain];
  const named = text.replace(/[^A-Za-z0-9]/g, '').slice(0, 12);
  const of = { clearing: CLEARING[segment], number: named === '' ? `${segment}${businessDate}` : named, due };
  return chain === segment ? of : { ...of, chain };
}
