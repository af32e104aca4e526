// What lies in a data directory's journal: its segments in the order slots lived through them, where each shard's chain ends, and which
// epoch comes next. With `repair` it cuts off a batch that was being written when the process died; any other flaw is refused.
import { createHash } from 'node:crypto';
import { statSync, truncateSync, unlinkSync } from 'node:fs';
import { assert, SLOT_COUNT } from '../../engine/index.ts';
import { JournalDamage, type JournalHead } from '../journal/journal.ts';
import { HASH_BYTES } from '../journal/layout.ts';
import { journalDirectory, listSegments, type SegmentFile } from '../journal/segment-files.ts';
import { readSegmentHeader, type SegmentHeader } from '../journal/segment-header.ts';
import { SegmentReader } from '../journal/segment-reader.ts';

export interface SurveyedSegment {
  readonly file: SegmentFile;
  readonly header: SegmentHeader;
  /** Sequence of each owned slot after this segment; Infinity where nothing later tells. */
  readonly endSequences: Float64Array;
}

/** A batch that was cut off, or would be: never answered, so nobody misses it. */
export interface TornTail {
  readonly path: string;
  /** Bytes that stay; 0 = the file goes. */
  readonly keep: number;
  readonly was: number;
}

export interface JournalSurvey {
  readonly segments: readonly SurveyedSegment[];
  /** Ends of the chains of the last epoch, by shard. */
  readonly heads: readonly JournalHead[];
  readonly nextEpoch: number;
  /** Hash of all before the next epoch, 32 bytes: where its chains begin. */
  readonly lineage: Uint8Array;
  readonly torn: readonly TornTail[];
}

/** The segments alone, for a look at the past beside a running owner: what is being written at the end is left to the reader. */
export function surveySegments(dataDir: string): SurveyedSegment[] {
  return withEnds(keptSegments(dataDir, []));
}

/** Looks through the journal of `dataDir`. Only the directory's owner may repair. Throws JournalDamage. */
export function surveyJournal(dataDir: string, options: { readonly repair: boolean }): JournalSurvey {
  const torn: TornTail[] = [];
  const kept = keptSegments(dataDir, torn);
  const nextEpoch = (listSegments(journalDirectory(dataDir)).at(-1)?.epoch ?? 0) + 1;
  const lastEpoch = kept.at(-1)?.file.epoch ?? 0;
  const heads = kept
    .filter(({ file }, index) => file.epoch === lastEpoch && kept[index + 1]?.file.shard !== file.shard)
    .map(({ file }) => findEnd(file, torn));
  if (options.repair) for (const tail of torn) cut(tail);
  return { segments: withEnds(kept), heads, nextEpoch, lineage: lineageOf(heads), torn };
}

interface Kept {
  readonly file: SegmentFile;
  readonly header: SegmentHeader;
}

/** Hash that the chains of the epoch after these heads begin with. */
export function lineageOf(heads: readonly JournalHead[]): Uint8Array {
  if (heads.length === 0) return new Uint8Array(HASH_BYTES);
  const hash = createHash('sha256');
  for (const head of heads) hash.update(`${head.epoch} ${head.shard} ${head.batch} ${head.hash}\n`);
  return hash.digest();
}

/** Segments with their headers; one that was being created when the process died goes to `torn`. */
function keptSegments(dataDir: string, torn: TornTail[]): Kept[] {
  const files = listSegments(journalDirectory(dataDir));
  const lastEpoch = files.at(-1)?.epoch ?? 0;
  const kept: Kept[] = [];
  for (const [index, file] of files.entries()) {
    const next = files[index + 1];
    const header = headerOf(file, file.epoch === lastEpoch && (next === undefined || next.shard !== file.shard), torn);
    if (header !== undefined) kept.push({ file, header });
  }
  return kept;
}

function headerOf(file: SegmentFile, mayBeTorn: boolean, torn: TornTail[]): SegmentHeader | undefined {
  const header = readSegmentHeader(file.path);
  if (header === 'torn') {
    if (!mayBeTorn) throw new JournalDamage(file.path, 0, 0, 'segment header is cut short');
    torn.push({ path: file.path, keep: 0, was: statSync(file.path).size });
    return undefined;
  }
  if ('flaw' in header) throw new JournalDamage(file.path, 0, 0, header.flaw);
  if (header.epoch !== file.epoch || header.shard !== file.shard || header.segment !== file.segment)
    throw new JournalDamage(file.path, 0, 0, `its header is that of epoch ${header.epoch} shard ${header.shard} segment ${header.segment}`);
  return header;
}

function findEnd(file: SegmentFile, torn: TornTail[]): JournalHead {
  const reader = new SegmentReader(file.path);
  let batch = reader.header.firstBatch - 1;
  while (reader.nextBatch()) batch = reader.sequence;
  if (reader.torn) torn.push({ path: file.path, keep: reader.batchEnd, was: reader.bytes.length });
  const { epoch, shard, segment } = file;
  return { epoch, shard, segment, offset: reader.batchEnd, batch, hash: Buffer.from(reader.hash).toString('hex') };
}

function cut(tail: TornTail): void {
  assert(tail.keep <= tail.was, 'recovery: a cut cannot lengthen a file');
  if (tail.keep === 0) unlinkSync(tail.path);
  else truncateSync(tail.path, tail.keep);
}

/** A segment ends, for each slot, where the next one that owns the slot starts. */
function withEnds(kept: readonly Kept[]): SurveyedSegment[] {
  const nextStart = new Float64Array(SLOT_COUNT).fill(Number.POSITIVE_INFINITY);
  const segments: SurveyedSegment[] = [];
  for (const { file, header } of kept.toReversed()) {
    const endSequences = new Float64Array(SLOT_COUNT);
    for (const slot of header.ownedSlots) {
      endSequences[slot] = nextStart[slot] ?? Number.POSITIVE_INFINITY;
      nextStart[slot] = header.startSequences[slot] ?? 0;
    }
    segments.push({ file, header, endSequences });
  }
  return segments.reverse();
}
