// Largest requirement of the day by account, as far as this gateway has seen it: from every event that tells a client's margin, and from every time it
// was asked for. A small file carries it over restarts of the same day; a crash forgets at most what happened since the file was written.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ACCOUNT_BYTES, EventField, EventKind, type EventView } from '../../engine/index.ts';
import { makeDirectory } from '../../workers/index.ts';

/** How often the file is written, milliseconds. */
const WRITE_MS = 15_000;

/** A peak: paise, and when it was seen (microseconds since 1970; 0 when not known). */
export interface Peak {
  readonly paise: number;
  readonly timeMicros: number;
}

const NONE: Peak = { paise: 0, timeMicros: 0 };

export class PeakWatch {
  private readonly file: string;
  private readonly peaks = new Map<string, Peak>();
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
    this.peaks.clear();
    this.changed = true;
  }

  /** Takes note of an event; every durable event is shown here. */
  handle(event: EventView): void {
    if (event.kind === EventKind.DayOpened) this.useDay(event.f64(EventField.value));
    const requirement = event.f64(EventField.requirementAfter);
    if (requirement <= 0 || event.rejectCode !== 0 || event.u8(EventField.account) === 0) return;
    this.note(event.text(EventField.account, ACCOUNT_BYTES), requirement, event.f64(EventField.time));
  }

  /** Takes note of a requirement that was seen. */
  note(account: string, paise: number, timeMicros: number): void {
    if (paise <= (this.peaks.get(account) ?? NONE).paise) return;
    this.peaks.set(account, { paise, timeMicros });
    this.changed = true;
  }

  /** The account's peak so far. */
  of(account: string): Peak {
    return this.peaks.get(account) ?? NONE;
  }

  /** Stops, and writes what is known. */
  close(): void {
    clearInterval(this.timer);
    this.write();
  }

  private load(): void {
    if (!existsSync(this.file)) return;
    try {
      const { date, peaks } = JSON.parse(readFileSync(this.file, 'utf8')) as { date: number; peaks: [string, number, number][] };
      this.date = date;
      for (const [account, paise, timeMicros] of peaks) this.peaks.set(account, { paise, timeMicros });
    } catch {
      // A torn file: peaks are figures to look at, and begin anew.
      this.peaks.clear();
    }
  }

  private write(): void {
    if (!this.changed) return;
    this.changed = false;
    makeDirectory(dirname(this.file));
    const peaks = [...this.peaks].map(([account, { paise, timeMicros }]) => [account, paise, timeMicros]);
    writeFileSync(`${this.file}.next`, JSON.stringify({ date: this.date, peaks }), { mode: 0o600 });
    renameSync(`${this.file}.next`, this.file);
  }
}
