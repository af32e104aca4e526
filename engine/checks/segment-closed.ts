// The gate of the order's exchange segment: closed lets nothing new through, reduce-only what brings a position nearer to zero. Cancels always pass.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { gateAt, SegmentGate } from '../state/segment-gates.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** segmentClosed: value is the ExchangeSegment, limit the state of its gate. */
export function segmentClosed(d: DecisionContext): number {
  const gate = gateAt(d.state.meta, d.segment, d.command.time);
  d.measure(d.segment, gate, LimitLevel.firm);
  if (gate === SegmentGate.OPEN) return 0;
  return gate === SegmentGate.REDUCE_ONLY && reduces(d) ? 0 : RejectCode.segmentClosed;
}
