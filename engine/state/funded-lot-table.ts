// Lots of shares bought with the house's money: one row per client, share and business date of the purchase. Looked at when a day closes and by
// commands, never for an order, so they have no lookup of their own.
import type { Arena } from './arena.ts';
import { RowTable } from './row-table.ts';

/** A row; a free one has no client. */
export const FundedLot = {
  client: 0,
  token: 4,
  segment: 8,
  /** Business date, yyyymmdd. */
  boughtOn: 12,
  /** Units left, and those of them whose pledge the client has accepted. */
  units: 16,
  pledged: 24,
  /** Tick-units the units left cost. */
  cost: 32,
  /** Paise of it that the house lent. */
  funded: 40,
  BYTES: 48,
} as const;

/** The lots of a slot. */
export const newFundedLotTable = (id: number, arena?: Arena): RowTable => new RowTable('fundedLots', id, FundedLot.BYTES, { arena });
