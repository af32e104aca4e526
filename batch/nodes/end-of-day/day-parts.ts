// What end-of-day bodies share: the data directory, its kept files, the ways to the outside, the books in the night's environment. Nothing here decides
// anything; faults of files become faults of the node with their place.
import { readFileSync } from 'node:fs';
import type { RootDatabase } from 'lmdb';
import { ReferenceFileError } from '../../../workers/reference/index.ts';
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import { FileError } from '../../files/file-error.ts';
import { type Chain, SEGMENTS, SETTLED, type Segment, type Settled } from '../../graph/node-row.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { sha256Of } from '../../ports/fetched-file.ts';
import { openFileWays, type PortsFile, readPortsFile } from '../../ports/ports-file.ts';
import { type NodeContext, type Output, type Outputs, PermanentFault } from '../../runner/index.ts';
import type { NightFile, NightFiles } from '../night-files.ts';

/** What bodies are made with. */
export interface DayParts {
  readonly dataDirectory: string;
  readonly files: NightFiles;
  readonly calendar: BusinessCalendar;
}

type Ways = ReturnType<typeof openFileWays>['ways'];

/** Opens the ways of ports.json for as long as `work` lasts. */
export async function withWays<Result>({ dataDirectory }: DayParts, work: (ways: Ways) => Promise<Result>): Promise<Result> {
  let config: PortsFile;
  try {
    config = readPortsFile(dataDirectory);
  } catch (error) {
    throw new PermanentFault(error instanceof Error ? error.message : String(error));
  }
  const { ways, close } = openFileWays(config);
  try {
    return await work(ways);
  } finally {
    await close();
  }
}

/** Does `work`; a wrong file becomes a fault that no second try mends. */
export async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError || error instanceof ReferenceFileError) throw new PermanentFault(error.message);
    throw error;
  }
}

/** The chain of an instance that has one. */
export function chainOf({ segment, key }: NodeContext): Chain {
  if (segment === undefined) throw new PermanentFault(`${key}: has no segment`);
  return segment;
}

/** The clearing segment of an instance of a node that is parted by these. */
export function segmentOf({ segment, key }: NodeContext): Segment {
  const found = SEGMENTS.find((each) => each === segment);
  if (found === undefined) throw new PermanentFault(`${key}: has no segment of its own`);
  return found;
}

/** What an instance of a node of settlement settles: a clearing segment, or T+0. */
export function settledOf({ segment, key }: NodeContext): Settled {
  const found = SETTLED.find((each) => each === segment);
  if (found === undefined) throw new PermanentFault(`${key}: settles nothing of its own`);
  return found;
}

/** Does an instance settle securities? Those of the cash segment do, at T+1 or T+0. */
export const settlesUnits = ({ segment }: Pick<NodeContext, 'segment'>): boolean => segment === 'CM' || segment === 'T0';

/** yyyymmdd of YYYY-MM-DD. */
export const dayNumber = (date: string): number => Number(date.replaceAll('-', ''));

/** Keeps a file made here; the same bytes again are the same file. */
export function keepMade({ files }: DayParts, role: string, date: string, made: { readonly name: string; readonly bytes: Uint8Array }): NightFile {
  return files.keep(role, date, { ...made, sha256: sha256Of(made.bytes) });
}

/** A kept file named by another node's outputs, pinned to this run. Throws PermanentFault when it is no longer what that node left. */
export function useKept(context: NodeContext, role: string, outputs: Outputs, name = 'file'): string {
  const [path, sha256] = [textOf(outputs, name), textOf(outputs, name === 'file' ? 'sha256' : `${name}Sha256`)];
  if (sha256Of(readFileSync(path)) !== sha256) throw new PermanentFault(`${path}: is not the file that was left here (${sha256.slice(0, 12)})`);
  context.pin(role, path, sha256);
  return path;
}

/** An output that must be text. */
export function textOf(outputs: Outputs, name: string): string {
  const value = outputs[name];
  if (typeof value !== 'string') throw new PermanentFault(`an earlier node left no ${name}`);
  return value;
}

/** An output that must be a number. */
export function numberOf(outputs: Outputs, name: string): number {
  const value = outputs[name];
  if (typeof value !== 'number') throw new PermanentFault(`an earlier node left no ${name}`);
  return value;
}

/** An output that is a record of outputs. */
export function recordOf(value: Output | undefined, name: string): Outputs {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PermanentFault(`an earlier node left no ${name}`);
  return value as Outputs;
}

const ledgers = new WeakMap<RootDatabase, Ledger>();

/** The books of the night's environment: postings commit with the node that makes them. */
export function booksOf(root: RootDatabase): Ledger {
  const known = ledgers.get(root) ?? new Ledger(root);
  ledgers.set(root, known);
  return known;
}
