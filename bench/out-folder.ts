// bench/out: what runs leave behind (git-ignored). Made on first use.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Path of bench/out, which exists after the call. */
export function outFolder(): string {
  const folder = join(import.meta.dirname, 'out');
  mkdirSync(folder, { recursive: true });
  return folder;
}
