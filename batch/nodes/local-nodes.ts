// Nodes that only join others: triggers and gates without work of their own. What they wait for is in the graph; being reached is all they do.
import type { NodeBody } from '../runner/index.ts';

const reached: NodeBody = async () => ({});

/** Bodies by node id. */
export const LOCAL_BODIES: Readonly<Record<string, NodeBody>> = {
  'BOD-START': reached,
  'TH-CW-START': reached,
  'EOD-READY': reached,
};
