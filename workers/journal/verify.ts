// Holds a whole journal against itself and against the heads its checkpoints remember: finds a changed byte, a cut segment, a missing file
// and a missing tail, and says where. Reads only; works beside a running owner.
import { lineageOf } from '../recovery/survey.ts';
import { JournalDamage, type JournalHead } from './journal.ts';
import { journalDirectory, listSegments, type SegmentFile, segmentPath } from './segment-files.ts';
import { readSegmentHeader } from './segment-header.ts';
import { SegmentReader } from './segment-reader.ts';

export interface JournalReport {
  readonly segments: number;
  readonly batches: number;
  readonly commands: number;
  readonly events: number;
  readonly bytes: number;
  /** Each names file, offset and batch. Empty = sound. */
  readonly problems: readonly string[];
  /** A batch at the very end that is still being written, or was when the process died; never answered, dropped at the next start. */
  readonly unfinished: readonly string[];
}

class Verification {
  readonly problems: string[] = [];
  readonly unfinished: string[] = [];
  segments = 0;
  batches = 0;
  commands = 0;
  events = 0;
  bytes = 0;
  private readonly directory: string;
  private readonly anchors: readonly JournalHead[];

  constructor(directory: string, anchors: readonly JournalHead[]) {
    this.directory = directory;
    this.anchors = anchors;
  }

  /** Checks the segments of one shard in one epoch; returns where its chain ends. */
  chain(files: readonly SegmentFile[], lineage: Uint8Array | undefined, isLastEpoch: boolean): JournalHead | undefined {
    let head: JournalHead | undefined;
    for (const [index, file] of files.entries()) {
      const isEnd = isLastEpoch && index === files.length - 1;
      if (isEnd && readSegmentHeader(file.path) === 'torn') {
        this.unfinished.push(`${file.path}: a segment that was being created`);
        break;
      }
      try {
        const reader = new SegmentReader(file.path);
        this.checkStart(file, reader, head, index === 0 ? lineage : undefined);
        head = this.readThrough(file, reader);
        if (reader.torn) this.tornEnd(file, reader, isEnd);
      } catch (error) {
        if (!(error instanceof JournalDamage)) throw error;
        this.problems.push(error.message);
        return undefined;
      }
    }
    if (head !== undefined) this.checkEnd(head);
    return head;
  }

  /** A chain that checkpoints remember must be there at all. */
  checkPresent(chains: ReadonlySet<string>, oldestEpoch: number): void {
    for (const anchor of this.anchors)
      if (anchor.batch > 0 && anchor.epoch >= oldestEpoch && !chains.has(`${anchor.epoch}/${anchor.shard}`))
        this.problems.push(`journal damaged: ${this.pathOf(anchor)}: missing, a checkpoint saw its batch ${anchor.batch}`);
  }

  private checkStart(file: SegmentFile, reader: SegmentReader, head: JournalHead | undefined, lineage: Uint8Array | undefined): void {
    const { header } = reader;
    const wanted = head === undefined ? 0 : head.segment + 1;
    if (head !== undefined || lineage !== undefined) {
      if (file.segment !== wanted) throw new JournalDamage(file.path, 0, header.firstBatch, `segment ${wanted} is missing before it`);
      const previous = head === undefined ? Buffer.from(lineage ?? []).toString('hex') : head.hash;
      if (Buffer.from(header.previousHash).toString('hex') !== previous)
        throw new JournalDamage(file.path, 0, header.firstBatch, 'it does not continue what lies before it (missing or cut there)');
    }
    if (head !== undefined && header.firstBatch !== head.batch + 1)
      throw new JournalDamage(file.path, 0, header.firstBatch, `batch ${head.batch + 1} is missing before it`);
  }

  private readThrough(file: SegmentFile, reader: SegmentReader): JournalHead {
    const anchor = this.anchors.find(({ epoch, shard }) => epoch === file.epoch && shard === file.shard);
    let batch = reader.header.firstBatch - 1;
    while (reader.nextBatch()) {
      batch = reader.sequence;
      this.batches += 1;
      while (reader.nextRecord()) {
        this.commands += 1;
        this.events += reader.events;
      }
      if (anchor?.batch === batch && anchor.hash !== Buffer.from(reader.hash).toString('hex'))
        throw new JournalDamage(file.path, reader.batchAt, batch, 'it is not the batch a checkpoint saw');
    }
    this.segments += 1;
    this.bytes += reader.batchEnd;
    const { epoch, shard, segment } = file;
    return { epoch, shard, segment, offset: reader.batchEnd, batch, hash: Buffer.from(reader.hash).toString('hex') };
  }

  private tornEnd(file: SegmentFile, reader: SegmentReader, mayBe: boolean): void {
    const at = `${file.path} at byte ${reader.batchEnd}`;
    if (mayBe) this.unfinished.push(`${at}: ${reader.bytes.length - reader.batchEnd} bytes of an unfinished batch`);
    else throw new JournalDamage(file.path, reader.batchEnd, 0, 'cut inside a batch');
  }

  private checkEnd(head: JournalHead): void {
    const anchor = this.anchors.find(({ epoch, shard }) => epoch === head.epoch && shard === head.shard);
    if (anchor !== undefined && head.batch < anchor.batch) {
      const what = `its tail is missing: it ends with batch ${head.batch}, a checkpoint saw batch ${anchor.batch}`;
      this.problems.push(new JournalDamage(this.pathOf(head), head.offset, head.batch, what).message);
    }
  }

  private pathOf(head: JournalHead): string {
    return segmentPath(this.directory, head.epoch, head.shard, head.segment);
  }
}

/** Verifies the journal in `dataDir`; `anchors` are the heads remembered in the state tables. */
export function verifyJournal(dataDir: string, anchors: readonly JournalHead[]): JournalReport {
  const directory = journalDirectory(dataDir);
  const files = listSegments(directory);
  const run = new Verification(directory, anchors);
  const epochs = [...new Set(files.map(({ epoch }) => epoch))];
  const chains = new Set<string>();
  // Before the oldest epoch lies the archive: what it continues from cannot be checked here.
  let lineage: Uint8Array | undefined;
  for (const epoch of epochs) {
    const heads: JournalHead[] = [];
    let whole = true;
    for (const shard of new Set(files.filter((file) => file.epoch === epoch).map((file) => file.shard))) {
      chains.add(`${epoch}/${shard}`);
      const own = files.filter((file) => file.epoch === epoch && file.shard === shard);
      const head = run.chain(own, lineage, epoch === epochs.at(-1));
      if (head === undefined) whole = false;
      else heads.push(head);
    }
    lineage = whole ? lineageOf(heads) : undefined;
  }
  run.checkPresent(chains, epochs[0] ?? 0);
  const { segments, batches, commands, events, bytes, problems, unfinished } = run;
  return { segments, batches, commands, events, bytes, problems, unfinished };
}
