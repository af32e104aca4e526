// The few file calls the journal makes, so that a test can give it a full disk. Synchronous: a blocked worker has no event loop.
import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

export interface FilePort {
  /** Creates a file that must not exist yet. */
  create(path: string): number;
  /** May write fewer bytes than asked; returns how many. */
  write(fd: number, bytes: Uint8Array, from: number, length: number, position: number): number;
  sync(fd: number): void;
  truncate(fd: number, length: number): void;
  close(fd: number): void;
  /** Makes the directory entry of a new file durable. */
  syncDirectory(directory: string): void;
}

/** The operating system's files. */
export const systemFiles: FilePort = {
  create: (path) => openSync(path, 'wx+'),
  write: (fd, bytes, from, length, position) => writeSync(fd, bytes, from, length, position),
  sync: (fd) => fdatasyncSync(fd),
  truncate: (fd, length) => ftruncateSync(fd, length),
  close: (fd) => closeSync(fd),
  syncDirectory: (directory) => {
    const fd = openSync(directory, 'r');
    try {
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  },
};
