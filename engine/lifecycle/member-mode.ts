// SetMemberMode, GrantSlice, RecallSlice: what the member as a whole may still do at a clearing corporation, and lend (MTF), told to every slot by
// whoever adds the slots up. A slice is set to a figure, not changed by one, under a number that only grows: the same grant told twice is answered
// twice and done once.
import { EventField, EventKind } from '../event/layout.ts';
import { AMOUNT_MAX } from '../limits.ts';
import { ClearingCorporation, corporationOf, segmentsOf } from '../rules/collateral-rules.ts';
import { addRequirementBySegment } from '../state/client-margin.ts';
import { drawnBy } from '../state/funding.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import { isSliced, SliceCell, SlicePool, setSlice, sliceOf } from '../state/slices.ts';
import type { SlotState } from '../state/slot-state.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { refuse } from './refuse.ts';

/** A grant's number at most: exact as a double. */
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
const SEGMENTS = 8;
const MODES = { NORMAL: 0, RISK_REDUCTION: 1 } as const;

/** Folds a SetMemberMode; '' or the reason it was refused. The event carries the mode after (value) and before (limit); level is the ClearingCorporation. */
export function setMemberMode(out: Emission, body: unknown): string {
  const { meta } = out.state;
  const read = new BodyReader('SetMemberMode', body);
  const corporation = read.choice('corporation', ClearingCorporation);
  const mode = read.choice('mode', MODES);
  read.text('reason', 256);
  if (read.error !== '') return refuse(out, read.error);
  const bits = segmentsOf(corporation);
  const before = meta.u8(META_ROW, Meta.memberReducing);
  meta.setU8(META_ROW, Meta.memberReducing, mode === MODES.RISK_REDUCTION ? before | bits : before & ~bits);
  const event = out.answer(EventKind.MemberModeSet).u8(EventField.level, corporation);
  event.f64(EventField.value, mode).f64(EventField.limit, (before & bits) === 0 ? MODES.NORMAL : MODES.RISK_REDUCTION);
  return '';
}

/** Folds a GrantSlice: the slot may use so much; absent slice: no limit any more. '' or the reason it was refused. The event is SliceGranted. */
export function grantSlice(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('GrantSlice', body);
  const pool = read.choice('corporation', SlicePool);
  const number = read.integer('number', 1, NUMBER_MAX);
  const isOn = read.has('slice');
  const slice = isOn ? read.integer('slice', 0, AMOUNT_MAX) : 0;
  if (read.error !== '') return refuse(out, read.error);
  if (number > sliceOf(state, pool, SliceCell.number)) setSlice(state, pool, { slice, used: usedAt(state, pool), number, isOn });
  return answered(out, pool, EventKind.SliceGranted);
}

/** Folds a RecallSlice: gives back what is not used down to `keep`, and no more. '' or the reason it was refused. The event is SliceRecalled. */
export function recallSlice(out: Emission, body: unknown): string {
  const { state } = out;
  const read = new BodyReader('RecallSlice', body);
  const pool = read.choice('corporation', SlicePool);
  const number = read.integer('number', 1, NUMBER_MAX);
  const keep = read.integer('keep', 0, AMOUNT_MAX);
  if (read.error !== '') return refuse(out, read.error);
  if (number > sliceOf(state, pool, SliceCell.number)) {
    const used = usedAt(state, pool);
    const slice = Math.min(sliceOf(state, pool, SliceCell.slice), Math.max(keep, used));
    setSlice(state, pool, { slice, used, number, isOn: isSliced(state, pool) });
  }
  return answered(out, pool, EventKind.SliceRecalled);
}

/** The slice as it is now (value) and what is used of it (limit); count is the number of the last grant or recall, level the SlicePool. */
function answered(out: Emission, pool: number, kind: number): string {
  const { state } = out;
  const event = out.answer(kind).u8(EventField.level, pool);
  event.f64(EventField.value, sliceOf(state, pool, SliceCell.slice)).f64(EventField.limit, sliceOf(state, pool, SliceCell.used));
  event.f64(EventField.count, sliceOf(state, pool, SliceCell.number));
  return '';
}

/**
 * What the slot's clients must have at a corporation with the house's multiplier, working orders included; of the house's funding, what they draw of
 * it with what they buy. Paise.
 */
export function usedAt(state: SlotState, pool: number): number {
  const { clients, meta } = state;
  const bySegment = new Float64Array(SEGMENTS);
  let [sum, drawn] = [0, 0];
  for (let client = 1; client < clients.rows; client++) {
    if (!clients.isLive(client)) continue;
    if (pool === SlicePool.FUNDING) drawn += drawnBy(state, client);
    else addRequirementBySegment(state, client, bySegment);
  }
  for (let segment = 1; segment < SEGMENTS; segment++) if (corporationOf(segment) === pool) sum += bySegment[segment] as number;
  return pool === SlicePool.FUNDING ? drawn : scaleUp(sum, meta.f64(META_ROW, Meta.spanMultiplier));
}
