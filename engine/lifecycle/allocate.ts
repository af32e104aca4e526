// AllocateCollateral: units of a piece, or paise of cash, go from one place to another: with the member, or at an exchange segment's clearing corporation. What
// the client has does not change by it. What is taken away from a corporation must not leave less there than the positions ask, unless it is
// a fact.
import { EventField, EventKind } from '../event/layout.ts';
import { COLLATERAL_AMOUNT_MAX, QUANTITY_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { corporationOf, kindRuleOf } from '../rules/collateral-rules.ts';
import { Client } from '../state/client-table.ts';
import { Collateral, CollateralKind } from '../state/collateral-table.ts';
import { COLLATERAL_KEY_BYTES } from '../state/haircut-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { allocationOf } from './allocation-figures.ts';
import { BodyReader } from './body-reader.ts';
import { addPiece } from './collateral.ts';
import { keyBytes, piecesOf, revalue } from './collateral-value.ts';
import type { Emission } from './emission.ts';
import { readClient, refuse } from './refuse.ts';

const SEGMENT_MAX = 7;

interface Move {
  readonly client: number;
  readonly kind: number;
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly quantity: number;
}

/**
 * Folds an AllocateCollateral; '' or the reason it was refused. The event carries the exchange segment it went to, units or paise (value) and where
 * from (limit).
 */
export function allocateCollateral(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('AllocateCollateral', body);
  const client = readClient(out, read);
  const kind = read.choice('kind', CollateralKind);
  const key = kind === CollateralKind.CASH ? '' : read.name('key', COLLATERAL_KEY_BYTES);
  const from = read.integer('from', 0, SEGMENT_MAX);
  const to = read.integer('to', 0, SEGMENT_MAX);
  const quantity = read.integer('quantity', 1, kindRuleOf(kind).isAmount ? COLLATERAL_AMOUNT_MAX : QUANTITY_MAX);
  const isFact = read.has('fact') && read.boolean('fact');
  read.text('reference', 128);
  if (read.error === '' && from === to) read.fail('to', 'must be another place');
  if (read.error !== '') return refuse(out, read.error);
  const move = { client, kind, key, from, to, quantity };
  const there = kind === CollateralKind.CASH && from === 0 ? unplacedCash(state, client) : heldAt(state, move);
  if (there < quantity && !(isFact && kind === CollateralKind.CASH && from === 0))
    return refuse(out, `AllocateCollateral.quantity is above the ${Math.max(0, there)} that are there`);
  out.note(client);
  const before = shortAt(state, client, corporationOf(from));
  place(state, move);
  if (!isFact && shortAt(state, client, corporationOf(from)) > before) {
    place(state, { ...move, from: to, to: from });
    return refuse(out, 'AllocateCollateral: what is left there would not cover the margin of the positions', RejectCode.insufficientMargin);
  }
  const event = out.margin(out.account(out.answer(EventKind.CollateralAllocated), client), client);
  event.u8(EventField.segment, to).f64(EventField.value, quantity).f64(EventField.limit, from);
  return '';
}

/** Paise of the client's cash that are placed nowhere; below zero when the ledger has fallen below what is placed. */
export function unplacedCash(state: SlotState, client: number): number {
  const { collateral, clients } = state;
  let placed = 0;
  for (const row of piecesOf(state, client))
    if (collateral.u8(row, Collateral.kind) === CollateralKind.CASH) placed += collateral.f64(row, Collateral.quantity);
  return clients.f64(client, Client.cash) - placed;
}

function heldAt(state: SlotState, { client, kind, key, from }: Move): number {
  const row = state.collateral.find({ client, kind, segment: from }, keyBytes(key), 0);
  return row === 0 ? 0 : state.collateral.f64(row, Collateral.quantity);
}

function shortAt(state: SlotState, client: number, corporation: number): number {
  if (corporation === 0) return 0;
  return allocationOf(state, client).corporations.find((each) => each.corporation === corporation)?.short ?? 0;
}

/** Cash with the member is what is placed nowhere: it has no row. */
function place(state: SlotState, { client, kind, key, from, to, quantity }: Move): void {
  const { collateral } = state;
  const isRow = (segment: number): boolean => kind !== CollateralKind.CASH || segment !== 0;
  let maturity = 0;
  if (isRow(from)) {
    const row = collateral.find({ client, kind, segment: from }, keyBytes(key), 0);
    collateral.addF64(row, Collateral.quantity, -quantity);
    maturity = collateral.u32(row, Collateral.maturity);
  }
  if (isRow(to)) addPiece(state, client, { kind, key, segment: to, quantity, isLate: false, maturity });
  revalue(state, client);
}
