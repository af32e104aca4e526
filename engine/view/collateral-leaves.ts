// The collateral of a client as lines of its margin tree: each piece with what it counts for and by which haircut, list and rule. Reads state, allocates.
import { assert } from '../assert.ts';
import type { MarginNode } from '../margin/margin-tree.ts';
import type { SlotState } from '../state/slot-state.ts';
import { type CollateralPieceView, pieceViews } from './collateral-view.ts';

const PERCENT = 100;
const REASONS = { notApproved: 'on no list of approved securities', ended: 'its last day has passed', matured: 'has matured' } as const;

/** Lines under the cash-like or the other side; they add up to `amount`, paise. None when the client has no pieces on that side. */
export function collateralLeaves(state: SlotState, client: number, isCashLike: boolean, amount: number): MarginNode[] {
  assert(client > 0, 'leaves of no client');
  const pieces = pieceViews(state, client).filter((piece) => piece.kind !== 'CASH' && piece.isCashLike === isCashLike);
  if (pieces.length === 0) return [];
  const leaves = pieces.map(leafOf);
  const given = amount - leaves.reduce((sum, leaf) => sum + leaf.amount, 0);
  return given === 0 ? leaves : [...leaves, { label: 'given as a figure', amount: given, rule: 'after haircut, worked out elsewhere', children: [] }];
}

function leafOf(piece: CollateralPieceView): MarginNode {
  const { kind, key, counted, value, pending, listed, reason } = piece;
  const rate = `haircut ${piece.haircut / PERCENT} %${piece.haircut > piece.exchangeHaircut ? `, the house's; the exchange's is ${piece.exchangeHaircut / PERCENT} %` : ''}`;
  const parts = [reason === '' ? rate : REASONS[reason]];
  if (counted < value) parts.push('cut to its cap');
  if (pending > 0) parts.push(`${pending} more from the next day on`);
  return {
    label: `${kind} ${key}`,
    amount: counted,
    rule: parts.join('; '),
    ...(listed === 0 ? {} : { file: `approved securities of ${listed}`, row: key }),
    children: [],
  };
}
