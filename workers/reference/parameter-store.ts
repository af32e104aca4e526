// Parameter tables on disk by SHA-256 of their bytes. A table is complete and synced before its hash is handed out, and its bytes
// are checked against the hash whenever it is read; a damaged one is refused, never used.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ParameterTable } from '../../engine/index.ts';
import { fault, ReferenceFileError } from './reference-error.ts';

const HASH = /^[0-9a-f]{64}$/;

/** Content hash of a table: SHA-256 of its bytes, hex. */
export function hashOfTable(table: ParameterTable): string {
  return createHash('sha256').update(new Uint8Array(table.buffer)).digest('hex');
}

function pathOf(directory: string, hash: string): string {
  return join(directory, `${hash}.table`);
}

/** Stores a table and returns its hash; when this returns the table survives a power cut. Storing it again changes nothing. */
export function saveTable(directory: string, table: ParameterTable): string {
  const hash = hashOfTable(table);
  const path = pathOf(directory, hash);
  mkdirSync(directory, { recursive: true });
  if (isSound(directory, hash)) return hash;
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const file = openSync(temporary, 'w');
    try {
      const bytes = new Uint8Array(table.buffer);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(directory);
  return hash;
}

/** Whether the stored bytes are those of the hash; a damaged file is written anew. */
function isSound(directory: string, hash: string): boolean {
  if (!existsSync(pathOf(directory, hash))) return false;
  try {
    loadTable(directory, hash);
    return true;
  } catch (error) {
    if (error instanceof ReferenceFileError) return false;
    throw error;
  }
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether a table is stored (not whether it is sound). */
export function hasTable(directory: string, hash: string): boolean {
  return HASH.test(hash) && existsSync(pathOf(directory, hash));
}

/** Reads a table into a fresh SharedArrayBuffer. Throws ReferenceFileError when absent or when its bytes are not those of the hash. */
export function loadTable(directory: string, hash: string): ParameterTable {
  const path = pathOf(directory, hash);
  if (!HASH.test(hash)) fault(path, 0, '', `"${hash}" is not a SHA-256 in hex`);
  if (!existsSync(path)) fault(path, 0, '', 'no parameter table of this hash is stored');
  const file = openSync(path, 'r');
  try {
    const length = fstatSync(file).size;
    const bytes = new Uint8Array(new SharedArrayBuffer(length));
    let at = 0;
    while (at < length) {
      const got = readSync(file, bytes, at, length - at, at);
      if (got === 0) break;
      at += got;
    }
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== hash) fault(path, 0, '', `damaged: its SHA-256 is ${found}`);
    return new ParameterTable(bytes.buffer);
  } finally {
    closeSync(file);
  }
}
