// Where a thread finds parameter tables: those it was given, those on their way to it, and at last the store on disk.
import { join } from 'node:path';
import type { ParameterTable } from '../engine/index.ts';
import { hasTable, loadTable } from './reference/index.ts';
import type { TableSource } from './slot-fold.ts';

/** A table in shared memory. */
export interface SharedTable {
  readonly hash: string;
  readonly buffer: SharedArrayBuffer;
}

export interface ParameterFiles {
  readonly directory: string;
  readonly loaded: readonly SharedTable[];
}

/** Directory of the parameter store inside a data directory. */
export const parametersDirectory = (dataDir: string): string => join(dataDir, 'parameters');

/** Forgets the tables nobody asks for any more. */
export function keepTables(tables: Map<string, ParameterTable>, inUse: ReadonlySet<string>): void {
  for (const known of tables.keys()) if (!inUse.has(known)) tables.delete(known);
}

/** Looks in `tables`, then takes in what has been posted (`receive`), then reads the store. */
export function tableSource(tables: Map<string, ParameterTable>, directory: string, receive: () => void): TableSource {
  return (hash) => {
    const known = tables.get(hash);
    if (known !== undefined) return known;
    receive();
    const posted = tables.get(hash);
    if (posted !== undefined || !hasTable(directory, hash)) return posted;
    const stored = loadTable(directory, hash);
    tables.set(hash, stored);
    return stored;
  };
}
