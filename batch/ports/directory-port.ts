// Files in a plain directory: what a courier, a vendor's mover or a test puts there.
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PermanentFault, TransientFault } from '../runner/index.ts';
import { fetchedFile, sha256Of } from './fetched-file.ts';
import { type FetchedFile, type FilePort, type ListedFile, sidecarOf } from './file-port.ts';

/** See the file's head. Paths are below `root`. */
export class DirectoryPort implements FilePort {
  readonly name: string;
  private readonly root: string;

  constructor(name: string, root: string) {
    this.name = name;
    this.root = root;
  }

  async list(folder: string): Promise<readonly ListedFile[]> {
    const names = await readdir(this.at(folder)).catch(() => []);
    const files: ListedFile[] = [];
    for (const name of names.sort()) {
      const { size, mtimeMs } = await stat(this.at(`${folder}/${name}`));
      if (!name.endsWith('.part')) files.push({ name, size, modified: Math.round(mtimeMs * 1000) });
    }
    return files;
  }

  async fetch(path: string): Promise<FetchedFile> {
    const bytes = await readFile(this.at(path)).catch((error: NodeJS.ErrnoException) => {
      throw new TransientFault(`${this.name}: ${path} is not there (${error.code ?? error.message})`);
    });
    const promised = await readFile(this.at(sidecarOf(path)), 'latin1').catch(() => undefined);
    return fetchedFile(basename(path), bytes, promised);
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const to = this.at(path);
    const known = await readFile(to).catch(() => undefined);
    if (known !== undefined) {
      if (sha256Of(known) === sha256Of(bytes)) return;
      throw new PermanentFault(`${this.name}: ${path} is there with other content`);
    }
    await mkdir(dirname(to), { recursive: true });
    await writeFile(`${to}.part`, bytes);
    await rename(`${to}.part`, to);
  }

  async close(): Promise<void> {}

  private at(path: string): string {
    if (path.split('/').includes('..')) throw new PermanentFault(`${this.name}: ${path} leaves the folder`);
    return join(this.root, path);
  }
}
