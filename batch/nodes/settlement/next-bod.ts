// PREP-NEXT-BOD: logs rotated, the data directory backed up and the backup proved by restoring it, the standby's copy brought level and held against
// it. What is not proved is not a backup: then the node fails.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { type NodeBody, PermanentFault } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';
import { type BackupManifest, MANIFEST, makeBackup } from './next-bod-backup.ts';
import { fileProblems, proveBackup } from './restore-proof.ts';

/** What the house says of it in `backup.json` of the data directory; all of it may be left out. */
export interface BackupHouse {
  /** Where backups go; default: `backup` of the data directory. */
  readonly directory?: string | undefined;
  /** A standby's copy, as a directory that is mounted; none by default, and then the node's note says so. */
  readonly replica?: string | undefined;
  /** Backups kept. */
  readonly keep?: number | undefined;
  /** Days for which rotated logs are kept. */
  readonly logDays?: number | undefined;
}

const FILE = 'backup.json';
const schema: z.ZodType<BackupHouse> = z.strictObject({
  directory: z.string().min(1).optional(),
  replica: z.string().min(1).optional(),
  keep: z.int().min(1).max(400).optional(),
  logDays: z.int().min(1).max(4000).optional(),
});
const KEPT = 7;
/** System logs are kept half a year and more: cyber rules of SEBI ask for 180 days of security logs. */
const LOG_DAYS = 180;
const DAY_MS = 86_400_000;
const SHOWN_MAX = 5;
const BACKUP_NAME = /^\d{4}-\d{2}-\d{2}$/;

/** Body of PREP-NEXT-BOD. Outputs: backup's place and what was proved of it, replica's files, logs rotated. */
export function nextBeginOfDayBody({ dataDirectory }: DayParts): NodeBody {
  return async (context) => {
    const house = readBackupHouse(dataDirectory);
    const directory = house.directory ?? join(dataDirectory, 'backup');
    const logs = rotateLogs(join(dataDirectory, 'logs'), context.date, house.logDays ?? LOG_DAYS);
    mkdirSync(directory, { recursive: true });
    const place = join(directory, context.date);
    const manifest = await makeBackup(dataDirectory, place, context.date, context.root);
    const proof = await proveBackup(place);
    if (proof.problems.length > 0) throw new PermanentFault(`backup ${place} is not proved: ${proof.problems.slice(0, SHOWN_MAX).join('; ')}`);
    const replicated = house.replica === undefined ? 0 : await replicate(place, join(house.replica, context.date), manifest);
    prune(directory, house.keep ?? KEPT);
    return {
      outputs: {
        backup: place,
        files: proof.files,
        entries: proof.entries,
        commands: proof.commands,
        trialBalanceRoot: manifest.books.trialBalanceRoot,
        unitsRoot: manifest.books.unitsRoot,
        replicated,
        logs,
      },
      note: house.replica === undefined ? 'no replica is configured (backup.json): this backup is on one machine' : '',
    };
  };
}

/** Reads backup.json. Throws PermanentFault with file and field. */
export function readBackupHouse(dataDirectory: string): BackupHouse {
  const path = join(dataDirectory, FILE);
  if (!existsSync(path)) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PermanentFault(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PermanentFault(`${path}: ${parsed.error.issues.map(({ path: at, message }) => `${z.core.toDotPath(at)}: ${message}`).join('; ')}`);
}

/** Brings the standby's copy level and reads it back; returns its files. Throws PermanentFault when it is not the same. */
async function replicate(place: string, replica: string, manifest: BackupManifest): Promise<number> {
  rmSync(`${replica}.part`, { recursive: true, force: true });
  for (const path of [...manifest.files.map((file) => file.path), MANIFEST]) {
    mkdirSync(dirname(join(`${replica}.part`, path)), { recursive: true });
    copyFileSync(join(place, path), join(`${replica}.part`, path));
  }
  rmSync(replica, { recursive: true, force: true });
  renameSync(`${replica}.part`, replica);
  const problems = await fileProblems(replica, manifest);
  if (problems.length > 0) throw new PermanentFault(`replica ${replica} differs: ${problems.slice(0, SHOWN_MAX).join('; ')}`);
  return manifest.files.length;
}

/** Removes all but the newest backups; nothing that is not one is touched. */
function prune(directory: string, keep: number): void {
  const names = readdirSync(directory)
    .filter((name) => BACKUP_NAME.test(name))
    .sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep))) rmSync(join(directory, name), { recursive: true, force: true });
}

/** Packs each log of a directory under the date and begins it anew; packed ones go after `days`. Returns how many were packed. */
export function rotateLogs(directory: string, date: string, days: number): number {
  if (!existsSync(directory)) return 0;
  let packed = 0;
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    const [, on] = /\.(\d{4}-\d{2}-\d{2})\.log\.gz$/.exec(name) ?? [];
    if (on !== undefined && Date.parse(date) - Date.parse(on) > days * DAY_MS) rmSync(path);
    if (!name.endsWith('.log') || !statSync(path).isFile() || statSync(path).size === 0) continue;
    const to = join(directory, `${name.slice(0, -'.log'.length)}.${date}.log.gz`);
    // Packed in a run that died after it: what came since goes behind it, as a second member of the same gzip file.
    const before = existsSync(to) ? readFileSync(to) : Buffer.alloc(0);
    writeFileSync(`${to}.part`, Buffer.concat([before, gzipSync(readFileSync(path))]));
    renameSync(`${to}.part`, to);
    // A writer that has it open goes on writing at its end: truncated in place, never replaced.
    writeFileSync(path, '');
    packed += 1;
  }
  return packed;
}
