// A backup of a data directory: every LMDB environment as one consistent snapshot, then the journals (so that they are never behind the tables),
// parameters and the night's kept files, with a manifest of digests and of what the books come to. Made beside its place and renamed when it is
// whole. Secrets are not in it.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { Ledger } from '../../ledger/ledger.ts';
import { UnitsLedger } from '../../securities/units-ledger.ts';
import { eachSlot } from '../engine/engine-state.ts';
import { whileReading } from '../engine/engine-turns.ts';

/** One file of a backup. */
export interface BackupFile {
  /** Below the backup, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What the night's books came to when they were copied. */
export interface BookRoots {
  readonly ledgerSequence: number;
  readonly ledgerHash: string;
  readonly trialBalanceRoot: string;
  readonly unitsSequence: number;
  readonly unitsHash: string;
  readonly unitsRoot: string;
}

/** A slot of the engine's tables. */
export interface SlotHash {
  readonly slot: number;
  readonly sequence: number;
  readonly hash: string;
}

/** See the file's head. */
export interface BackupManifest {
  readonly date: string;
  readonly books: BookRoots;
  readonly slots: readonly SlotHash[];
  readonly files: readonly BackupFile[];
}

/** Name of the manifest in a backup. */
export const MANIFEST = 'manifest.json';
/** Where the night's environment lies below a data directory. */
export const NIGHT_STATE: string = join('night', 'state');
const ENVIRONMENT_FILE = 'data.mdb';
const PLAIN = ['journal', 'parameters', join('night', 'files')];
const MAP_BYTES = 64 * 2 ** 30;
const TABLES_MAX = 64;
const QUIET_TRIES = 5;

/** What the books of an environment come to. */
export function bookRoots(root: RootDatabase): BookRoots {
  const [ledger, units] = [new Ledger(root), new UnitsLedger(root)];
  const { sequence: ledgerSequence, hash: ledgerHash } = ledger.head;
  const { sequence: unitsSequence, hash: unitsHash } = units.head;
  return { ledgerSequence, ledgerHash, trialBalanceRoot: ledger.trialBalance().root, unitsSequence, unitsHash, unitsRoot: units.root256() };
}

/** Hash of every stored slot of the engine; none where it has never run. */
export async function slotHashes(dataDirectory: string): Promise<SlotHash[]> {
  const hashes: SlotHash[] = [];
  await eachSlot(dataDirectory, (state) => hashes.push({ slot: state.slot, sequence: state.sequence, hash: state.hash() }));
  return hashes;
}

/** Makes the backup of a date; one that is there already is made anew. `root` is the night's open environment. Returns its manifest. */
export async function makeBackup(dataDirectory: string, place: string, date: string, root: RootDatabase): Promise<BackupManifest> {
  const half = `${place}.part`;
  rmSync(half, { recursive: true, force: true });
  const books = await copyNight(root, join(half, NIGHT_STATE));
  const slots = await slotHashes(dataDirectory);
  await whileReading(dataDirectory, async () => {
    for (const name of environments(dataDirectory)) await copyEnvironment(join(dataDirectory, name), join(half, name));
  });
  for (const name of PLAIN) copyTree(join(dataDirectory, name), join(half, name));
  const manifest: BackupManifest = { date, books, slots, files: await listFiles(half) };
  writeFileSync(join(half, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
  rmSync(place, { recursive: true, force: true });
  renameSync(half, place);
  return manifest;
}

/** Copies the night's environment at a moment at which nothing was booked, so that what the books came to is what was copied. */
async function copyNight(root: RootDatabase, to: string): Promise<BookRoots> {
  mkdirSync(to, { recursive: true });
  for (let i = 1; ; i++) {
    const before = bookRoots(root);
    await root.backup(to, true);
    const after = bookRoots(root);
    if (JSON.stringify(before) === JSON.stringify(after)) return after;
    if (i === QUIET_TRIES) throw new Error(`the books changed during each of ${QUIET_TRIES} copies: something still books`);
    rmSync(join(to, ENVIRONMENT_FILE));
  }
}

/** Environments directly below the data directory, by name; the night's own is copied apart. */
function environments(dataDirectory: string): string[] {
  return readdirSync(dataDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dataDirectory, entry.name, ENVIRONMENT_FILE)))
    .map(({ name }) => name)
    .sort();
}

async function copyEnvironment(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const root = open({ path: from, mapSize: MAP_BYTES, maxDbs: TABLES_MAX, readOnly: true, noSubdir: false });
  try {
    await root.backup(to, true);
  } finally {
    await root.close();
  }
}

function copyTree(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.part') || !statSync(join(from, name)).isFile()) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    copyFileSync(join(from, name), join(to, name));
  }
}

/** Every file below a directory with its digest, in order; the manifest and locks are not among them. */
export async function listFiles(directory: string): Promise<BackupFile[]> {
  const found: BackupFile[] = [];
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    if (name === MANIFEST || name.endsWith('lock.mdb') || !statSync(path).isFile()) continue;
    found.push({ path: relative(directory, path).replaceAll('\\', '/'), size: statSync(path).size, sha256: await digestOf(path) });
  }
  return found;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

/** Reads a backup's manifest. Throws Error naming the file when it is not one. */
export function readManifest(place: string): BackupManifest {
  const path = join(place, MANIFEST);
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as BackupManifest;
    if (Array.isArray(value.files) && Array.isArray(value.slots) && typeof value.books?.trialBalanceRoot === 'string') return value;
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new Error(`${path}: is not the manifest of a backup`);
}
