// A book of alerts in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertBook } from '../../../gateway/alerts/alert-book.ts';

export interface OpenBook {
  readonly book: AlertBook;
  readonly path: string;
  /** Closes the book and removes the folder. */
  close(): void;
}

/** Opens one; `now` in milliseconds. */
export function bookIn(now: () => number, limit?: number): OpenBook {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-alerts-'));
  const path = join(folder, 'alerts.jsonl');
  const book = new AlertBook(path, now, limit);
  return {
    book,
    path,
    close() {
      book.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
