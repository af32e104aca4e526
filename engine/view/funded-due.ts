// What of a client's funded shares (MTF) is to be squared off: units whose pledge the client has not accepted in time, and everything funded once its
// loss has used up most of the money that stands behind it. Reads state, changes nothing.
import { Product } from '../instrument.ts';
import { ruleValue } from '../rules/margin-rules.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import { fundedUnits } from '../state/funding.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import type { SlotState } from '../state/slot-state.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';

/** Paise of loss, and the loss at which funded shares are closed. */
export interface FundedLoss {
  readonly loss: number;
  readonly most: number;
}

const WHOLE = 10_000;

/** Rows of a client's positions in funded shares. */
export function fundedRows({ positions, derived }: SlotState, client: number): number[] {
  const rows: number[] = [];
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row))
    if (positions.u8(row, Position.product) === Product.MTF && positions.f64(row, Position.net) !== 0) rows.push(row);
  return rows;
}

/**
 * Units by position row whose pledge has lapsed: not accepted, of lots bought on or before `lapsed` (yyyymmdd; 0 = none have), less what the day has
 * sold already, because what is not pledged goes first. Every lot of the slot is looked at once.
 */
export function lapsedUnits(state: SlotState, lapsed: number): ReadonlyMap<number, number> {
  const { positions, fundedLots } = state;
  const unpledged = new Map<number, number>();
  for (let lot = 1; lot < fundedLots.rows; lot++) {
    if (!fundedLots.isLive(lot) || fundedLots.u32(lot, FundedLot.boughtOn) > lapsed) continue;
    const open = fundedLots.f64(lot, FundedLot.units) - fundedLots.f64(lot, FundedLot.pledged);
    const [client, segment, token] = [
      fundedLots.u32(lot, FundedLot.client),
      fundedLots.u8(lot, FundedLot.segment),
      fundedLots.u32(lot, FundedLot.token),
    ];
    const row = open === 0 ? 0 : positions.find(client, segment, token, Product.MTF);
    if (row !== 0) unpledged.set(row, (unpledged.get(row) ?? 0) + open);
  }
  const due = new Map<number, number>();
  for (const [row, units] of unpledged) {
    const net = positions.f64(row, Position.net);
    const left = Math.min(net, units - Math.max(0, fundedUnits(state, row) - net));
    if (left > 0) due.set(row, left);
  }
  return due;
}

/**
 * The loss on a client's funded shares, when it is at the house's part (rule cash.mtf.loss) of the money behind them: its own in them, and what else
 * of it is free. `requirement` and `available` are the client's, paise. Undefined while it is not.
 */
export function fundedLoss(state: SlotState, client: number, requirement: number, available: number): FundedLoss | undefined {
  const { positions, meta, derived } = state;
  const rows = fundedRows(state, client);
  const lost = rows.reduce(
    (sum, row) => sum + positions.f64(row, Position.cost) - positions.f64(row, Position.net) * positions.f64(row, Position.mark),
    0,
  );
  if (lost <= 0) return undefined;
  const loss = Math.floor(lost / TICK_UNITS_PER_PAISA);
  const lines = (derived.book?.underlyingMargins(client) ?? []).filter(({ underlying, product }) => underlying < 0 && product === Product.MTF);
  const asked = scaleUp(
    lines.reduce((sum, line) => sum + line.positionRequirement, 0),
    meta.f64(META_ROW, Meta.spanMultiplier),
  );
  const behind = available - requirement + asked + loss;
  const most = Math.floor((Math.max(0, behind) * ruleValue('cash.mtf.loss', meta.u32(META_ROW, Meta.businessDate))) / WHOLE);
  return loss >= most ? { loss, most } : undefined;
}
