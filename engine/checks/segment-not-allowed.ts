// Segments the client is registered for (UCC per exchange segment).
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** segmentNotAllowed: value is the ExchangeSegment asked for, limit the bits of those allowed. */
export function segmentNotAllowed(d: DecisionContext): number {
  const allowed = d.state.clients.u8(d.client, Client.segments);
  d.measure(d.segment, allowed, LimitLevel.client);
  return d.segment < 8 && ((allowed >> d.segment) & 1) === 1 ? 0 : RejectCode.segmentNotAllowed;
}
