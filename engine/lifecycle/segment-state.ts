// SetSegmentState: opens, closes or limits one exchange segment in every slot, at once or from a time on. A gate opens when its own preparation is done, so one
// name may open or close it; letting reducing orders into a closed one is an override and needs two. Open orders stay as they are.
import { EventField, EventKind } from '../event/layout.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { gateOf, SegmentGate, scheduledGate, scheduleGate, setGate } from '../state/segment-gates.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { refuse } from './refuse.ts';

const SEGMENT_MAX = 7;
/** Year 2096, EpochMicros: a later opening is a mistake. */
const TIME_MAX = 4e15;

/** Folds a SetSegmentState; '' or the reason it was refused. The event carries the segment and its gate before (limit) and after (value); one set for later says so when it has come. */
export function setSegmentState(out: Emission, body: unknown): string {
  const { meta } = out.state;
  const read = new BodyReader('SetSegmentState', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const gate = read.choice('state', SegmentGate);
  read.text('reason', 256);
  const names = read.names('by', 64);
  const from = read.has('from') ? read.integer('from', 0, TIME_MAX) : 0;
  if (read.error !== '') return refuse(out, read.error);
  const before = gateOf(meta, segment);
  if (before === SegmentGate.CLOSED && gate === SegmentGate.REDUCE_ONLY && new Set(names).size < 2)
    return refuse(out, 'SetSegmentState.by must hold two different names to let orders into a closed segment');
  if (gate !== SegmentGate.CLOSED) meta.setU8(META_ROW, Meta.closedSegments, meta.u8(META_ROW, Meta.closedSegments) & ~(1 << segment));
  if (from <= out.command.time) take(out, segment, gate);
  else {
    scheduleGate(meta, segment, gate, from);
    announce(out, segment, before, before);
  }
  return '';
}

/** Carries over the gates whose time has come. Called by Tick, whose only cost on most of them is to find nothing scheduled. */
export function openDueSegments(out: Emission): void {
  const { meta } = out.state;
  if (meta.u32(META_ROW, Meta.scheduledGates) === 0) return;
  for (let segment = 1; segment <= SEGMENT_MAX; segment++) {
    const next = scheduledGate(meta, segment);
    if (next !== undefined && out.command.time >= next.at) take(out, segment, next.gate);
  }
}

/** The gates a day begins with: closed where the policy says gated, else open. `bits`: bit s = exchange segment s. */
export function resetGates(out: Emission, bits: number): void {
  const { meta } = out.state;
  for (let segment = 1; segment <= SEGMENT_MAX; segment++)
    setGate(meta, segment, ((bits >> segment) & 1) === 1 ? SegmentGate.CLOSED : SegmentGate.OPEN);
  meta.setU8(META_ROW, Meta.closedSegments, 0);
  meta.setU8(META_ROW, Meta.settledSegments, 0);
}

function take(out: Emission, segment: number, gate: number): void {
  const before = gateOf(out.state.meta, segment);
  setGate(out.state.meta, segment, gate);
  announce(out, segment, gate, before);
}

function announce(out: Emission, segment: number, gate: number, before: number): void {
  out.answer(EventKind.SegmentStateSet).u8(EventField.segment, segment).f64(EventField.value, gate).f64(EventField.limit, before);
}
