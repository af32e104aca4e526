// Margin trading funding (MTF): what the house lends and to whom, in rows of three sorts, told apart by their key. Client 0: the slot's slice of what
// the house lends in all, in cells of its own meaning (slices.ts). Segment 0 and token 0: a client's sanction and what it owes. Else: a client's
// funded units of one share, and what of it was bought since the last close. The lots that make them up are in funded-lot-table.ts.
import type { Arena } from './arena.ts';
import { newShareTable, type ShareTable } from './share-table.ts';

/** A row, as newShareTable keys it. */
export const Funding = {
  client: 0,
  token: 4,
  segment: 8,
  /** Of a client: paise it is sanctioned, 0 = not enabled. */
  limit: 16,
  /** Paise lent on the lots of a client, or of its share, and tick-units they cost. */
  funded: 24,
  cost: 32,
  /** Of a share: units of its lots. */
  units: 40,
  /** Of a share: units bought since the last close, and tick-units paid for them. */
  boughtUnits: 48,
  boughtValue: 56,
  BYTES: 64,
} as const;

/** The funding of a slot. */
export type FundingTable = ShareTable;

/** A funding table. */
export const newFundingTable = (id: number, arena?: Arena): FundingTable => newShareTable('fundings', id, Funding.BYTES, arena);
