// A client's collateral, piece by piece and place by place, with why each counts for what it does; and the same of a whole slot, summed. Reads state, changes
// nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { unplacedCash } from '../lifecycle/allocate.ts';
import { type Allocation, allocationOf } from '../lifecycle/allocation-figures.ts';
import { kindName, piecesOf, worthOf } from '../lifecycle/collateral-value.ts';
import { requirementOf } from '../lifecycle/emission.ts';
import { corporationOf, kindRuleOf } from '../rules/collateral-rules.ts';
import { availableFunds } from '../state/available-funds.ts';
import { addRequirementBySegment } from '../state/client-margin.ts';
import { Client } from '../state/client-table.ts';
import { Collateral, CollateralClass, CollateralKind, type CollateralKindName } from '../state/collateral-table.ts';
import { COLLATERAL_KEY_BYTES } from '../state/haircut-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** One piece; units or paise in `quantity` and `pending`, paise in `value` and `counted`, 1/10,000 in haircuts. */
export interface CollateralPieceView {
  readonly kind: CollateralKindName;
  readonly key: string;
  /** ExchangeSegment it is placed for; 0 = with the member. */
  readonly segment: number;
  readonly isCashLike: boolean;
  readonly quantity: number;
  readonly pending: number;
  readonly pendingSince: number;
  readonly maturity: number;
  /** Ticks a unit; 0 for amounts. */
  readonly price: number;
  readonly haircut: number;
  readonly exchangeHaircut: number;
  readonly listed: number;
  /** After haircut; and what of it counts after caps. */
  readonly value: number;
  readonly counted: number;
  /** Why it counts for nothing, '' when it counts. */
  readonly reason: '' | 'notApproved' | 'ended' | 'matured';
}

/** Everything a client has given, and where it stands. Amounts in paise. */
export interface CollateralView extends Allocation {
  readonly sequence: number;
  readonly account: string;
  readonly cash: number;
  /** Of the cash, what is placed at no clearing corporation. */
  readonly cashUnplaced: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  /** Of both, what was given as figures, not as pieces. */
  readonly cashEquivalentGiven: number;
  readonly nonCashGiven: number;
  /** Of the other collateral, what counts beside the cash part (50:50). */
  readonly nonCashCounted: number;
  readonly available: number;
  readonly requirement: number;
  readonly pieces: readonly CollateralPieceView[];
}

/** The account's collateral; undefined when the slot has no such account. */
export function collateralView(state: SlotState, account: string): CollateralView | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, account);
  if (client === 0) return undefined;
  const { clients } = state;
  const pieces = pieceViews(state, client);
  const [cash, cashEquivalent, nonCash] = [Client.cash, Client.cashEquivalent, Client.nonCash].map((field) => clients.f64(client, field)) as [
    number,
    number,
    number,
  ];
  const counted = (isCashLike: boolean): number =>
    pieces.reduce((sum, piece) => sum + (piece.kind !== 'CASH' && piece.isCashLike === isCashLike ? piece.counted : 0), 0);
  return {
    sequence: state.sequence,
    account,
    cash,
    cashUnplaced: unplacedCash(state, client),
    cashEquivalent,
    nonCash,
    cashEquivalentGiven: cashEquivalent - counted(true),
    nonCashGiven: nonCash - counted(false),
    nonCashCounted: Math.min(nonCash, Math.max(0, cash + cashEquivalent)),
    available: availableFunds(state, client),
    requirement: requirementOf(state, client),
    pieces,
    ...allocationOf(state, client),
  };
}

