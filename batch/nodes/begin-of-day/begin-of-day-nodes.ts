// Bodies of the begin of day, by node id.
import type { NodeBody } from '../../runner/index.ts';
import type { FetchParts } from '../fetch-file.ts';
import { fetchNodes } from './fetch-nodes.ts';
import { healthNodes } from './health.ts';
import { gateBody, readyBody } from './market-gate.ts';
import { reloadBody } from './reload.ts';
import { surveillanceBody } from './surveillance.ts';

/** See the file's head. */
export function beginOfDayNodes(parts: FetchParts): Readonly<Record<string, NodeBody>> {
  return {
    ...fetchNodes(parts),
    ...healthNodes(parts.dataDirectory),
    'BOD-SURV-ARM': surveillanceBody(parts),
    'BOD-READY-DATA': readyBody,
    'BOD-READY-HEALTH': readyBody,
    'BOD-MARKET_OPEN_GATE': gateBody(parts),
    'BOD-RMS-RELOAD': reloadBody(parts),
  };
}
