// What a client has given as collateral, piece by piece: units of a security or paise of a deposit, and at which exchange segment's clearing corporation they
// are placed. `counted` is the part of it that stands in the client's own sums (cashEquivalent, nonCash), so that a decision reads those two and
// never a piece.
import type { Arena } from './arena.ts';
import { COLLATERAL_KEY_BYTES } from './haircut-table.ts';
import { hashField, mix32 } from './hash-bytes.ts';
import { RowTable } from './row-table.ts';

export const Collateral = {
  client: 0,
  /** CollateralKind. */
  kind: 4,
  /** ExchangeSegment it is placed for; 0 = with the member. */
  segment: 5,
  /** CollateralClass that `counted` was counted under; 0 = never. */
  class: 6,
  /** yyyymmdd of the last day it counts; 0 = no end. */
  maturity: 8,
  /** Business date on which `pending` came in; it counts from the next OpenDay on. */
  pendingSince: 12,
  key: 16,
  /** Units, or paise of a kind that is an amount: counted, and not counted yet. */
  quantity: 32,
  pending: 40,
  /** Paise: after haircut, and of that what counts after caps. */
  value: 48,
  counted: 56,
  BYTES: 64,
} as const;

/** What was given. Numbers are for ever. */
export const CollateralKind = {
  /** Of the client's own cash, what is placed at a clearing corporation: never counted a second time. */
  CASH: 1,
  FDR: 2,
  BANK_GUARANTEE: 3,
  BANK_GUARANTEE_UNFUNDED: 4,
  GSEC: 5,
  OVERNIGHT_FUND: 6,
  FUND: 7,
  EQUITY: 8,
} as const;
export type CollateralKindName = keyof typeof CollateralKind;

/** Sides of the 50:50 rule. Numbers are for ever. */
export const CollateralClass = { NONE: 0, CASH_EQUIVALENT: 1, NON_CASH: 2 } as const;

const SEED = 5;

/** The collateral of a slot's clients. */
export interface CollateralTable extends RowTable {
  /** Row of a piece whose zero-padded key is at `at`, or 0. */
  find(place: CollateralPlace, bytes: Uint8Array, at: number): number;
  /** Adds a piece of nothing; the caller knows it is not there yet. */
  add(place: CollateralPlace, bytes: Uint8Array, at: number): number;
  /** Rebuilds the lookup from the rows. */
  reindex(): void;
}

/** Whose, what, where. */
export interface CollateralPlace {
  readonly client: number;
  readonly kind: number;
  readonly segment: number;
}

/** A collateral table. */
export function newCollateralTable(id: number, arena?: Arena): CollateralTable {
  const table = new RowTable('collateral', id, Collateral.BYTES, { arena });
  const { index } = table;
  const hashOf = ({ client, kind, segment }: CollateralPlace, bytes: Uint8Array, at: number): number =>
    mix32(hashField(bytes, at, COLLATERAL_KEY_BYTES, SEED) ^ Math.imul(client, 0x85ebca6b) ^ (kind << 8) ^ segment);
  const isAt = (row: number, { client, kind, segment }: CollateralPlace): boolean =>
    table.u32(row, Collateral.client) === client && table.u8(row, Collateral.kind) === kind && table.u8(row, Collateral.segment) === segment;
  const placeOf = (row: number): CollateralPlace => ({
    client: table.u32(row, Collateral.client),
    kind: table.u8(row, Collateral.kind),
    segment: table.u8(row, Collateral.segment),
  });
  return Object.assign(table, {
    find(place: CollateralPlace, bytes: Uint8Array, at: number): number {
      const hash = hashOf(place, bytes, at);
      for (let b = index.first(hash); ; b = index.next(b, hash)) {
        const row = index.rowAt(b);
        if (row === 0 || (isAt(row, place) && table.fieldEquals(row, Collateral.key, bytes, at, COLLATERAL_KEY_BYTES))) return row;
      }
    },
    add(place: CollateralPlace, bytes: Uint8Array, at: number): number {
      const row = table.allocate();
      table.setU32(row, Collateral.client, place.client);
      table.setU8(row, Collateral.kind, place.kind);
      table.setU8(row, Collateral.segment, place.segment);
      table.setField(row, Collateral.key, bytes, at, COLLATERAL_KEY_BYTES);
      index.add(hashOf(place, bytes, at), row);
      return row;
    },
    reindex(): void {
      index.reset();
      for (let row = 1; row < table.rows; row++)
        if (table.isLive(row)) index.add(hashOf(placeOf(row), table.bytes, table.at(row, Collateral.key)), row);
    },
  });
}
