// Makes a directory and what is missing above it, one level at a time. Not mkdir's own recursion: that one never returns below /proc, where a
// directory may be neither made nor found.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes `path` unless it is there. Throws an Error that names the level that could not be had, and the system's code. */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !isDirectory(at); at = dirname(at)) missing.push(at);
  for (const level of missing.reverse()) {
    try {
      mkdirSync(level);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      // Another process may have made it meanwhile.
      if (code !== 'EEXIST' || !isDirectory(level)) throw new Error(`${level}: the directory cannot be made (${code})`);
    }
  }
}

/** Throws when something that is no directory stands there, or it may not be looked at. */
function isDirectory(path: string): boolean {
  try {
    if (statSync(path).isDirectory()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Below a file nothing is found: the file itself is what stands in the way.
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new Error(`${path}: the directory cannot be used (${code ?? String(error)})`);
  }
  throw new Error(`${path}: is not a directory`);
}
