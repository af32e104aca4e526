// Whether an exchange segment takes orders now, and in which session: two bits per segment in the meta row, 0 = open. A gate may also be set for a
// time to come; it counts from that time on, whether or not a Tick has carried it over yet. Which transition needs whom is decided in
// lifecycle/segment-state.ts, what a closed segment means for an order in checks/segment-closed.ts.
import { META_ROW, Meta } from './meta-table.ts';
import type { RowTable } from './row-table.ts';

/** State of a segment's gate. Numbers are for ever. */
export const SegmentGate = { OPEN: 0, CLOSED: 1, REDUCE_ONLY: 2, PRE_OPEN: 3 } as const;
export type SegmentGateName = keyof typeof SegmentGate;

const BITS = 2;
const MASK = 3;
const DOUBLE_BYTES = 8;
/** Where in scheduledGates the bits lie that say a pre-open session goes before. */
const SESSIONS = 16;
/** Low bit of each segment's two. */
const EVERY_LOW_BIT = 0x5555;

/** A segment's SegmentGate as it stands in the row. */
export function gateOf(meta: RowTable, segment: number): number {
  return (meta.u32(META_ROW, Meta.segmentGates) >>> (segment * BITS)) & MASK;
}

/** Is any segment in its pre-open session? One look, for those who would else look at every position. */
export function anyPreOpen(meta: RowTable): boolean {
  const gates = meta.u32(META_ROW, Meta.segmentGates);
  return (gates & (gates >>> 1) & EVERY_LOW_BIT) !== 0;
}

/** Sets it; what was scheduled for the segment is forgotten. */
export function setGate(meta: RowTable, segment: number, gate: number): void {
  setBits(meta, Meta.segmentGates, segment, gate);
  if (meta.u32(META_ROW, Meta.scheduledGates) === 0) return;
  setBits(meta, Meta.scheduledGates, segment, 0);
  setSession(meta, segment, false);
  meta.setF64(META_ROW, Meta.opensAt + segment * DOUBLE_BYTES, 0);
}

/**
 * The gate takes another state at a time, EpochMicros. Not PRE_OPEN, for which the row has no room: that begins when it is said, or before the time the gate
 * opens at (`hasSession`).
 */
export function scheduleGate(meta: RowTable, segment: number, gate: number, at: number, hasSession = false): void {
  setBits(meta, Meta.scheduledGates, segment, gate + 1);
  setSession(meta, segment, hasSession);
  meta.setF64(META_ROW, Meta.opensAt + segment * DOUBLE_BYTES, at);
}

/** A gate to come. */
export interface ScheduledGate {
  readonly gate: number;
  /** EpochMicros. */
  readonly at: number;
  /** Does a pre-open session go before it? */
  readonly hasSession: boolean;
}

/** The state a segment's gate is scheduled to take, and when (EpochMicros); undefined when nothing is scheduled. Allocates. */
export function scheduledGate(meta: RowTable, segment: number): ScheduledGate | undefined {
  const bits = meta.u32(META_ROW, Meta.scheduledGates);
  const gate = ((bits >>> (segment * BITS)) & MASK) - 1;
  const hasSession = ((bits >>> (SESSIONS + segment)) & 1) === 1;
  return gate < 0 ? undefined : { gate, at: meta.f64(META_ROW, Meta.opensAt + segment * DOUBLE_BYTES), hasSession };
}

/** The gate at a time not before the last command's: what was scheduled for that time or earlier counts. */
export function gateAt(meta: RowTable, segment: number, time: number): number {
  const gate = gateOf(meta, segment);
  if (gate === SegmentGate.OPEN) return gate;
  const next = (meta.u32(META_ROW, Meta.scheduledGates) >>> (segment * BITS)) & MASK;
  return next !== 0 && time >= meta.f64(META_ROW, Meta.opensAt + segment * DOUBLE_BYTES) ? next - 1 : gate;
}

function setSession(meta: RowTable, segment: number, hasSession: boolean): void {
  const others = meta.u32(META_ROW, Meta.scheduledGates) & ~(1 << (SESSIONS + segment));
  meta.setU32(META_ROW, Meta.scheduledGates, (others | (hasSession ? 1 << (SESSIONS + segment) : 0)) >>> 0);
}

function setBits(meta: RowTable, field: number, segment: number, bits: number): void {
  const others = meta.u32(META_ROW, field) & ~(MASK << (segment * BITS));
  meta.setU32(META_ROW, field, (others | (bits << (segment * BITS))) >>> 0);
}
