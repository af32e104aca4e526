// The journal as command-line tools look at it: verified against its checkpoints, or listed. Reads only.
import { type JournalReport, verifyJournal } from './journal/verify.ts';
import { readStoredState } from './recovery/restore.ts';
import { surveyJournal } from './recovery/survey.ts';

/** Verifies the journal of a data directory, its checkpoints' anchors included. Flaws are in the report, not thrown. */
export async function inspectJournal(dataDir: string): Promise<JournalReport> {
  return verifyJournal(dataDir, (await readStoredState(dataDir)).anchors);
}

/** A segment as listed. */
export interface ListedSegment {
  readonly path: string;
  readonly epoch: number;
  readonly shard: number;
  readonly shardCount: number;
  readonly segment: number;
  readonly firstBatch: number;
  readonly ruleSet: number;
}

/** Segments of a data directory in the order slots lived through them. Throws JournalDamage on a header that cannot be read. */
export function listJournal(dataDir: string): ListedSegment[] {
  return surveyJournal(dataDir, { repair: false }).segments.map(({ file, header }) => {
    const { epoch, shard, shardCount, segment, firstBatch, ruleSet } = header;
    return { path: file.path, epoch, shard, shardCount, segment, firstBatch, ruleSet };
  });
}

export type { JournalReport };