/** Pieces that are there, those placed first by segment, then by kind and key. */
export function pieceViews(state: SlotState, client: number): CollateralPieceView[] {
  const { collateral } = state;
  const found: CollateralPieceView[] = [];
  for (const row of piecesOf(state, client)) {
    const [quantity, pending] = [collateral.f64(row, Collateral.quantity), collateral.f64(row, Collateral.pending)];
    if (quantity === 0 && pending === 0) continue;
    const kind = collateral.u8(row, Collateral.kind);
    const worth = worthOf(state, row);
    found.push({
      kind: kindName(kind),
      key: collateral.text(row, Collateral.key, COLLATERAL_KEY_BYTES),
      segment: collateral.u8(row, Collateral.segment),
      isCashLike: kind === CollateralKind.CASH || worth.class === CollateralClass.CASH_EQUIVALENT,
      quantity,
      pending,
      pendingSince: collateral.u32(row, Collateral.pendingSince),
      maturity: collateral.u32(row, Collateral.maturity),
      price: kindRuleOf(kind).isAmount ? 0 : worth.price,
      haircut: worth.haircut,
      exchangeHaircut: worth.exchangeHaircut,
      listed: worth.listed,
      value: collateral.f64(row, Collateral.value),
      counted: kind === CollateralKind.CASH ? quantity : collateral.f64(row, Collateral.counted),
      reason: worth.reason,
    });
  }
  const order = (piece: CollateralPieceView): string => `${piece.segment} ${piece.kind} ${piece.key}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** A client with less placed at a clearing corporation than its positions ask; paise. */
export interface ShortClient {
  readonly account: string;
  readonly corporation: number;
  readonly required: number;
  readonly placed: number;
  readonly short: number;
  readonly unexplained: number;
}

/** Margin and collateral of a slot's clients at one clearing corporation; paise. */
export interface CorporationSum {
  readonly corporation: number;
  /** Working orders included, without the house's multiplier: an upper bound of what the corporation asks. */
  readonly required: number;
  readonly cash: number;
  readonly cashOthers: number;
  readonly nonCash: number;
}

/** What a slot adds to the member's own figures. */
export interface MemberShare {
  readonly slot: number;
  readonly sequence: number;
  /** Bit s = the member may only reduce in exchange segment s, as this slot was told. */
  readonly reducing: number;
  readonly corporations: readonly CorporationSum[];
}

/** The slot's clients at each clearing corporation. One pass over margin rows and pieces: cheap enough to be asked every few seconds. */
export function memberShare(state: SlotState): MemberShare {
  const sums = new Map<number, { required: number; cash: number; cashOthers: number; nonCash: number }>();
  const at = (segment: number): { required: number; cash: number; cashOthers: number; nonCash: number } => {
    const corporation = corporationOf(segment);
    const sum = sums.get(corporation) ?? { required: 0, cash: 0, cashOthers: 0, nonCash: 0 };
    sums.set(corporation, sum);
    return sum;
  };
  const { clients, collateral } = state;
  const bySegment = new Float64Array(8);
  for (let client = 1; client < clients.rows; client++) if (clients.isLive(client)) addRequirementBySegment(state, client, bySegment);
  for (const [segment, required] of bySegment.entries()) if (required > 0) at(segment).required += required;
  for (let row = 1; row < collateral.rows; row++) {
    const segment = collateral.isLive(row) ? collateral.u8(row, Collateral.segment) : 0;
    if (segment === 0) continue;
    const sum = at(segment);
    if (collateral.u8(row, Collateral.kind) === CollateralKind.CASH) sum.cash += collateral.f64(row, Collateral.quantity);
    else if (collateral.u8(row, Collateral.class) === CollateralClass.CASH_EQUIVALENT) sum.cashOthers += collateral.f64(row, Collateral.counted);
    else sum.nonCash += collateral.f64(row, Collateral.counted);
  }
  const corporations = [...sums].map(([corporation, sum]) => ({ corporation, ...sum })).sort((a, b) => a.corporation - b.corporation);
  return { slot: state.slot, sequence: state.sequence, reducing: state.meta.u8(META_ROW, Meta.memberReducing), corporations };
}

/** Some of a slot's short clients, and the client row to go on from; 0 = that was all. */
export interface ShortClients {
  readonly clients: readonly ShortClient[];
  readonly next: number;
}

/**
 * Clients from row `from` on with less placed at a clearing corporation than their positions ask, by account. Looks closely at no more than `most` of them,
 * each some twenty microseconds: the others show by sums alone that they are not short.
 */
export function shortClients(state: SlotState, from: number, most: number): ShortClients {
  const { clients } = state;
  const found: ShortClient[] = [];
  let looked = 0;
  for (let client = Math.max(1, from); client < clients.rows; client++) {
    if (!clients.isLive(client) || !mayBeShort(state, client)) continue;
    if (looked === most) return { clients: found, next: client };
    looked += 1;
    const account = clients.text(client, Client.account, ACCOUNT_BYTES);
    for (const { corporation, required, placed, short, unexplained } of allocationOf(state, client).corporations)
      if (short > 0) found.push({ account, corporation, required, placed, short, unexplained });
  }
  return { clients: found, next: 0 };
}

/** Is what the client must have with working orders above what is placed for it, at any corporation? */
function mayBeShort(state: SlotState, client: number): boolean {
  const required = new Float64Array(8);
  addRequirementBySegment(state, client, required);
  const left = new Map<number, number>();
  const add = (segment: number, paise: number): void => {
    left.set(corporationOf(segment), (left.get(corporationOf(segment)) ?? 0) + paise);
  };
  for (const [segment, paise] of required.entries()) if (paise > 0) add(segment, paise);
  const { collateral } = state;
  for (const row of piecesOf(state, client)) {
    const isCash = collateral.u8(row, Collateral.kind) === CollateralKind.CASH;
    add(collateral.u8(row, Collateral.segment), -collateral.f64(row, isCash ? Collateral.quantity : Collateral.counted));
  }
  return [...left].some(([corporation, paise]) => corporation !== 0 && paise > 0);
}
