// Alerts on disk: JSON lines, one whole alert per change, the last line of an id stands. Appended, and rewritten when it has grown, by a new file in
// the old one's place; a torn last line, as kill -9 leaves it, is dropped.
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '../../workers/index.ts';
import { ALERT_KINDS, type Alert } from './alert.ts';

/** A file larger than this is rewritten with what is kept. */
const FILE_BYTES_MAX = 8 << 20;

export class AlertFile {
  private readonly path: string;
  private readonly limit: number;
  private fd = -1;
  private bytes = 0;
  private waiting: string[] = [];

  /** Keeps at most FILE_BYTES_MAX, or `limit` bytes. */
  constructor(path: string, limit: number = FILE_BYTES_MAX) {
    this.path = path;
    this.limit = limit;
  }

  /** What the file holds, oldest first; opens it for appending. Lines of another release's kinds are left out. */
  open(): Alert[] {
    makeDirectory(dirname(this.path));
    const alerts = new Map<number, Alert>();
    if (existsSync(this.path))
      for (const line of readFileSync(this.path, 'utf8').split('\n')) {
        const alert = parseAlert(line);
        if (alert !== undefined) alerts.set(alert.id, alert);
      }
    const kept = [...alerts.values()].sort((a, b) => a.id - b.id);
    this.rewrite(kept);
    return kept;
  }

  /** Notes a change; flush writes it. */
  add(alert: Alert): void {
    this.waiting.push(`${JSON.stringify(alert)}\n`);
  }

  /** Writes what was noted; `all` gives what to keep when the file has grown too large. */
  flush(all: () => Iterable<Alert>): void {
    if (this.waiting.length === 0 || this.fd < 0) return;
    const text = Buffer.from(this.waiting.join(''));
    this.waiting = [];
    if (this.bytes + text.length > this.limit) {
      this.rewrite(all());
      return;
    }
    this.append(text);
  }

  close(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
  }

  private append(text: Uint8Array): void {
    for (let done = 0; done < text.length; ) done += writeSync(this.fd, text, done);
    this.bytes += text.length;
  }

  private rewrite(alerts: Iterable<Alert>): void {
    this.close();
    const next = `${this.path}.next`;
    this.fd = openSync(next, 'w', 0o600);
    this.bytes = 0;
    this.append(Buffer.from([...alerts].map((alert) => `${JSON.stringify(alert)}\n`).join('')));
    renameSync(next, this.path);
  }
}

function parseAlert(line: string): Alert | undefined {
  if (line === '') return undefined;
  try {
    const value = JSON.parse(line) as Alert;
    return Number.isSafeInteger(value.id) && Object.hasOwn(ALERT_KINDS, value.kind) ? value : undefined;
  } catch {
    return undefined;
  }
}
