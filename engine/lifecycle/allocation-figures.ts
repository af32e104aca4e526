// What a client must have at each clearing corporation, what is placed there for it, and what is short: min upfront margin less collateral after haircut, the
// 50:50 rule left out (NCL/CMPT/55381). Positions only, without working orders and without the house's multiplier, as the corporation sees
// them. Read from the state, changes nothing, allocates: never for an order.
import { ClearingCorporation, corporationOf } from '../rules/collateral-rules.ts';
import { Collateral, CollateralClass, CollateralKind } from '../state/collateral-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { piecesOf } from './collateral-value.ts';

const SEGMENTS = 7;

/** One exchange segment of one client; paise. */
export interface SegmentAllocation {
  readonly segment: number;
  readonly corporation: number;
  /** Upfront margin of the positions. */
  readonly required: number;
  /** Placed: cash, other cash-like collateral, other collateral after caps. */
  readonly cash: number;
  readonly cashOthers: number;
  readonly nonCash: number;
}

/** One clearing corporation of one client, its segments together; paise. */
export interface CorporationAllocation {
  readonly corporation: number;
  readonly required: number;
  readonly placed: number;
  /** What is missing there, and what is placed there beyond need; one of them is 0. */
  readonly short: number;
  readonly excess: number;
  /** Of `short`, what excess at the others does not explain (reason: excess collateral at another corporation). */
  readonly unexplained: number;
}

/** By segment and by corporation; only those with margin or collateral. */
export interface Allocation {
  readonly segments: readonly SegmentAllocation[];
  readonly corporations: readonly CorporationAllocation[];
}

/** The client's allocation. */
export function allocationOf(state: SlotState, client: number): Allocation {
  const required = requiredBySegment(state, client);
  const sums = Array.from({ length: SEGMENTS + 1 }, () => ({ cash: 0, cashOthers: 0, nonCash: 0 }));
  const { collateral } = state;
  for (const row of piecesOf(state, client)) {
    const sum = sums[collateral.u8(row, Collateral.segment)];
    if (sum === undefined) continue;
    if (collateral.u8(row, Collateral.kind) === CollateralKind.CASH) sum.cash += collateral.f64(row, Collateral.quantity);
    else if (collateral.u8(row, Collateral.class) === CollateralClass.CASH_EQUIVALENT) sum.cashOthers += collateral.f64(row, Collateral.counted);
    else sum.nonCash += collateral.f64(row, Collateral.counted);
  }
  const segments: SegmentAllocation[] = [];
  for (let segment = 1; segment <= SEGMENTS; segment++) {
    const placed = sums[segment] ?? { cash: 0, cashOthers: 0, nonCash: 0 };
    const margin = required[segment] ?? 0;
    if (margin + placed.cash + placed.cashOthers + placed.nonCash > 0)
      segments.push({ segment, corporation: corporationOf(segment), required: margin, ...placed });
  }
  return { segments, corporations: byCorporation(segments) };
}

/** Paise by exchange segment, margin of the positions alone. */
function requiredBySegment(state: SlotState, client: number): Float64Array {
  const required = new Float64Array(SEGMENTS + 1);
  const { book, parameters } = state.derived;
  if (book === undefined || parameters === undefined) return required;
  for (const { underlying, instrument, positionRequirement } of book.underlyingMargins(client)) {
    const row = underlying >= 0 ? (parameters.firstInstrument[underlying] ?? 0) : instrument;
    const segment = parameters.segment[row] ?? 0;
    required[segment] = (required[segment] ?? 0) + positionRequirement;
  }
  return required;
}

function byCorporation(segments: readonly SegmentAllocation[]): CorporationAllocation[] {
  const sums = Object.values(ClearingCorporation).map((corporation) => {
    const own = segments.filter((each) => each.corporation === corporation);
    const required = own.reduce((sum, each) => sum + each.required, 0);
    const placed = own.reduce((sum, { cash, cashOthers, nonCash }) => sum + cash + cashOthers + nonCash, 0);
    return { corporation, required, placed, short: Math.max(0, required - placed), excess: Math.max(0, placed - required) };
  });
  let elsewhere = sums.reduce((sum, { excess }) => sum + excess, 0);
  return sums
    .filter(({ required, placed }) => required + placed > 0)
    .map((each) => {
      const explained = Math.min(each.short, elsewhere);
      elsewhere -= explained;
      return { ...each, unexplained: each.short - explained };
    });
}
