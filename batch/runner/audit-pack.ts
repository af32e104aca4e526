// Everything an auditor needs of a run, as lines of JSON: the run, its definition, every record with its place, every call with request and
// answer; the last line has the SHA-256 of all lines before it. Two packs of one date can be compared line by line.
import { createHash } from 'node:crypto';
import type { NightStore } from './night-store.ts';

/** Lines of the pack, in canonical order. Throws RangeError when the run is not there. */
export function* auditPack(store: NightStore, runId: string): Generator<string> {
  const run = store.run(runId);
  if (run === undefined) throw new RangeError(`run ${runId} was never opened`);
  const hash = createHash('sha256');
  const line = (value: object): string => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  yield line({ run });
  yield line({ definition: store.definition(run.definition) ?? '' });
  for (const stored of store.recordsOf(runId)) yield line(stored);
  for (const call of store.callsOf(runId)) yield line({ call });
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`;
}
