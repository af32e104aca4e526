// Log lines about things that may happen ten thousand times a second: one a minute for each key, with how many were left out since.
import type { Logger } from '../log.ts';

const EVERY_MS = 60_000;
const KEYS_MAX = 1_000;

export class RareLines {
  private readonly log: Logger;
  private readonly now: () => number;
  private readonly keys = new Map<string, { at: number; left: number }>();

  /** `now` in milliseconds. */
  constructor(log: Logger, now: () => number) {
    this.log = log;
    this.now = now;
  }

  /** Writes a warning, unless one of the same key was written within the minute. */
  warn(key: string, fields: object, text: string): void {
    const now = this.now();
    const last = this.keys.get(key);
    if (last !== undefined && now - last.at < EVERY_MS) {
      last.left += 1;
      return;
    }
    if (this.keys.size >= KEYS_MAX) this.keys.clear();
    this.keys.set(key, { at: now, left: 0 });
    this.log.warn(last === undefined || last.left === 0 ? fields : { ...fields, alike: last.left }, text);
  }
}
