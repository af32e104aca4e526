// The business day: OpenDay, CloseDay. What a day leaves to the next is carry-over.ts; what the night brings between them arrives as commands of its own.
import { EventField, EventKind } from '../event/layout.ts';
import { AMOUNT_MAX, MULTIPLIER_MAX } from '../limits.ts';
import { RejectCode } from '../reject-code.ts';
import { knownRuleSets, ruleSetOf } from '../rule-set.ts';
import { Client } from '../state/client-table.ts';
import { ownInLots } from '../state/funding.ts';
import { DayStatus, META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import { carryLate, carryOver } from './carry-over.ts';
import { startCollateralDay } from './collateral.ts';
import type { Emission } from './emission.ts';
import { expireOrders } from './expire-orders.ts';
import { noteOpeningTable } from './parameters.ts';
import { refuse } from './refuse.ts';
import { resetGates } from './segment-state.ts';
import { readMarks, startWatching } from './utilisation.ts';

const DATE_MIN = 19_000_101;
const DATE_MAX = 99_991_231;
const RATE_WHOLE = 10_000;
const PAISE_PER_RUPEE = 100;
/** A client is funded with at most Rs 429 crore: whole rupees in 32 bits. */
const FUNDING_MAX = 4_294_967_295 * PAISE_PER_RUPEE;
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
  const cover = readCoverRange(policy);
  const targetMost = policy.has('targetMost') ? policy.integer('targetMost', 1, RATE_WHOLE) : 0;
  const funding = policy.has('fundingLimit') ? policy.integer('fundingLimit', PAISE_PER_RUPEE, FUNDING_MAX) : 0;
  if (targetMost > 0 && cover.most === 0) policy.fail('targetMost', 'goes with coverRange, the range of the stop-loss');
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
  meta.setU16(META_ROW, Meta.coverLeast, cover.least);
  meta.setU16(META_ROW, Meta.coverMost, cover.most);
  meta.setU16(META_ROW, Meta.targetMost, targetMost);
  meta.setU32(META_ROW, Meta.fundingLimit, Math.floor(funding / PAISE_PER_RUPEE));
  noteOpeningTable(state, date, state.derived.parameters);
  resetGates(out, gated);
  clearDay(state);
  startWatching(out, marks);
  out.answer(EventKind.DayOpened).f64(EventField.value, date).f64(EventField.count, state.clients.live);
  return '';
}

/** The permitted range of a cover order's stop-loss; zeros where the policy names none. */
function readCoverRange(policy: BodyReader): { readonly least: number; readonly most: number } {
  if (!policy.has('coverRange')) return { least: 0, most: 0 };
  const read = policy.inner('coverRange');
  const most = read.integer('most', 1, RATE_WHOLE);
  const least = read.integer('least', 0, most);
  if (policy.error === '') policy.error = read.error;
  return { least, most };
}

/** Drops the last day's orders and sums; margin is derived anew, as the cash floor may have changed. */
function clearDay(state: SlotState): void {
  const { clients, positions } = state;
  carryLate(state);
  state.orders.clear();
  state.clOrdIds.clear();
  state.trades.clear();
  state.peaks.clear();
  state.meta.setU32(META_ROW, Meta.snapshots, 0);
  for (let client = 1; client < clients.rows; client++) {
    clients.setF64(client, Client.turnover, 0);
    clients.setF64(client, Client.premium, 0);
    clients.setF64(client, Client.realised, 0);
  }
  for (let row = 1; row < positions.rows; row++) {
    if (!positions.isLive(row)) continue;
    // What a corporate action cut to nothing still stands to gain or lose what it cost, until the next close.
    if (positions.f64(row, Position.net) === 0 && positions.f64(row, Position.cost) === 0) positions.free(row);
    else positions.setF64(row, Position.realised, 0);
  }
  startCollateralDay(state);
  state.rebuild(state.derived.parameters);
}

/** Folds a CloseDay: orders expire, adhoc limits lapse, the day is carried over. '' or the reason it was refused. */
export function closeDay(out: Emission, body: unknown): string {
  const { state } = out;
  const { meta, clients } = state;
  const read = new BodyReader('CloseDay', body);
  const date = read.integer('businessDate', DATE_MIN, DATE_MAX);
  if (read.error !== '') return refuse(out, read.error);
  if (meta.u8(META_ROW, Meta.dayStatus) !== DayStatus.OPEN) return refuse(out, 'CloseDay: no day is open', RejectCode.dayNotOpen);
  if (date !== meta.u32(META_ROW, Meta.businessDate))
    return refuse(out, `CloseDay.businessDate ${date} is not the open day ${meta.u32(META_ROW, Meta.businessDate)}`);
  const expired = expireOrders(out, 0);
  carryOver(out);
  for (let client = 1; client < clients.rows; client++) {
    clients.setF64(client, Client.adhoc, ownInLots(state, client));
    if (clients.isLive(client)) out.touch(client);
  }
  meta.setU8(META_ROW, Meta.dayStatus, DayStatus.CLOSED);
  out.answer(EventKind.DayClosed).f64(EventField.value, date).f64(EventField.count, expired);
  return '';
}
