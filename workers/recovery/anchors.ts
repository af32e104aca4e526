// Holds the journal against the heads remembered with each checkpoint: a tail that was cut off cleanly leaves no other trace.
import { JournalDamage, type JournalHead } from '../journal/journal.ts';
import { journalDirectory, segmentPath } from '../journal/segment-files.ts';
import type { JournalSurvey } from './survey.ts';

/** Throws JournalDamage when the journal ends before an anchor of its last epoch, or ends there with another hash. */
export function checkAnchors(dataDir: string, survey: JournalSurvey, anchors: readonly JournalHead[]): void {
  for (const anchor of anchors) {
    if (anchor.batch === 0 || anchor.epoch < survey.nextEpoch - 1) continue;
    const head = survey.heads.find(({ epoch, shard }) => epoch === anchor.epoch && shard === anchor.shard);
    const path = segmentPath(journalDirectory(dataDir), anchor.epoch, anchor.shard, anchor.segment);
    if (head === undefined || head.batch < anchor.batch)
      throw new JournalDamage(
        path,
        head?.offset ?? 0,
        anchor.batch,
        `its tail is missing: the checkpoint saw batch ${anchor.batch}, the last here is ${head?.batch ?? 0}`,
      );
    if (head.batch === anchor.batch && head.hash !== anchor.hash)
      throw new JournalDamage(path, head.offset, anchor.batch, 'its last batch is not the one the checkpoint saw');
  }
}
