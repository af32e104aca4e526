// Largest requirement of the day by account, as far as this gateway has seen it: from every event that tells a client's margin, and from every time it
// was asked for. A small file carries it over restarts of the same day; a crash forgets at most what happened since the file was written.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ACCOUNT_BYTES, EventField, EventKind, type EventView } from '../../engine/index.ts';
import { makeDirectory } from '../../workers/index.ts';
import { ByteIndex } from './byte-index.ts';

/** How often the file is written, milliseconds. */
const WRITE_MS = 15_000;

/** A peak: paise, and when it was seen (microseconds since 1970; 0 when not known). */
export interface Peak {
  readonly paise: number;
  readonly timeMicros: number;
}

const FIRST_CAPACITY = 4_096;

export class PeakWatch {
  private readonly file: string;
  /** Row of an account; looked up by the bytes of an event, so that an order costs no string. */
  private index: ByteIndex = new ByteIndex(FIRST_CAPACITY);
  private accounts: string[] = [];
  private paise = new Float64Array(FIRST_CAPACITY);
  private timeMicros = new Float64Array(FIRST_CAPACITY);
  private date = 0;
  private changed = false;
  private readonly timer: NodeJS.Timeout;

  constructor(file: string) {
    this.file = file;
    this.load();
    this.timer = setInterval(() => this.write(), WRITE_MS);
    this.timer.unref();
  }

  /** Tells which business day it is; another than before forgets every peak. */
  useDay(businessDate: number): void {
    if (businessDate === this.date || businessDate === 0) return;
    this.date = businessDate;
    this.forget();
    this.changed = true;
  }

  /** Takes note of an event; every durable event is shown here. Allocates nothing for an account it knows. */
  handle(event: EventView): void {
    if (event.kind === EventKind.DayOpened) this.useDay(event.f64(EventField.value));
    const requirement = event.f64(EventField.requirementAfter);
    if (requirement <= 0 || event.rejectCode !== 0 || event.u8(EventField.account) === 0) return;
    const at = event.at + EventField.account;
    let length = 0;
    while (length < ACCOUNT_BYTES && event.bytes[at + length] !== 0) length += 1;
    this.raise(this.rowOf(event.bytes, at, length), requirement, event.f64(EventField.time));
  }

  /** Takes note of a requirement that was seen. */
  note(account: string, paise: number, timeMicros: number): void {
    const bytes = Buffer.from(account, 'latin1');
    this.raise(this.rowOf(bytes, 0, bytes.length), paise, timeMicros);
  }

  /** The account's peak so far; 0 before anything was seen. */
  of(account: string): Peak {
    const bytes = Buffer.from(account, 'latin1');
    const row = this.index.get(0, bytes, 0, bytes.length);
    return { paise: row < 0 ? 0 : (this.paise[row] ?? 0), timeMicros: row < 0 ? 0 : (this.timeMicros[row] ?? 0) };
  }

  /** Stops, and writes what is known. */
  close(): void {
    clearInterval(this.timer);
    this.write();
  }

  private raise(row: number, paise: number, timeMicros: number): void {
    if (paise <= (this.paise[row] ?? 0)) return;
    this.paise[row] = paise;
    this.timeMicros[row] = timeMicros;
    this.changed = true;
  }

  private rowOf(bytes: Uint8Array, at: number, length: number): number {
    const known = this.index.get(0, bytes, at, length);
    if (known >= 0) return known;
    const row = this.accounts.length;
    this.index.set(0, bytes, at, length, row);
    this.accounts.push(Buffer.from(bytes.subarray(at, at + length)).toString('latin1'));
    if (row === this.paise.length) [this.paise, this.timeMicros] = [doubled(this.paise), doubled(this.timeMicros)];
    return row;
  }

  private forget(): void {
    this.index = new ByteIndex(FIRST_CAPACITY);
    this.accounts = [];
    this.paise.fill(0);
    this.timeMicros.fill(0);
  }

  private load(): void {
    if (!existsSync(this.file)) return;
    try {
      const { date, peaks } = JSON.parse(readFileSync(this.file, 'utf8')) as { date: number; peaks: [string, number, number][] };
      this.date = date;
      for (const [account, paise, timeMicros] of peaks) this.note(account, paise, timeMicros);
    } catch {
      // A torn file: peaks are figures to look at, and begin anew.
      this.forget();
    }
    this.changed = false;
  }

  private write(): void {
    if (!this.changed) return;
    this.changed = false;
    makeDirectory(dirname(this.file));
    const peaks = this.accounts.map((account, row) => [account, this.paise[row], this.timeMicros[row]]);
    writeFileSync(`${this.file}.next`, JSON.stringify({ date: this.date, peaks }), { mode: 0o600 });
    renameSync(`${this.file}.next`, this.file);
  }
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const next = new Float64Array(column.length * 2);
  next.set(column);
  return next;
}
