// The business day: OpenDay, CloseDay, TakeMarginSnapshot. What the night does between them (settlement, roll of prices, cash) is not here.
import { EventField, EventKind } from '../event/layout.ts';
import { ExecType, OrdStatus } from '../instrument.ts';
import { AMOUNT_MAX, MULTIPLIER_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { knownRuleSets, ruleSetOf } from '../rule-set.ts';
import { Client } from '../state/client-table.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { type Emission, requirementOf } from './emission.ts';
import { refuse } from './refuse.ts';
import { resetGates } from './segment-state.ts';
import { readMarks, startWatching } from './utilisation.ts';
import { close, withdraw } from './working-order.ts';

const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;
const RATE_WHOLE = 10_000;
/** A verdict may stay unanswered for at most a day, in microseconds. */
const CONFIRM_MAX = 86_400_000_000;

/** Folds an OpenDay; '' or the reason it was refused. */
export function openDay(out: Emission, body: unknown): string {
  const { state } = out;
  const { meta } = state;
  const read = new BodyReader('OpenDay', body);
  const date = read.integer('businessDate', DATE_MIN, DATE_MAX);
  const ruleSet = read.integer('ruleSet', 0, 65_535);
  const policy = read.inner('policy');
  const cashRateFloor = policy.integer('cashRateFloor', 0, RATE_WHOLE);
  const spanMultiplier = policy.integer('spanMultiplier', RATE_WHOLE, MULTIPLIER_MAX);
  const maxOrderValue = policy.integer('maxOrderValue', 0, AMOUNT_MAX);
  const confirmWithin = policy.integer('confirmWithin', 1, CONFIRM_MAX);
  const gated = policy.has('gatedSegments') ? policy.segments('gatedSegments') : 0;
  const marks = readMarks(policy);
  const error = read.error || policy.error;
  if (error !== '') return refuse(out, error);
  if (ruleSetOf(ruleSet) === undefined)
    return refuse(out, `OpenDay.ruleSet ${ruleSet} is not known to this release, which knows ${knownRuleSets().join(', ')}`);
  if (meta.u8(META_ROW, Meta.dayStatus) === DayStatus.OPEN) return refuse(out, `OpenDay: day ${meta.u32(META_ROW, Meta.businessDate)} is still open`);
  if (date <= meta.u32(META_ROW, Meta.businessDate))
    return refuse(out, `OpenDay.businessDate ${date} is not after the last day ${meta.u32(META_ROW, Meta.businessDate)}`);
  meta.setU8(META_ROW, Meta.dayStatus, DayStatus.OPEN);
  meta.setU16(META_ROW, Meta.ruleSet, ruleSet);
  meta.setU32(META_ROW, Meta.businessDate, date);
  meta.setF64(META_ROW, Meta.cashRateFloor, cashRateFloor);
  meta.setF64(META_ROW, Meta.spanMultiplier, spanMultiplier);
  meta.setF64(META_ROW, Meta.maxOrderValue, maxOrderValue);
  meta.setF64(META_ROW, Meta.confirmWithin, confirmWithin);
  resetGates(out, gated);
  clearDay(state);
  startWatching(out, marks);
  out.answer(EventKind.DayOpened).f64(EventField.value, date).f64(EventField.count, state.clients.live);
  return '';
}

/** Drops the last day's orders and sums; margin is derived anew, as the cash floor may have changed. */
function clearDay(state: SlotState): void {
  const { clients, positions } = state;
  state.orders.clear();
  state.clOrdIds.clear();
  state.trades.clear();
  for (let client = 1; client < clients.rows; client++) {
    clients.setF64(client, Client.turnover, 0);
    clients.setF64(client, Client.premium, 0);
    clients.setF64(client, Client.realised, 0);
  }
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row)) continue;
    if (positions.f64(row, Position.net) === 0) positions.free(row);
    else positions.setF64(row, Position.realised, 0);
  }
  state.rebuild(state.derived.parameters);
}

/** Folds a CloseDay; '' or the reason it was refused. */
export function closeDay(out: Emission, body: unknown): string {
  const { state } = out;
  const { meta, orders, clients } = state;
  const read = new BodyReader('CloseDay', body);
  const date = read.integer('businessDate', DATE_MIN, DATE_MAX);
  if (read.error !== '') return refuse(out, read.error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'CloseDay: no day is open', RejectCode.dayNotOpen);
  if (date !== meta.u32(META_ROW, Meta.businessDate))
    return refuse(out, `CloseDay.businessDate ${date} is not the open day ${meta.u32(META_ROW, Meta.businessDate)}`);
  let expired = 0;
  for (let order = 1; order < orders.rows; order++) {
    if (orders.has(order, OrderState.CLOSED)) continue;
    const client = orders.u32(order, Order.client);
    out.note(client);
    withdraw(state, order);
    close(state, order, OrdStatus.EXPIRED);
    out.margin(out.order(EventKind.OrderExpired, order, ExecType.EXPIRED, false), client);
    expired += 1;
  }
  for (let client = 1; client < clients.rows; client++) {
    clients.setF64(client, Client.adhoc, 0);
    if (clients.isLive(client)) out.touch(client);
  }
  meta.setU8(META_ROW, Meta.dayStatus, DayStatus.CLOSED);
  out.answer(EventKind.DayClosed).f64(EventField.value, date).f64(EventField.count, expired);
  return '';
}

/** Folds a TakeMarginSnapshot: the sum of the slot's requirements, paise, at this moment. */
export function takeMarginSnapshot(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('TakeMarginSnapshot', body);
  read.text('label', 64);
  if (read.error !== '') return refuse(out, read.error);
  let sum = 0;
  for (let client = 1; client < state.clients.rows; client++) sum += requirementOf(state, client);
  out.answer(EventKind.MarginSnapshotTaken).f64(EventField.requirementAfter, sum).f64(EventField.count, state.clients.live);
  return '';
}
