// Bodies of the nodes, by id: the door of batch/nodes. A node without a body here fails with that reason and can be resolved or skipped by two persons.
import type { NodeBody } from '../runner/index.ts';
import { beginOfDayNodes } from './begin-of-day/begin-of-day-nodes.ts';
import { contractNoteBodies } from './contract-notes/index.ts';
import { endOfDayBodies } from './end-of-day/index.ts';
import { LOCAL_BODIES } from './local-nodes.ts';
import { NightFiles } from './night-files.ts';
import { settlementBodies } from './settlement/index.ts';
import { tradingHoursNodes } from './trading-hours/trading-hours-nodes.ts';

/** What bodies are made with. */
export interface NodeParts {
  readonly dataDirectory: string;
}

/** Every body of this release. */
export function nightBodies({ dataDirectory }: NodeParts): ReadonlyMap<string, NodeBody> {
  const files = new NightFiles(dataDirectory);
  return new Map(
    Object.entries({
      ...LOCAL_BODIES,
      ...endOfDayBodies(dataDirectory),
      ...contractNoteBodies(dataDirectory),
      ...settlementBodies(dataDirectory),
      ...beginOfDayNodes({ dataDirectory, files }),
      ...tradingHoursNodes({ dataDirectory, files }),
    }),
  );
}
