// Does an order only bring the client's position nearer to zero, however much of it is filled? The question behind every "reduce only".
import { Side } from '../instrument.ts';
import type { DecisionContext } from './decision-context.ts';

/** Leaves fit into the opposite net of the same position row, less what already works against it. Delivery sales may also use holdings. */
export function reduces(d: DecisionContext): boolean {
  if (d.side === Side.BUY) return d.leaves <= -d.net - d.buyLeaves;
  return d.leaves <= d.net + d.deliverable - d.sellLeaves;
}
