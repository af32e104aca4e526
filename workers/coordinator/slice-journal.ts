// The coordinator's journal: one line a record, with its CRC before it, on disk before anybody is told. A last line cut short is dropped (nobody was told of
// it); anything else that is wrong is refused with its line.
import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeDirectory } from '../make-directory.ts';
import type { SliceRecord } from './slice-book.ts';

const CRC_DIGITS = 8;

/** What a coordinator writes to. */
export interface SliceJournal {
  /** Records so far, oldest first. */
  readonly records: readonly SliceRecord[];
  /** Resolves when the record is on disk. */
  append(record: SliceRecord): Promise<void>;
}

const lineOf = (record: SliceRecord): string => {
  const text = JSON.stringify(record);
  return `${crc32(text).toString(16).padStart(CRC_DIGITS, '0')} ${text}\n`;
};

/** A journal in a file. One process at a time: whoever owns the data directory. */
export class FileSliceJournal implements SliceJournal {
  readonly records: readonly SliceRecord[];
  private readonly path: string;
  private file: number;

  /** Throws RangeError naming file and line when the file is damaged. */
  constructor(path: string) {
    this.path = path;
    makeDirectory(dirname(path));
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const { records, whole } = readRecords(path, bytes);
    this.records = records;
    this.file = openSync(path, 'a', 0o600);
    if (whole < bytes.length) ftruncateSync(this.file, whole);
  }

  append(record: SliceRecord): Promise<void> {
    writeSync(this.file, lineOf(record));
    fdatasyncSync(this.file);
    return Promise.resolve();
  }

  /** Begins the file anew with these records, which must say all that the old ones did. */
  rewrite(records: readonly SliceRecord[]): void {
    const next = `${this.path}.next`;
    const file = openSync(next, 'w', 0o600);
    writeSync(file, records.map(lineOf).join(''));
    fdatasyncSync(file);
    renameSync(next, this.path);
    closeSync(this.file);
    this.file = file;
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Records, and how many bytes hold whole lines. */
function readRecords(path: string, bytes: Buffer): { records: SliceRecord[]; whole: number } {
  const whole = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  const records = lines.map((line, index) => {
    const text = line.slice(CRC_DIGITS + 1);
    if (crc32(text).toString(16).padStart(CRC_DIGITS, '0') !== line.slice(0, CRC_DIGITS))
      throw new RangeError(`${path}:${index + 1}: the record does not fit its checksum`);
    return JSON.parse(text) as SliceRecord;
  });
  return { records, whole };
}
