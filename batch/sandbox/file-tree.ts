// The files the sandbox offers and takes: a tree of paths in memory, each with its content and the time from which it can be seen. Sidecars with the
// SHA-256 are made for every file offered. What a fault changes is decided when the file is read, so that switching it off heals the next fetch.
import { createHash } from 'node:crypto';
import { damaged } from './damage.ts';
import type { FaultSwitches } from './faults.ts';

/** One file. `visibleAt` in milliseconds since 1970. */
export interface TreeFile {
  readonly bytes: Uint8Array;
  readonly visibleAt: number;
  readonly modifiedAt: number;
}

/** How much later than it is due a late file appears, milliseconds. */
const LATE_MILLIS = 20_000;
const SIDECAR = '.sha256';

/** See the file's head. Paths begin with a slash. */
export class FileTree {
  private readonly files = new Map<string, TreeFile>();
  private readonly faults: FaultSwitches;
  private readonly now: () => number;
  /** Told of every file put by the other side. */
  onPut: (path: string, bytes: Uint8Array) => void = () => undefined;

  constructor(faults: FaultSwitches, now: () => number = Date.now) {
    this.faults = faults;
    this.now = now;
  }

  /** Offers a file from `visibleAt` on (0 = at once). */
  offer(path: string, bytes: Uint8Array, visibleAt = 0): void {
    this.files.set(path, { bytes, visibleAt, modifiedAt: Math.max(visibleAt, this.now()) });
  }

  /** Takes a file from the other side. */
  put(path: string, bytes: Uint8Array): void {
    this.files.set(path, { bytes, visibleAt: 0, modifiedAt: this.now() });
    if (!path.endsWith('.part')) this.onPut(path, bytes);
  }

  /** Renames; false when there is no such file. */
  rename(from: string, to: string): boolean {
    const file = this.files.get(from);
    if (file === undefined || this.files.has(to)) return false;
    this.files.delete(from);
    this.put(to, file.bytes);
    return true;
  }

  /** Content as it can be seen now, sidecars included; undefined when there is nothing (yet). */
  read(path: string): Uint8Array | undefined {
    if (path.endsWith(SIDECAR)) {
      const file = this.seen(path.slice(0, -SIDECAR.length));
      return file === undefined ? undefined : this.sidecar(this.content(path.slice(0, -SIDECAR.length), file), path);
    }
    const file = this.seen(path);
    if (file === undefined) return undefined;
    const bytes = this.content(path, file);
    return isOffered(path) && this.faults.isOn('half-file') ? bytes.subarray(0, bytes.length >> 1) : bytes;
  }

  /** Files of a folder that can be seen now. */
  list(folder: string): { readonly name: string; readonly file: TreeFile }[] {
    const prefix = folder.endsWith('/') ? folder : `${folder}/`;
    return [...this.files.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .flatMap((path) => {
        const file = this.seen(path);
        return file === undefined ? [] : [{ name: path.slice(prefix.length), file }];
      });
  }

  /** Every path, seen or not. */
  get paths(): string[] {
    return [...this.files.keys()];
  }

  private content(path: string, { bytes }: TreeFile): Uint8Array {
    return isOffered(path) ? damaged(path, bytes, this.faults) : bytes;
  }

  private seen(path: string): TreeFile | undefined {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    const late = isOffered(path) && this.faults.isOn('late-file') ? LATE_MILLIS : 0;
    return this.now() >= (late === 0 ? file.visibleAt : file.modifiedAt + late) ? file : undefined;
  }

  private sidecar(bytes: Uint8Array, path: string): Uint8Array {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const shown = this.faults.isOn('wrong-checksum') ? digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) : digest;
    return Buffer.from(`${shown}  ${path.split('/').at(-1)?.slice(0, -SIDECAR.length)}\n`, 'latin1');
  }
}

/** Faults touch what the sandbox offers, not what it was given. */
const isOffered = (path: string): boolean => !path.startsWith('/upload/');
