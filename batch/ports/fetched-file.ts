// Checks that belong to every way of fetching: the digest of what came, and whether it is what the sidecar promised.
import { createHash } from 'node:crypto';
import { TransientFault } from '../runner/index.ts';
import type { FetchedFile } from './file-port.ts';

/** Lower-case hex SHA-256. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The file with its digest; `promised` is the sidecar's text, undefined without one. Throws TransientFault when they differ: the file is half written. */
export function fetchedFile(name: string, bytes: Uint8Array, promised: string | undefined): FetchedFile {
  const sha256 = sha256Of(bytes);
  const wanted = promised?.trim().slice(0, 64).toLowerCase();
  if (wanted !== undefined && wanted !== sha256)
    throw new TransientFault(`${name}: its content does not match its sidecar (${bytes.length} bytes): half a file`);
  return { name, bytes, sha256 };
}
