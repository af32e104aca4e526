// Segments the client is registered for (UCC per exchange segment). Lending and borrowing is nobody's, and says so by its own code.
import { LENDING_SEGMENT } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';

/** segmentNotAllowed, or lendingNotOffered: value is the ExchangeSegment asked for, limit the bits of those allowed. */
export function segmentNotAllowed(d: DecisionContext): number {
  const allowed = d.state.clients.u8(d.client, Client.segments);
  d.measure(d.segment, allowed, LimitLevel.client);
  if (d.segment < 8 && ((allowed >> d.segment) & 1) === 1) return 0;
  return d.segment === LENDING_SEGMENT ? RejectCode.lendingNotOffered : RejectCode.segmentNotAllowed;
}
