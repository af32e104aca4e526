// The broker's own clients in DATA/clients.jsonl, by account: the file the gateway loads a day from, read by the same reader. Whom the engine does
// not know yet is opened from here.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientRecord, ReferenceFileError, readClientFile } from '../../../workers/reference/index.ts';
import { FileError } from '../../files/file-error.ts';

/** One client; see ClientRecord. */
export type MasterClient = ClientRecord;

/** Name of the file in a data directory. */
export const CLIENT_MASTER = 'clients.jsonl';

/** Clients by account. Throws FileError with line and field. */
export function readClientMaster(dataDirectory: string): Map<string, MasterClient> {
  const file = join(dataDirectory, CLIENT_MASTER);
  if (!existsSync(file)) throw new FileError(file, '', 'is not there: it holds the broker’s own clients');
  try {
    return new Map(readClientFile(file).map((client) => [client.account, client]));
  } catch (error) {
    if (!(error instanceof ReferenceFileError)) throw error;
    const { line, field } = error.place;
    throw new FileError(file, [...(line > 0 ? [`line ${line}`] : []), ...(field === '' ? [] : [field])].join(', '), error.reason);
  }
}
