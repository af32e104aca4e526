// Bodies of the nodes, by id: the door of batch/nodes. A node without a body here fails with that reason and can be resolved or skipped by two persons.
import type { NodeBody } from '../runner/index.ts';
import { LOCAL_BODIES } from './local-nodes.ts';

/** What bodies are made with. */
export interface NodeParts {
  readonly dataDirectory: string;
}

/** Every body of this release. */
export function nightBodies(_parts: NodeParts): ReadonlyMap<string, NodeBody> {
  return new Map(Object.entries(LOCAL_BODIES));
}
