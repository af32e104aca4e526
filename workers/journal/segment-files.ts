// Names of segment files and the list of those that exist, in the order a slot lived through them.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SegmentFile {
  readonly path: string;
  readonly epoch: number;
  readonly shard: number;
  readonly segment: number;
}

const NAME = /^(\d{6})-s(\d{3})-(\d{6})\.tzj$/;

/** Directory of the journal inside a data directory. */
export const journalDirectory = (dataDir: string): string => join(dataDir, 'journal');

/** Path of one segment. */
export function segmentPath(directory: string, epoch: number, shard: number, segment: number): string {
  const name = `${String(epoch).padStart(6, '0')}-s${String(shard).padStart(3, '0')}-${String(segment).padStart(6, '0')}.tzj`;
  return join(directory, name);
}

/** Segments in `directory` by epoch, then shard, then number. Other files are left alone; a directory that is not there has none. */
export function listSegments(directory: string): SegmentFile[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const files: SegmentFile[] = [];
  for (const name of names) {
    const match = NAME.exec(name);
    if (match === null) continue;
    files.push({ path: join(directory, name), epoch: Number(match[1]), shard: Number(match[2]), segment: Number(match[3]) });
  }
  return files.sort((a, b) => a.epoch - b.epoch || a.shard - b.shard || a.segment - b.segment);
}
