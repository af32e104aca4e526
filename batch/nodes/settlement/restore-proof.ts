// Proof that a backup can be lived from: it is restored into a directory of its own, byte by byte against its manifest, opened as a data directory
// is, the books folded anew from their journals, the engine's journal replayed against its tables; and what comes out is compared with what the
// manifest says went in.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { open } from 'lmdb';
import { inspectJournal, NightPool } from '../../../workers/index.ts';
import { Ledger } from '../../ledger/ledger.ts';
import { UnitsLedger } from '../../securities/units-ledger.ts';
import { type BackupManifest, bookRoots, listFiles, NIGHT_STATE, readManifest, slotHashes } from './next-bod-backup.ts';

/** What a restore came to. */
export interface RestoreProof {
  /** Each names a file or a figure; none = the backup is proved. */
  readonly problems: readonly string[];
  readonly files: number;
  /** Entries of both books that were folded anew. */
  readonly entries: number;
  /** Commands of the engine that were folded anew. */
  readonly commands: number;
}

const MAP_BYTES = 64 * 2 ** 30;
const TABLES_MAX = 64;

/** Restores `place` into `to`, which must be empty or absent, and proves it. The restored directory is left for the caller. */
export async function proveRestore(place: string, to: string): Promise<RestoreProof> {
  if (existsSync(to) && readdirSync(to).length > 0) throw new Error(`${to}: is not empty; a backup is restored into a directory of its own`);
  let manifest: BackupManifest;
  try {
    manifest = readManifest(place);
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)], files: 0, entries: 0, commands: 0 };
  }
  const problems = await fileProblems(place, manifest);
  // What is not the file that was copied is not opened.
  if (problems.length > 0) return { problems, files: manifest.files.length, entries: 0, commands: 0 };
  for (const { path } of manifest.files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(place, path), join(to, path));
  }
  const entries = await bookProblems(to, manifest, problems);
  const commands = await engineProblems(to, manifest, problems);
  return { problems, files: manifest.files.length, entries, commands };
}

/** Proves a backup in a scratch directory beside it, which is removed again. */
export async function proveBackup(place: string): Promise<RestoreProof> {
  const scratch = `${place}.restored`;
  rmSync(scratch, { recursive: true, force: true });
  try {
    return await proveRestore(place, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Files that are not what the manifest says. */
export async function fileProblems(place: string, manifest: BackupManifest): Promise<string[]> {
  const there = new Map((await listFiles(place)).map((file) => [file.path, file]));
  const problems = manifest.files.flatMap(({ path, size, sha256 }) => {
    const file = there.get(path);
    if (file === undefined) return [`${path}: is missing`];
    if (file.size !== size) return [`${path}: ${file.size} bytes where ${size} were written`];
    return file.sha256 === sha256 ? [] : [`${path}: its content is not what was written`];
  });
  const known = new Set(manifest.files.map(({ path }) => path));
  return [...problems, ...[...there.keys()].filter((path) => !known.has(path)).map((path) => `${path}: is not in the manifest`)];
}

async function bookProblems(directory: string, { books }: BackupManifest, problems: string[]): Promise<number> {
  const root = open({ path: join(directory, NIGHT_STATE), mapSize: MAP_BYTES, maxDbs: TABLES_MAX, readOnly: true, noSubdir: false });
  try {
    const restored = bookRoots(root);
    for (const [name, value] of Object.entries(books))
      if (restored[name as keyof typeof restored] !== value)
        problems.push(`${name}: ${restored[name as keyof typeof restored]} restored, ${value} went in`);
    problems.push(...new Ledger(root).verify().findings.map((finding) => `ledger: ${finding}`));
    if (restored.unitsSequence > 0) problems.push(...new UnitsLedger(root).verify().map((finding) => `units: ${finding}`));
    return restored.ledgerSequence + restored.unitsSequence;
  } finally {
    await root.close();
  }
}

/** A gateway may have gone on while it was copied: slots are compared where they are as of the same command; the replay covers the others. */
async function engineProblems(directory: string, { slots }: BackupManifest, problems: string[]): Promise<number> {
  if (!existsSync(join(directory, 'journal'))) return 0;
  const restored = new Map((await slotHashes(directory)).map((one) => [one.slot, one]));
  for (const { slot, sequence, hash } of slots) {
    const other = restored.get(slot);
    if (other === undefined) problems.push(`slot ${slot}: is not in the restored tables`);
    else if (other.sequence === sequence && other.hash !== hash) problems.push(`slot ${slot}: hash ${other.hash} restored, ${hash} went in`);
  }
  problems.push(...(await inspectJournal(directory)).problems);
  const pool = new NightPool();
  try {
    const { differences, commands } = await pool.replay(directory);
    problems.push(...differences);
    return commands;
  } catch (error) {
    problems.push(`replay: ${error instanceof Error ? error.message : String(error)}`);
    return 0;
  } finally {
    await pool.close();
  }
}
