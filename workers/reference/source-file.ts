// Bytes of a reference file as published: plain, .gz or .zip (told by their first bytes, not by the name), streamed in order.
// Checks that nothing is cut or damaged: gzip and zip check sums, one file per zip. Knows nothing of what the bytes mean.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32, createGunzip } from 'node:zlib';
import { fault, ReferenceFileError } from './reference-error.ts';
import { openSingleEntryZip } from './zip-entry.ts';

/** What was read: the path as given and the SHA-256 (hex) of the file as it lies on disk. */
export interface SourceDigest {
  readonly file: string;
  readonly sha256: string;
}

const CHUNK = 1 << 18;

/** Feeds the unpacked content to `onBytes`, chunk by chunk; the bytes are valid inside the call only. Throws ReferenceFileError. */
export async function readSource(path: string, onBytes: (bytes: Uint8Array) => void): Promise<SourceDigest> {
  let ofReader: unknown;
  const deliver = (bytes: Uint8Array): void => {
    try {
      onBytes(bytes);
    } catch (error) {
      ofReader = error;
      throw error;
    }
  };
  try {
    const kind = await packing(path);
    return kind === 'zip' ? await readZip(path, deliver) : await readStream(path, kind, deliver);
  } catch (error) {
    // What the reader of the content raised is passed on as it is; all else is a fault of the file or its packing.
    throw error === ofReader ? error : located(path, error);
  }
}

async function readStream(path: string, kind: 'plain' | 'gzip', onBytes: (bytes: Uint8Array) => void): Promise<SourceDigest> {
  const digest = createHash('sha256');
  const raw = createReadStream(path, { highWaterMark: CHUNK });
  raw.on('data', (chunk) => digest.update(chunk));
  const stream = kind === 'gzip' ? raw.pipe(createGunzip({ chunkSize: CHUNK })) : raw;
  // A pipe does not carry the source's error onward.
  if (stream !== raw) raw.on('error', (error) => stream.destroy(error));
  await drain(stream, onBytes);
  return { file: path, sha256: digest.digest('hex') };
}

async function packing(path: string): Promise<'plain' | 'gzip' | 'zip'> {
  const handle = await open(path, 'r');
  try {
    const head = new Uint8Array(4);
    await handle.read(head, 0, 4, 0);
    if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
    return head[0] === 0x50 && head[1] === 0x4b ? 'zip' : 'plain';
  } finally {
    await handle.close();
  }
}

async function drain(stream: Readable, onBytes: (bytes: Uint8Array) => void): Promise<void> {
  for await (const chunk of stream) onBytes(chunk as Uint8Array);
}

async function readZip(path: string, onBytes: (bytes: Uint8Array) => void): Promise<SourceDigest> {
  const digest = createHash('sha256');
  await drain(createReadStream(path, { highWaterMark: CHUNK }), (bytes) => digest.update(bytes));
  const zip = await openSingleEntryZip(path);
  try {
    let sum = 0;
    await drain(await zip.stream(), (bytes) => {
      sum = crc32(bytes, sum);
      onBytes(bytes);
    });
    if (sum !== zip.crc32) fault(path, 0, zip.name, 'damaged: the CRC-32 of the unpacked bytes is not the one in the zip');
  } finally {
    zip.close();
  }
  return { file: path, sha256: digest.digest('hex') };
}

function located(path: string, error: unknown): Error {
  if (error instanceof ReferenceFileError) return error;
  if (!(error instanceof Error)) return new ReferenceFileError({ file: path, line: 0, field: '' }, String(error));
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const known: Record<string, string> = {
    ENOENT: 'no such file',
    EISDIR: 'is a directory',
    EACCES: 'may not be read',
    Z_BUF_ERROR: 'compressed data ends early: the file is cut short',
    Z_DATA_ERROR: `compressed data is damaged (${error.message})`,
  };
  return new ReferenceFileError({ file: path, line: 0, field: '' }, known[code] ?? error.message);
}
