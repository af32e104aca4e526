// Opens the books of a data directory as an environment of their own, for the command line and for tests; a program with more to commit beside its postings
// opens one environment for both and makes its Ledger over that.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { lockDirectory } from '../../workers/index.ts';
import { Ledger } from './ledger.ts';
import { LEDGER_DATABASES, NoBooks } from './ledger-store.ts';

/** Address space the environment may grow into; sparse until used. */
const MAP_BYTES = 64 * 2 ** 30;

/** Books that are open, and how to close them. */
export interface OpenLedger {
  readonly ledger: Ledger;
  readonly root: RootDatabase;
  close(): Promise<void>;
}

/** Where the books of a data directory lie. */
export const ledgerDirectory = (dataDirectory: string): string => join(dataDirectory, 'ledger');

/** Opens for writing; every commit is flushed to the disk. Rejects with DirectoryLocked while another process has the books. */
export async function openLedger(dataDirectory: string): Promise<OpenLedger> {
  const path = ledgerDirectory(dataDirectory);
  mkdirSync(path, { recursive: true });
  const unlock = await lockDirectory(path);
  const root = open({ path, mapSize: MAP_BYTES, maxDbs: LEDGER_DATABASES + 2, overlappingSync: false, noSubdir: false });
  const close = async (): Promise<void> => {
    await root.close();
    await unlock();
  };
  return { ledger: new Ledger(root), root, close };
}

/** Where the night keeps its books, beside its own state. */
const nightBooks = (dataDirectory: string): string => join(dataDirectory, 'night', 'state');

/** Opens for reading, beside a writer; without books of their own those of the night. Throws when there are none. */
export function openLedgerToRead(dataDirectory: string): OpenLedger {
  const own = ledgerDirectory(dataDirectory);
  const path = existsSync(join(own, 'data.mdb')) || !existsSync(join(nightBooks(dataDirectory), 'data.mdb')) ? own : nightBooks(dataDirectory);
  const none = (): Error => new Error(`${path}: there are no books here; tarazu-batch ledger post begins them`);
  if (!existsSync(join(path, 'data.mdb'))) throw none();
  const root = open({ path, mapSize: MAP_BYTES, maxDbs: LEDGER_DATABASES + 2, readOnly: true, noSubdir: false });
  try {
    return { ledger: new Ledger(root), root, close: () => root.close() };
  } catch (error) {
    void root.close();
    throw error instanceof NoBooks ? none() : error;
  }
}
