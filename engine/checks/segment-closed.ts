// The gate of the order's exchange segment: closed lets nothing new through, reduce-only what brings a position nearer to zero, and the pre-open session of a
// derivatives segment futures only (of which months, the exchange says). Cancels always pass.
import { InstrumentKind } from '../instrument.ts';
import { Contract } from '../margin/contract-row.ts';
import { InstrumentFlag } from '../parameters/parameter-table.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { isInSameDaySession } from '../rules/order-rules.ts';
import { gateAt, SegmentGate } from '../state/segment-gates.ts';
import type { DecisionContext } from './decision-context.ts';
import { isCashSegment } from './is-cash-segment.ts';
import { reduces } from './reduces.ts';

/** segmentClosed: value is the ExchangeSegment, limit the state of its gate; of a T+0 share that of its session. */
export function segmentClosed(d: DecisionContext): number {
  const gate = gateAt(d.state.meta, d.segment, d.command.time);
  if (((d.contracts[d.contractAt + Contract.flags] as number) & InstrumentFlag.SAME_DAY) !== 0) return sessionClosed(d, gate);
  d.measure(d.segment, gate, LimitLevel.firm);
  if (gate === SegmentGate.OPEN) return 0;
  if (gate === SegmentGate.PRE_OPEN) return isInPreOpen(d) ? 0 : RejectCode.segmentClosed;
  return gate === SegmentGate.REDUCE_ONLY && reduces(d) ? 0 : RejectCode.segmentClosed;
}

/** T+0 takes orders in its session only, and none before continuous trading. */
function sessionClosed(d: DecisionContext, gate: number): number {
  const state = isInSameDaySession(d.command.time) ? gate : SegmentGate.CLOSED;
  d.measure(d.segment, state, LimitLevel.exchange);
  return state === SegmentGate.OPEN || (state === SegmentGate.REDUCE_ONLY && reduces(d)) ? 0 : RejectCode.segmentClosed;
}

/** What the table does not name is for a later check to refuse. */
function isInPreOpen(d: DecisionContext): boolean {
  return isCashSegment(d.segment) || d.instrument < 0 || d.contracts[d.contractAt + Contract.kind] === InstrumentKind.FUT;
}
