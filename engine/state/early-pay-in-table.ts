// Early pay-in of the day: per client and share the units the clearing corporation already has of what was sold, and the units bought that are paid for
// already; per client the money paid in. A row once made stays until the day closes: the order of rows is that in which a client's shares came into it.
import type { Arena } from './arena.ts';
import { newShareTable, type ShareTable } from './share-table.ts';

/** A row of a share as newShareTable keys it, or with segment and token 0 a client's money. */
export const EarlyPayIn = {
  client: 0,
  token: 4,
  segment: 8,
  /** Units delivered ahead of the pay-in, as booked. */
  delivered: 16,
  /** Units of the delivery position whose purchase the client's money covers: see early-pay-in.ts. */
  covered: 24,
  /** Paise. Of a share: what the sale of the delivered units came to, counted among the client's funds. Of money: what is paid in, no longer among them. */
  amount: 32,
  BYTES: 40,
} as const;

/** The early pay-ins of a slot; a client's money is its row of segment and token 0. */
export type EarlyPayInTable = ShareTable;

/** An early pay-in table. */
export const newEarlyPayInTable = (id: number, arena?: Arena): EarlyPayInTable => newShareTable('earlyPayIns', id, EarlyPayIn.BYTES, arena);
