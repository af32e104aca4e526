// SetCollateral: all a client has, as the night gave it, or its cash alone where pieces stay; and what a new day does to collateral. The three
// figures are what they always were: paise after haircut, worked out elsewhere. Pieces are valued here and come on top of them.
import { AMOUNT_MAX, COLLATERAL_AMOUNT_MAX, QUANTITY_MAX } from '../limits.ts';
import { kindRuleOf } from '../rules/collateral-rules.ts';
import { Client } from '../state/client-table.ts';
import { Collateral, CollateralClass, CollateralKind } from '../state/collateral-table.ts';
import { COLLATERAL_KEY_BYTES } from '../state/haircut-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { keyBytes, piecesOf, revalue, revalueAll } from './collateral-value.ts';
import type { Emission } from './emission.ts';
import { changed } from './funds.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const PIECES_MAX = 500;
const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;

/** A piece as a command gives it. */
export interface GivenPiece {
  readonly kind: number;
  readonly key: string;
  readonly segment: number;
  readonly quantity: number;
  /** Counts from the next OpenDay on. */
  readonly isLate: boolean;
  /** yyyymmdd, 0 = none. */
  readonly maturity: number;
}

/** Folds a SetCollateral; '' or the reason it was refused. */
export function setCollateral(out: Emission, body: unknown): string {
  const { state } = out;
  const { clients } = state;
  const read = new BodyReader('SetCollateral', body);
  const client = readClient(out, read);
  const cash = read.integer('cash', -AMOUNT_MAX, AMOUNT_MAX);
  const cashEquivalent = read.integer('cashEquivalent', 0, AMOUNT_MAX);
  const nonCash = read.integer('nonCash', 0, AMOUNT_MAX);
  const pieces = read.has('pieces') ? read.maps('pieces', PIECES_MAX).map((each) => readPiece(each, read)) : [];
  const keeps = read.has('keepPieces') && read.boolean('keepPieces');
  if (read.error === '' && keeps && pieces.length > 0) read.fail('keepPieces', 'cannot be true where pieces are given');
  if (read.error !== '') return refuse(out, read.error);
  out.note(client);
  clients.setF64(client, Client.cash, cash);
  if (keeps && hasPieces(state, client)) return changed(out, client);
  dropPieces(state, client);
  clients.setF64(client, Client.cashEquivalent, cashEquivalent);
  clients.setF64(client, Client.nonCash, nonCash);
  for (const piece of pieces) addPiece(state, client, piece);
  if (pieces.length > 0) revalue(state, client);
  return changed(out, client);
}

function readPiece(piece: BodyReader, read: BodyReader): GivenPiece {
  const kind = piece.choice('kind', CollateralKind);
  const { isAmount } = kindRuleOf(kind);
  const key = kind === CollateralKind.CASH ? '' : piece.name('key', COLLATERAL_KEY_BYTES);
  const segment = piece.has('segment') ? piece.integer('segment', 0, SEGMENT_MAX) : 0;
  const quantity = piece.integer('quantity', 1, isAmount ? COLLATERAL_AMOUNT_MAX : QUANTITY_MAX);
  const maturity = piece.has('maturity') ? piece.integer('maturity', DATE_MIN, DATE_MAX) : 0;
  const isLate = piece.has('credit') && piece.choice('credit', Credit) === Credit.NEXT_DAY;
  if (kind === CollateralKind.CASH && segment === 0) piece.fail('segment', 'must name where cash is placed: the rest is with the member');
  read.take(piece);
  return { kind, key, segment, quantity, maturity, isLate };
}

/** When a pledge begins to count. */
export const Credit = { NOW: 0, NEXT_DAY: 1 } as const;

/** Adds units to the piece of that kind, key and place; returns its row. The client's sums follow with revalue(). */
export function addPiece(state: SlotState, client: number, { kind, key, segment, quantity, isLate, maturity }: GivenPiece): number {
  const { collateral } = state;
  const place = { client, kind, segment };
  const bytes = keyBytes(key);
  const row = collateral.find(place, bytes, 0) || collateral.add(place, bytes, 0);
  collateral.addF64(row, isLate ? Collateral.pending : Collateral.quantity, quantity);
  if (isLate) collateral.setU32(row, Collateral.pendingSince, state.meta.u32(META_ROW, Meta.businessDate));
  if (maturity !== 0) collateral.setU32(row, Collateral.maturity, maturity);
  return row;
}

/** Is the client's collateral kept in pieces, placed cash included? */
function hasPieces(state: SlotState, client: number): boolean {
  const { collateral } = state;
  return piecesOf(state, client).some((row) => collateral.f64(row, Collateral.quantity) + collateral.f64(row, Collateral.pending) > 0);
}

/** Takes every piece of a client away, and out of its sums. Empty rows go at the next OpenDay. */
function dropPieces(state: SlotState, client: number): void {
  const { collateral } = state;
  for (const row of piecesOf(state, client)) {
    for (const field of [Collateral.quantity, Collateral.pending, Collateral.value, Collateral.counted]) collateral.setF64(row, field, 0);
    collateral.setU8(row, Collateral.class, CollateralClass.NONE);
    collateral.setU32(row, Collateral.maturity, 0);
  }
}

/**
 * A day begins: what was pledged before it counts (T+1), what has matured or is no longer listed counts no more. Empty rows are freed, so the caller
 * has to rebuild lookups.
 */
export function startCollateralDay(state: SlotState): void {
  const { collateral, meta } = state;
  if (collateral.live === 0) return;
  const date = meta.u32(META_ROW, Meta.businessDate);
  for (let row = 1; row < collateral.rows; row++) {
    if (!collateral.isLive(row)) continue;
    const pending = collateral.f64(row, Collateral.pending);
    if (pending > 0 && collateral.u32(row, Collateral.pendingSince) < date) {
      collateral.addF64(row, Collateral.quantity, pending);
      collateral.setF64(row, Collateral.pending, 0);
      collateral.setU32(row, Collateral.pendingSince, 0);
    } else if (pending === 0 && collateral.f64(row, Collateral.quantity) === 0 && collateral.f64(row, Collateral.counted) === 0) collateral.free(row);
  }
  revalueAll(state);
}
