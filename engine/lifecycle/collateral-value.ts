// What the pieces of a client's collateral count for: price, haircut, caps, the days they count on. Leaves the result in the client's own sums, so that a
// decision never sees a piece. A security is valued on all its units together, wherever they are placed, and the places share the result: moving
// units from one place to another cannot change the sum by a paisa. The 50:50 rule is not here: it is in available-funds.ts, per decision.
import { assert } from '../assert.ts';
import { ORDER_VALUE_MAX } from '../limits.ts';
import { kindRuleOf, leastHaircut } from '../rules/collateral-rules.ts';
import { Client } from '../state/client-table.ts';
import { Collateral, CollateralClass, CollateralKind, type CollateralKindName } from '../state/collateral-table.ts';
import { COLLATERAL_KEY_BYTES, Haircut } from '../state/haircut-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { SlotState } from '../state/slot-state.ts';

const WHOLE = 10_000;
const TICKS_PER_PAISA = 100;
const KIND_NAMES: ReadonlyMap<number, CollateralKindName> = new Map(
  Object.entries(CollateralKind).map(([name, kind]) => [kind, name as CollateralKindName]),
);
const KEY = new Uint8Array(COLLATERAL_KEY_BYTES);

/** Zero-padded bytes of a key; reused by the next call. */
export function keyBytes(key: string): Uint8Array {
  for (let i = 0; i < COLLATERAL_KEY_BYTES; i++) KEY[i] = i < key.length ? key.charCodeAt(i) & 0x7f : 0;
  return KEY;
}

/** Row of the haircuts table that holds for a kind as a whole; 0 = none. */
export function kindRow(state: SlotState, kind: number): number {
  return state.haircuts.find(keyBytes(KIND_NAMES.get(kind) ?? ''), 0);
}

/** Name of a CollateralKind. */
export function kindName(kind: number): CollateralKindName {
  return KIND_NAMES.get(kind) ?? 'CASH';
}

/** `part` (1/10,000) of an amount of paise, rounded down: in two steps, as the product would pass 2^53 at Rs 900 crore. */
export function partOf(amount: number, part: number): number {
  assert(amount >= 0 && part >= 0 && part <= WHOLE, 'part of a negative amount, or more than the whole');
  const rest = amount % WHOLE;
  return ((amount - rest) / WHOLE) * part + Math.floor((rest * part) / WHOLE);
}

/** How a piece is valued today. */
export interface Worth {
  readonly class: number;
  /** 1/10,000, the largest of exchange, house and what is prescribed for the kind; 10,000 where it counts for nothing. */
  readonly haircut: number;
  /** Of it the exchange's part: never above `haircut`. */
  readonly exchangeHaircut: number;
  /** Ticks a unit; 100 (one paisa) for amounts. */
  readonly price: number;
  /** Units one client may have counted; Infinity without a cap. */
  readonly cap: number;
  /** yyyymmdd of the list the figures came with; 0 = of no list. */
  readonly listed: number;
  /** Why it counts for nothing; '' when it counts. */
  readonly reason: '' | 'notApproved' | 'ended' | 'matured';
}

/** How the piece in a row is valued on the slot's business date. */
export function worthOf(state: SlotState, row: number): Worth {
  const { collateral, haircuts } = state;
  const kind = collateral.u8(row, Collateral.kind);
  const rule = kindRuleOf(kind);
  const date = state.meta.u32(META_ROW, Meta.businessDate);
  const forKind = kindRow(state, kind);
  const listed = rule.isAmount ? forKind : haircuts.find(collateral.bytes, collateral.at(row, Collateral.key));
  const of = (at: number, field: number): number => (at === 0 ? 0 : haircuts.u16(at, field));
  const exchangeHaircut = Math.max(of(listed, Haircut.exchange), of(forKind, Haircut.exchange), leastHaircut(kind, date));
  const haircut = Math.max(exchangeHaircut, of(listed, Haircut.house), of(forKind, Haircut.house));
  const own = listed === 0 || rule.isAmount ? 0 : haircuts.u8(listed, Haircut.class);
  const cap = listed === 0 || rule.isAmount ? 0 : haircuts.f64(listed, Haircut.cap);
  const until = listed === 0 ? 0 : haircuts.u32(listed, Haircut.countsUntil);
  const maturity = collateral.u32(row, Collateral.maturity);
  const isUnknown = listed === 0 && !rule.isAmount;
  const reason = isUnknown ? 'notApproved' : until !== 0 && date > until ? 'ended' : maturity !== 0 && date > maturity ? 'matured' : '';
  return {
    class: own === 0 ? rule.class : own,
    haircut: reason === '' ? haircut : WHOLE,
    exchangeHaircut,
    price: rule.isAmount ? TICKS_PER_PAISA : listed === 0 ? 0 : haircuts.f64(listed, Haircut.price),
    cap: cap === 0 ? Number.POSITIVE_INFINITY : cap,
    listed: listed === 0 ? 0 : haircuts.u32(listed, Haircut.listed),
    reason,
  };
}

/** Paise that units are worth after the haircut, rounded down once for price and once for haircut; at most Rs 1,000 crore. */
export function worthOfUnits({ price, haircut }: Worth, units: number): number {
  return partOf(Math.floor(Math.min(units * price, ORDER_VALUE_MAX) / TICKS_PER_PAISA), WHOLE - haircut);
}

