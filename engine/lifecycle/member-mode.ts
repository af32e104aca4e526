// SetMemberMode, GrantSlice, RecallSlice: what the member as a whole may still do at a clearing corporation, told to every slot by whoever adds the slots up.
// A slice is set to a figure, not changed by one, under a number that only grows: the same grant told twice is answered twice and done once.
import { EventField, EventKind } from '../event/layout.ts';
import { AMOUNT_MAX } from '../limits.ts';
import { ClearingCorporation, corporationOf, segmentsOf } from '../rules/collateral-rules.ts';
import { addRequirementBySegment } from '../state/client-margin.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import { SliceCell, sliceField } from '../state/slices.ts';
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
  const { meta } = state;
  const read = new BodyReader('GrantSlice', body);
  const corporation = read.choice('corporation', ClearingCorporation);
  const number = read.integer('number', 1, NUMBER_MAX);
  const isOff = !read.has('slice');
  const slice = isOff ? 0 : read.integer('slice', 0, AMOUNT_MAX);
  if (read.error !== '') return refuse(out, read.error);
  if (number > meta.f64(META_ROW, sliceField(corporation, SliceCell.number))) {
    const bits = segmentsOf(corporation);
    const sliced = meta.u8(META_ROW, Meta.slicedSegments);
    meta.setU8(META_ROW, Meta.slicedSegments, isOff ? sliced & ~bits : sliced | bits);
    setSlice(state, corporation, number, slice);
  }
  return answered(out, corporation, EventKind.SliceGranted);
}

/** Folds a RecallSlice: gives back what is not used down to `keep`, and no more. '' or the reason it was refused. The event is SliceRecalled. */
export function recallSlice(out: Emission, body: unknown): string {
  const { state } = out;
  const { meta } = state;
  const read = new BodyReader('RecallSlice', body);
  const corporation = read.choice('corporation', ClearingCorporation);
  const number = read.integer('number', 1, NUMBER_MAX);
  const keep = read.integer('keep', 0, AMOUNT_MAX);
  if (read.error !== '') return refuse(out, read.error);
  if (number > meta.f64(META_ROW, sliceField(corporation, SliceCell.number))) {
    const slice = meta.f64(META_ROW, sliceField(corporation, SliceCell.slice));
    setSlice(state, corporation, number, Math.min(slice, Math.max(keep, usedAt(state, corporation))));
  }
  return answered(out, corporation, EventKind.SliceRecalled);
}

function setSlice(state: SlotState, corporation: number, number: number, slice: number): void {
  const { meta } = state;
  meta.setF64(META_ROW, sliceField(corporation, SliceCell.slice), slice);
  meta.setF64(META_ROW, sliceField(corporation, SliceCell.used), usedAt(state, corporation));
  meta.setF64(META_ROW, sliceField(corporation, SliceCell.number), number);
}

/** The slice as it is now (value) and what is used of it (limit); count is the number of the last grant or recall, level the ClearingCorporation. */
function answered(out: Emission, corporation: number, kind: number): string {
  const { meta } = out.state;
  const cell = (which: number): number => meta.f64(META_ROW, sliceField(corporation, which));
  const event = out.answer(kind).u8(EventField.level, corporation);
  event.f64(EventField.value, cell(SliceCell.slice)).f64(EventField.limit, cell(SliceCell.used)).f64(EventField.count, cell(SliceCell.number));
  return '';
}

/** What the slot's clients must have at a corporation with the house's multiplier, working orders included, paise. */
export function usedAt(state: SlotState, corporation: number): number {
  const { clients, meta } = state;
  const bySegment = new Float64Array(SEGMENTS);
  for (let client = 1; client < clients.rows; client++) if (clients.isLive(client)) addRequirementBySegment(state, client, bySegment);
  let sum = 0;
  for (let segment = 1; segment < SEGMENTS; segment++) if (corporationOf(segment) === corporation) sum += bySegment[segment] as number;
  return scaleUp(sum, meta.f64(META_ROW, Meta.spanMultiplier));
}
