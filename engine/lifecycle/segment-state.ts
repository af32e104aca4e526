// SetSegmentState: opens, closes or limits one exchange segment in every slot. A gate opens when its own preparation is done, so one name may open or
// close it; letting reducing orders into a closed one is an override and needs two. Open orders stay as they are.
import { EventField, EventKind } from '../event/layout.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { gateOf, SegmentGate, setGate } from '../state/segment-gates.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { refuse } from './refuse.ts';

const SEGMENT_MAX = 7;

/** Folds a SetSegmentState; '' or the reason it was refused. The event carries the segment and its gate before (limit) and after (value). */
export function setSegmentState(out: Emission, body: unknown): string {
  const { meta } = out.state;
  const read = new BodyReader('SetSegmentState', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const gate = read.choice('state', SegmentGate);
  read.text('reason', 256);
  const names = read.names('by', 64);
  if (read.error !== '') return refuse(out, read.error);
  const before = gateOf(meta, segment);
  if (before === SegmentGate.CLOSED && gate === SegmentGate.REDUCE_ONLY && new Set(names).size < 2)
    return refuse(out, 'SetSegmentState.by must hold two different names to let orders into a closed segment');
  setGate(meta, segment, gate);
  out.answer(EventKind.SegmentStateSet).u8(EventField.segment, segment).f64(EventField.value, gate).f64(EventField.limit, before);
  return '';
}

/** The gates a day begins with: closed where the policy says gated, else open. `bits`: bit s = exchange segment s. */
export function resetGates(out: Emission, bits: number): void {
  const { meta } = out.state;
  meta.setU32(META_ROW, Meta.segmentGates, 0);
  for (let segment = 1; segment <= SEGMENT_MAX; segment++) if (((bits >> segment) & 1) === 1) setGate(meta, segment, SegmentGate.CLOSED);
}
