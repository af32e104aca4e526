// Files the night has taken in, kept by role and date under `night/files`: written once, named by content, found again for a later node, a stale
// fallback or an audit. Never overwritten: another version of a role lies beside the first.
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nightDirectory } from '../night/night.ts';
import type { FetchedFile } from '../ports/file-port.ts';

/** A kept file. */
export interface NightFile {
  readonly role: string;
  /** Business date it was kept for, YYYY-MM-DD. */
  readonly date: string;
  readonly path: string;
  readonly sha256: string;
}

const DIGEST_CHARACTERS = 12;

/** See the file's head. */
export class NightFiles {
  private readonly root: string;

  constructor(dataDirectory: string) {
    this.root = join(nightDirectory(dataDirectory), 'files');
  }

  /** Keeps a file; the same content again is the same file. */
  keep(role: string, date: string, file: FetchedFile): NightFile {
    const folder = join(this.root, role, date, file.sha256.slice(0, DIGEST_CHARACTERS));
    const path = join(folder, file.name);
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${path}.part`, file.bytes);
      renameSync(`${path}.part`, path);
    }
    return { role, date, path, sha256: file.sha256 };
  }

  /** A file of the role kept for this very date, or undefined; of several versions the first by digest. */
  of(role: string, date: string): string | undefined {
    const folder = join(this.root, role, date);
    if (!existsSync(folder)) return undefined;
    for (const digest of readdirSync(folder).sort()) {
      const name = readdirSync(join(folder, digest)).find((each) => !each.endsWith('.part'));
      if (name !== undefined) return join(folder, digest, name);
    }
    return undefined;
  }

  /** A file of the role kept for this very date under this name, or undefined. */
  named(role: string, date: string, name: string): string | undefined {
    const folder = join(this.root, role, date);
    if (!existsSync(folder)) return undefined;
    return readdirSync(folder)
      .sort()
      .map((digest) => join(folder, digest, name))
      .find((path) => existsSync(path));
  }

  /** Newest date before `date` for which the role was kept, and a file of it; undefined when there is none. The digest is the folder's, cut short. */
  before(role: string, date: string): { readonly date: string; readonly path: string } | undefined {
    const folder = join(this.root, role);
    if (!existsSync(folder)) return undefined;
    const newest = readdirSync(folder)
      .filter((other) => other < date)
      .sort()
      .at(-1);
    if (newest === undefined) return undefined;
    for (const digest of readdirSync(join(folder, newest))) {
      const name = readdirSync(join(folder, newest, digest)).find((each) => !each.endsWith('.part'));
      if (name !== undefined) return { date: newest, path: join(folder, newest, digest, name) };
    }
    return undefined;
  }
}
