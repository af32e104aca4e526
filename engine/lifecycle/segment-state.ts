// SetSegmentState: opens, closes or limits one exchange segment in every slot, at once or from a time on, or begins its pre-open session. A gate
// opens when its own preparation is done, so one name may open or close it; letting reducing orders into a closed one is an override and needs two.
// Open orders stay; going into the pre-open session and out of it, what they hold is margined anew.
import { EventField, EventKind } from '../event/layout.ts';
import { takesPreOpenOrders } from '../rules/order-rules.ts';
import { holderOf } from '../state/linked-orders.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { gateOf, SegmentGate, scheduledGate, scheduleGate, setGate } from '../state/segment-gates.ts';
import { BodyReader } from './body-reader.ts';
import type { Emission } from './emission.ts';
import { requirementsOf, tellChanges } from './margin-change.ts';
import { refuse } from './refuse.ts';
import { deposit, withdraw } from './working-order.ts';

const SEGMENT_MAX = 7;
/** Year 2096, EpochMicros: a later opening is a mistake. */
const TIME_MAX = 4e15;

/**
 * Folds a SetSegmentState; '' or the reason it was refused. The event carries the segment and its gate before (limit) and after (value); one set for
 * later says so when it has come.
 */
export function setSegmentState(out: Emission, body: unknown): string {
  const { meta } = out.state;
  const read = new BodyReader('SetSegmentState', body);
  const segment = read.integer('segment', 1, SEGMENT_MAX);
  const gate = read.choice('state', SegmentGate);
  read.text('reason', 256);
  const names = read.names('by', 64);
  const from = read.has('from') ? read.integer('from', 0, TIME_MAX) : 0;
  const opensAt = read.has('opensAt') ? read.integer('opensAt', 0, TIME_MAX) : 0;
  const hasSession = read.has('preOpen') && read.boolean('preOpen');
  if (hasSession && (gate !== SegmentGate.OPEN || from === 0)) read.fail('preOpen', 'goes with OPEN and the time it opens from');
  if (read.error !== '') return refuse(out, read.error);
  const isPreOpen = gate === SegmentGate.PRE_OPEN;
  if (isPreOpen && from > out.command.time)
    return refuse(out, 'SetSegmentState.from must not be later than now for PRE_OPEN, which begins when it is said');
  if (!isPreOpen && opensAt !== 0) return refuse(out, 'SetSegmentState.opensAt goes with PRE_OPEN only');
  const before = gateOf(meta, segment);
  if (before === SegmentGate.CLOSED && gate === SegmentGate.REDUCE_ONLY && new Set(names).size < 2)
    return refuse(out, 'SetSegmentState.by must hold two different names to let orders into a closed segment');
  if (gate !== SegmentGate.CLOSED) meta.setU8(META_ROW, Meta.closedSegments, meta.u8(META_ROW, Meta.closedSegments) & ~(1 << segment));
  if (from <= out.command.time) take(out, segment, gate);
  else {
    scheduleGate(meta, segment, gate, from, hasSession);
    announce(out, segment, before, before);
  }
  if (opensAt > out.command.time) scheduleGate(meta, segment, SegmentGate.OPEN, opensAt);
  return '';
}

/** Carries over the gates whose time has come. Called by Tick, whose only cost on most of them is to find nothing scheduled. */
export function openDueSegments(out: Emission): void {
  const { meta } = out.state;
  if (meta.u32(META_ROW, Meta.scheduledGates) === 0) return;
  for (let segment = 1; segment <= SEGMENT_MAX; segment++) {
    const next = scheduledGate(meta, segment);
    if (next === undefined) continue;
    if (out.command.time >= next.at) take(out, segment, next.gate);
    else if (next.hasSession && takesPreOpenOrders(out.command.time, next.at)) {
      take(out, segment, SegmentGate.PRE_OPEN);
      scheduleGate(meta, segment, SegmentGate.OPEN, next.at);
    }
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
  const { state } = out;
  const before = gateOf(state.meta, segment);
  const changesSession = (before === SegmentGate.PRE_OPEN) !== (gate === SegmentGate.PRE_OPEN);
  if (!changesSession) setGate(state.meta, segment, gate);
  else changeSession(out, segment, gate);
  announce(out, segment, gate, before);
}

/** What the segment's open orders hold is taken back by the rule of the one session and counted by that of the other; none of them is released. */
function changeSession(out: Emission, segment: number, gate: number): void {
  const { state } = out;
  const { orders } = state;
  const requirements = requirementsOf(state);
  const working: number[] = [];
  for (let order = 1; order < orders.rows; order++)
    if (!orders.has(order, OrderState.CLOSED) && orders.u8(order, Order.segment) === segment && holderOf(state, order) === order) working.push(order);
  for (const order of working) withdraw(state, order);
  setGate(state.meta, segment, gate);
  for (const order of working) deposit(state, order);
  tellChanges(out, requirements);
}

function announce(out: Emission, segment: number, gate: number, before: number): void {
  out.answer(EventKind.SegmentStateSet).u8(EventField.segment, segment).f64(EventField.value, gate).f64(EventField.limit, before);
}