/** Rows of a client's pieces, ascending. Allocates: never for an order. */
export function piecesOf(state: SlotState, client: number): number[] {
  const { collateral } = state;
  const rows: number[] = [];
  if (collateral.live === 0) return rows;
  for (let row = 1; row < collateral.rows; row++) if (collateral.isLive(row) && collateral.u32(row, Collateral.client) === client) rows.push(row);
  return rows;
}

/** Values the pieces of one client anew; the client's sums follow. */
export function revalue(state: SlotState, client: number): void {
  revaluePieces(state, client, piecesOf(state, client));
}

/** The same for every client that has any; returns their rows, ascending. */
export function revalueAll(state: SlotState): number[] {
  const { collateral } = state;
  const byClient = new Map<number, number[]>();
  for (let row = 1; row < collateral.rows; row++) {
    if (!collateral.isLive(row)) continue;
    const client = collateral.u32(row, Collateral.client);
    const rows = byClient.get(client);
    if (rows === undefined) byClient.set(client, [row]);
    else rows.push(row);
  }
  const clients = [...byClient.keys()].sort((a, b) => a - b);
  for (const client of clients) revaluePieces(state, client, byClient.get(client) ?? []);
  return clients;
}

/** A piece while it is being valued; paise. */
interface Valued {
  readonly row: number;
  readonly kind: number;
  readonly key: string;
  readonly class: number;
  readonly value: number;
  counted: number;
}

function revaluePieces(state: SlotState, client: number, rows: readonly number[]): void {
  if (rows.length === 0) return;
  const pieces = valueUnits(state, rows);
  capSecurities(state, pieces);
  capKinds(state, pieces);
  const { collateral, clients } = state;
  let [cashLike, nonCash] = [0, 0];
  for (const { row, class: side, value, counted } of pieces) {
    const before = collateral.f64(row, Collateral.counted);
    const sideBefore = collateral.u8(row, Collateral.class);
    if (sideBefore === CollateralClass.CASH_EQUIVALENT) cashLike -= before;
    else if (sideBefore === CollateralClass.NON_CASH) nonCash -= before;
    if (side === CollateralClass.CASH_EQUIVALENT) cashLike += counted;
    else if (side === CollateralClass.NON_CASH) nonCash += counted;
    if (before !== counted) collateral.setF64(row, Collateral.counted, counted);
    if (sideBefore !== side) collateral.setU8(row, Collateral.class, side);
    if (collateral.f64(row, Collateral.value) !== value) collateral.setF64(row, Collateral.value, value);
  }
  if (cashLike !== 0) clients.addF64(client, Client.cashEquivalent, cashLike);
  if (nonCash !== 0) clients.addF64(client, Client.nonCash, nonCash);
}

/** After haircut, and after the units cap of each security: the places of a security share what all its units are worth. */
function valueUnits(state: SlotState, rows: readonly number[]): Valued[] {
  const { collateral } = state;
  const units = new Map<string, number>();
  return rows.map((row) => {
    const kind = collateral.u8(row, Collateral.kind);
    const key = collateral.text(row, Collateral.key, COLLATERAL_KEY_BYTES);
    const worth = worthOf(state, row);
    const id = `${kind} ${key}`;
    const before = units.get(id) ?? 0;
    const after = before + collateral.f64(row, Collateral.quantity);
    units.set(id, after);
    const value = worthOfUnits(worth, after) - worthOfUnits(worth, before);
    const counted = worthOfUnits(worth, Math.min(after, worth.cap)) - worthOfUnits(worth, Math.min(before, worth.cap));
    return { row, kind, key, class: worth.class, value, counted: worth.class === CollateralClass.NONE ? 0 : counted };
  });
}

/** Cuts each security of a kind with a share cap to that part of the client's other collateral, the first places first. */
function capSecurities(state: SlotState, pieces: readonly Valued[]): void {
  const nonCash = pieces.reduce((sum, piece) => sum + (piece.class === CollateralClass.NON_CASH ? piece.counted : 0), 0);
  const left = new Map<string, number>();
  for (const piece of pieces) {
    const row = kindRow(state, piece.kind);
    const share = row === 0 ? 0 : state.haircuts.u16(row, Haircut.securityShare);
    if (share === 0 || piece.class !== CollateralClass.NON_CASH) continue;
    cut(piece, `${piece.kind} ${piece.key}`, partOf(nonCash, share), left);
  }
}

/** Cuts each kind with a cap in paise to it. */
function capKinds(state: SlotState, pieces: readonly Valued[]): void {
  const left = new Map<string, number>();
  for (const piece of pieces) {
    const row = kindRow(state, piece.kind);
    const cap = row === 0 ? 0 : state.haircuts.f64(row, Haircut.cap);
    if (cap > 0) cut(piece, `${piece.kind}`, cap, left);
  }
}

function cut(piece: Valued, id: string, limit: number, left: Map<string, number>): void {
  const rest = left.get(id) ?? limit;
  piece.counted = Math.min(piece.counted, rest);
  left.set(id, rest - piece.counted);
}
