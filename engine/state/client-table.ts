// Clients: account, standing, funds, limits and the day's running sums. Row ids are stable for the life of the slot.
// Amounts in paise, except those named in "tick-units" (price in ticks x units, 1/10,000 rupee), which are exact before rounding.
import { ACCOUNT_BYTES } from '../command/layout.ts';
import type { Arena } from './arena.ts';
import { hashField } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Client = {
  owner: 0,
  status: 4,
  kind: 5,
  killed: 6,
  /** Bit s = exchange segment s may be traded. */
  segments: 7,
  account: 8,
  riskGroup: 24,
  flags: 56,
  /** Working orders, 1 each. */
  openOrders: 60,
  /** Paise after haircut. */
  cash: 64,
  cashEquivalent: 72,
  nonCash: 80,
  /**
   * Limits granted and what early pay-in adds or takes (early-pay-in.ts), which lapse at the close; and the client's own money in funded lots
   * (funding.ts), which does not.
   */
  adhoc: 88,
  /** Tick-units paid for options today (bought +, sold -). */
  premium: 96,
  /** Tick-units, futures and cash: closed today, and open positions against their last mark. */
  realised: 104,
  unrealised: 112,
  /** Paise traded today. */
  turnover: 120,
  /** Paise of unexecuted orders. */
  openOrderValue: 128,
  /** Tick-units, sum of |net| x mark. */
  grossValue: 136,
  maxOrderQuantity: 144,
  maxOrderValue: 152,
  maxOpenOrderValue: 160,
  maxOpenOrders: 168,
  maxNetQuantity: 176,
  maxGrossValue: 184,
  maxTurnover: 192,
  maxLoss: 200,
  BYTES: 208,
} as const;
export const RISK_GROUP_BYTES = 32;

/** Side cells: derived, no part of the row. */
export const ClientSide = {
  /** First and last open order. */
  openOrders: 208,
  /** Paise by the margin book (a double). */
  requirement: 216,
  /** Newest position. */
  positions: 224,
  /** Open positions the table in force does not name. */
  orphans: 228,
  /** Newest group and newest cash row of the margin book. */
  groups: 232,
  cashRows: 236,
  /** Paise of credits between underlyings that the requirement is net of (a double). */
  credit: 240,
  /** Tick-units that derivatives closed today have gained (a double); see closed-gain.ts. */
  closedGain: 248,
  BYTES: 48,
} as const;

/** client.status. */
export const AccountStatus = { ACTIVE: 1, FROZEN: 2, REDUCE_ONLY: 3, CLOSED: 4 } as const;
/** client.kind. */
export const AccountKind = { CLIENT: 1, PROPRIETARY: 2, ERROR: 3, CUSTODIAL: 4 } as const;
/** client.flags: opened by a fill for an account nobody had opened; margin use above the day's marks; something was paid in early today. */
export const ClientFlag = { OPENED_BY_FILL: 1, ALERTED: 2, RISK_REDUCTION: 4, EARLY_PAY_IN: 8 } as const;

const SEED = 1;

/** What a client's account is looked up by. */
export const accountHash = (bytes: Uint8Array, at: number): number => hashField(bytes, at, ACCOUNT_BYTES, SEED);

/** The clients of a slot. */
export interface ClientTable extends RowTable {
  /** Row of the account whose zero-padded bytes are at `at`, or 0. */
  find(bytes: Uint8Array, at: number): number;
  /** Adds an account; the caller knows it is not there yet. */
  add(bytes: Uint8Array, at: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** A clients table, in the memory of a shard or in its own. */
export function newClientTable(id: number, arena?: Arena): ClientTable {
  const table = new RowTable('clients', id, Client.BYTES, { sideBytes: ClientSide.BYTES, firstRows: 8, arena });
  const { index } = table;
  return Object.assign(table, {
    find(bytes: Uint8Array, at: number): number {
      const hash = accountHash(bytes, at);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || table.fieldEquals(row, Client.account, bytes, at, ACCOUNT_BYTES)) return row;
      }
    },
    add(bytes: Uint8Array, at: number): number {
      const row = table.allocate();
      table.setField(row, Client.account, bytes, at, ACCOUNT_BYTES);
      index.add(accountHash(bytes, at), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++) index.add(accountHash(table.bytes, table.at(row, Client.account)), row);
    },
  });
}
