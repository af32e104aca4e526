// The body of a node that takes in one file: fetch it by the way the runner asks for, check it, keep it, pin it. A file that is not there yet or came in
// halves is tried again; one that came whole and is wrong is refused with its place; yesterday's is used where the plan allows a stale list.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ReferenceFileError } from '../../workers/reference/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { FileError } from '../files/file-error.ts';
import { sha256Of } from '../ports/fetched-file.ts';
import { FILE_NAMES, type FileRoleName, pathOf } from '../ports/file-names.ts';
import { type FileSource, type FileWays, openFileWays, readPortsFile } from '../ports/ports-file.ts';
import { type NodeBody, type NodeContext, type Outcome, type Outputs, PermanentFault, TransientFault } from '../runner/index.ts';
import type { NightFiles } from './night-files.ts';

/** What is fetched for a node. */
export interface FileRole {
  /** Name under which it is kept and pinned. */
  readonly role: string;
  readonly source: FileSource;
  /** Path at the other side for a business date, YYYY-MM-DD. */
  readonly path: (date: string) => string;
  /** Reads it whole and says what it holds; throws FileError, ReferenceFileError or PermanentFault with the place. `date` is the date it must be for. */
  readonly check: (file: string, date: string) => Promise<Outputs>;
}

/** Where ports.json lies, and where files are kept. */
export interface FetchParts {
  readonly dataDirectory: string;
  readonly files: NightFiles;
}

/** A role of batch/ports/file-names.ts, with its check. */
export function fileRole(role: FileRoleName, check: FileRole['check']): FileRole {
  const calendar = new BusinessCalendar();
  return { role, source: FILE_NAMES[role].source, path: (date) => pathOf(role, date, calendar.tradedBefore(date)), check };
}

/** Body of a node that needs the files of `roles`; its outputs have, per role, path, sha256 and what the check said. */
export function fetchBody(parts: FetchParts, ...roles: readonly FileRole[]): NodeBody {
  return async (context) => {
    const opened = portsOf(parts.dataDirectory);
    try {
      return await fetchAll({ files: parts.files, ways: opened.ways }, roles, context);
    } finally {
      await opened.close();
    }
  };
}

/** Opened for one attempt: a body holds nothing, and a connection left open would keep the process. */
function portsOf(dataDirectory: string): ReturnType<typeof openFileWays> {
  try {
    return openFileWays(readPortsFile(dataDirectory));
  } catch (error) {
    throw new PermanentFault((error as Error).message);
  }
}

interface OpenParts {
  readonly ways: Readonly<Record<FileSource, FileWays>>;
  readonly files: NightFiles;
}

async function fetchAll(parts: OpenParts, roles: readonly FileRole[], context: NodeContext): Promise<Outcome> {
  const outputs: Record<string, Outputs> = {};
  const notes: string[] = [];
  for (const role of roles) {
    const { taken, staleDate } = context.way === 'stale' ? await yesterdays(parts, role, context) : await fetched(parts, role, context);
    outputs[role.role] = taken;
    if (staleDate !== '') notes.push(`${role.role} of ${staleDate}`);
  }
  const outcome: Outcome = { outputs };
  return notes.length === 0 ? outcome : { ...outcome, stale: true, note: `stale: ${notes.join(', ')}` };
}

interface Taken {
  readonly taken: Outputs;
  readonly staleDate: string;
}

async function fetched({ ways, files }: OpenParts, role: FileRole, context: NodeContext): Promise<Taken> {
  const { primary, alternate } = ways[role.source];
  const file = await (context.way === 'alternate' ? alternate : primary).fetch(role.path(context.date));
  const kept = files.keep(role.role, context.date, file);
  const said = await checked(role, kept.path, context.date);
  context.pin(role.role, file.name, file.sha256);
  return { taken: { file: kept.path, sha256: file.sha256, of: context.date, ...said }, staleDate: '' };
}

async function yesterdays({ files }: OpenParts, role: FileRole, context: NodeContext): Promise<Taken> {
  const known = files.before(role.role, context.date);
  if (known === undefined) throw new PermanentFault(`${role.role}: there is no earlier list to go on with`);
  const sha256 = sha256Of(readFileSync(known.path));
  const said = await checked(role, known.path, known.date);
  context.pin(role.role, basename(known.path), sha256);
  return { taken: { file: known.path, sha256, of: known.date, ...said }, staleDate: known.date };
}

async function checked(role: FileRole, path: string, date: string): Promise<Outputs> {
  try {
    return await role.check(path, date);
  } catch (error) {
    if (error instanceof PermanentFault || error instanceof TransientFault) throw error;
    if (error instanceof FileError || error instanceof ReferenceFileError) throw new PermanentFault(error.message);
    throw error;
  }
}
