// The single file inside a published zip, as a stream. Wraps yauzl; CRC-32 is the caller's to check (yauzl checks sizes only).
import type { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';
import { fault } from './reference-error.ts';

/** An open zip with exactly one file. Call `close` when done. */
export interface SingleEntryZip {
  readonly name: string;
  readonly crc32: number;
  stream(): Promise<Readable>;
  close(): void;
}

/** Opens the zip; a ReferenceFileError when it holds no file or several. */
export async function openSingleEntryZip(path: string): Promise<SingleEntryZip> {
  const zip = await openZip(path);
  const entries = await listEntries(zip);
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    zip.close();
    return fault(path, 0, '', `the zip holds ${entries.length} files, expected one`);
  }
  return { name: entry.fileName, crc32: entry.crc32, stream: () => openEntry(zip, entry), close: () => zip.close() };
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      if (!entry.fileName.endsWith('/')) found.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(found));
    zip.once('error', reject);
    zip.readEntry();
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
