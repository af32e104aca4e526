// ApplyCorporateAction: one instrument becomes another on its ex date, before anything trades: so many new units for old ones (split, bonus, rights
// adjustment), under the same token or a new one (a contract with another strike), at a price that falls by the same ratio and by what is paid out
// (an extraordinary dividend). Units are cut to whole ones and what was cut is told; cost moves with value, so that nobody gains or loses by it: net
// × mark − cost is the same before and after. Source of the ratios: the exchange's adjustment circular of each action; holdings are what the
// depository says afterwards.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { EventField, EventKind } from '../event/layout.ts';
import { PRICE_MAX } from '../limits.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import { type FundedShare, fundedUnits } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { tellHolding } from '../state/netted-shares.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { isUnnamed, restatePosition } from './booking.ts';
import type { Emission } from './emission.ts';
import { addSums, lotsOf, putLot } from './funded-lots.ts';
import { openPosition } from './open-position.ts';
import { refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
const TOKEN_MAX = 4_294_967_295;
/** Units for units: no action known is beyond 100 for 1. */
const RATIO_MAX = 10_000;

/** An action on one instrument. */
interface Action {
  readonly segment: number;
  readonly token: number;
  readonly newToken: number;
  readonly numerator: number;
  readonly denominator: number;
  /** Ticks a unit, taken off the price before the ratio. */
  readonly payout: number;
}

/** Sums of a slot: units × numerator = after × denominator + cut; values are net × mark, tick-units. */
interface Tally {
  before: number;
  after: number;
  cut: number;
  valueBefore: number;
  valueAfter: number;
}

/** Folds an ApplyCorporateAction; '' or the reason it was refused. The event's fields: see announce. */
export function applyCorporateAction(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('ApplyCorporateAction', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const token = read.integer('token', 1, TOKEN_MAX);
  const newToken = read.has('newToken') ? read.integer('newToken', 1, TOKEN_MAX) : token;
  const numerator = read.integer('newUnits', 1, RATIO_MAX);
  const denominator = read.integer('oldUnits', 1, RATIO_MAX);
  const payout = read.has('payout') ? read.integer('payout', 0, PRICE_MAX) : 0;
  read.text('reason', 128);
  if (read.error !== '') return refuse(out, read.error);
  if (hasOpenOrder(state, segment, token)) return refuse(out, `ApplyCorporateAction.token ${token} has open orders: it is applied before trading`);
  const action = { segment, token, newToken, numerator, denominator, payout };
  const tally = { before: 0, after: 0, cut: 0, valueBefore: 0, valueAfter: 0 };
  if (isCashSegment(segment)) adjustHoldings(out, action, tally);
  adjustPositions(out, action, tally);
  announce(out, action, tally);
  return '';
}

/**
 * value and limit: units before and after (longs and shorts, holdings in); leavesQuantity: what was cut, in 1/oldUnits of a new unit; price and
 * lastPx: value before and after.
 */
function announce(out: Emission, { segment, newToken }: Action, tally: Tally): void {
  out
    .answer(EventKind.CorporateActionApplied)
    .u32(EventField.token, newToken)
    .u8(EventField.segment, segment)
    .f64(EventField.value, tally.before)
    .f64(EventField.limit, tally.after)
    .f64(EventField.leavesQuantity, tally.cut)
    .f64(EventField.price, tally.valueBefore)
    .f64(EventField.lastPx, tally.valueAfter);
}

function hasOpenOrder({ orders }: SlotState, segment: number, token: number): boolean {
  for (let order = 1; order < orders.rows; order++)
    if (!orders.has(order, OrderState.CLOSED) && orders.u32(order, Order.token) === token && orders.u8(order, Order.segment) === segment) return true;
  return false;
}

/** Whole new units for some old ones, without sign. */
function become(units: number, { numerator, denominator }: Action, tally: Tally): number {
  const cut = (units * numerator) % denominator;
  const after = (units * numerator - cut) / denominator;
  tally.before += units;
  tally.after += after;
  tally.cut += cut;
  return after;
}

function adjustHoldings(out: Emission, action: Action, tally: Tally): void {
  const { state } = out;
  const { holdings } = state;
  const { segment, token, newToken } = action;
  const rows = holdings.rows;
  for (let row = 1; row < rows; row++) {
    if (holdings.u32(row, Holding.token) !== token || holdings.u8(row, Holding.segment) !== segment) continue;
    const client = holdings.u32(row, Holding.client);
    const to = newToken === token ? row : holdings.find(client, segment, newToken) || holdings.add(client, segment, newToken);
    for (const field of [Holding.free, Holding.pledged, Holding.t1] as const) {
      const units = become(holdings.f64(row, field), action, tally);
      holdings.setF64(row, field, 0);
      holdings.addF64(to, field, units);
    }
    for (const each of [row, to]) tellHolding(state, client, segment, holdings.u32(each, Holding.token));
    out.touch(client);
  }
}

function adjustPositions(out: Emission, action: Action, tally: Tally): void {
  const { state } = out;
  const { positions } = state;
  const { segment, token, newToken } = action;
  const rows = positions.rows;
  for (let row = 1; row < rows; row++) {
    if (!positions.isLive(row) || positions.u32(row, Position.token) !== token || positions.u8(row, Position.segment) !== segment) continue;
    const [net, mark, cost] = [positions.f64(row, Position.net), positions.f64(row, Position.mark), positions.f64(row, Position.cost)];
    if (net === 0) continue;
    const client = positions.u32(row, Position.client);
    const price = priceAfter(mark, action);
    const loose = net - fundedUnits(state, row);
    const lots = loose === net ? 0 : adjustLots(state, row, { action, tally, mark, price });
    const units = lots + Math.sign(loose) * become(Math.abs(loose), action, tally);
    if (newToken === token) restatePosition(state, row, units, price, cost + units * price - net * mark);
    else rename(state, row, openPosition(state, client, segment, newToken, positions.u8(row, Position.product)), units, price);
    tally.valueBefore += net * mark;
    tally.valueAfter += units * price;
    out.touch(client);
  }
}

interface LotChange {
  readonly action: Action;
  readonly tally: Tally;
  readonly mark: number;
  readonly price: number;
}

/** Each funded lot of an MTF position is cut by itself; its cost moves as the position's does, its loan stays. Returns the units they come to. */
function adjustLots(state: SlotState, position: number, { action, tally, mark, price }: LotChange): number {
  const { fundedLots, positions } = state;
  const client = positions.u32(position, Position.client);
  const from: FundedShare = [client, action.segment, action.token];
  let after = 0;
  for (const lot of lotsOf(state, from)) {
    const [units, pledged] = [fundedLots.f64(lot, FundedLot.units), fundedLots.f64(lot, FundedLot.pledged)];
    const [cost, funded] = [fundedLots.f64(lot, FundedLot.cost), fundedLots.f64(lot, FundedLot.funded)];
    const boughtOn = fundedLots.u32(lot, FundedLot.boughtOn);
    const left = become(units, action, tally);
    const stillPledged = (pledged * action.numerator - ((pledged * action.numerator) % action.denominator)) / action.denominator;
    addSums(state, from, -units, -cost, -funded);
    fundedLots.free(lot);
    after += left;
    const becomes = { boughtOn, units: left, pledged: stillPledged, cost: cost + left * price - units * mark, funded };
    if (left > 0) putLot(state, [client, action.segment, action.newToken], becomes);
  }
  return after;
}

/** Ticks, to the nearest, never below one. */
const priceAfter = (mark: number, { numerator, denominator, payout }: Action): number =>
  Math.max(1, Math.round((Math.max(0, mark - payout) * denominator) / numerator));

/** The units go to the row of the new token, with what they stand to gain; both rows' sums together are what the old one's was. */
function rename(state: SlotState, from: number, to: number, units: number, price: number): void {
  const { positions } = state;
  const standing = (row: number): number => positions.f64(row, Position.net) * positions.f64(row, Position.mark) - positions.f64(row, Position.cost);
  const gain = standing(from) + standing(to);
  // A token the table in force does not name yet is what the old one was.
  if (isUnnamed(state, to)) positions.setU8(to, Position.kind, positions.u8(from, Position.kind));
  const net = positions.f64(to, Position.net) + units;
  restatePosition(state, from, 0, positions.f64(from, Position.mark), 0);
  restatePosition(state, to, net, price, net * price - gain);
}
