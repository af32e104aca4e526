// What a person who watches a night sees: one line per thing that happens and, for every node that runs, elapsed against what it has. On a terminal the
// running ones stand below the lines and are redrawn; elsewhere they are said again now and then.

import { span } from '../night/night-text.ts';
import type { InstanceView } from '../night/night-view.ts';
import { type InstanceRecord, istTime } from '../runner/index.ts';

/** Where it is shown. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** This process's standard output. */
export const standardScreen = (): Screen => ({
  isTerminal: process.stdout.isTTY === true,
  columns: process.stdout.columns || COLUMNS,
  write: (text) => {
    process.stdout.write(text);
  },
});

const BAR_WIDTH = 12;
/** Width of a terminal that does not say its own. */
const COLUMNS = 120;
/** How often a running node is said again where nothing can be redrawn. */
const AGAIN_MICROS = 30e6;
const KEY_WIDTH = 28;

/** See the file's head. */
export class Progress {
  private readonly screen: Screen;
  private drawn = 0;
  private readonly saidAt = new Map<string, number>();

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** Says what a record says; inputs and assignments are too small for a line. */
  record(runId: string, key: string, record: InstanceRecord, now: number): void {
    const what = words(record);
    if (what !== '') this.line(`${istTime(now)} ${runId} ${key.padEnd(KEY_WIDTH)} ${what}`);
  }

  /** A line that stays. */
  line(text: string): void {
    this.screen.write(`${this.erased()}${text}\n`);
  }

  /** Shows what runs now; call about once a second. */
  running(views: readonly InstanceView[], now: number): void {
    const at = views.filter(({ status }) => status === 'running');
    if (this.screen.isTerminal) {
      const lines = at.map((view) => runningLine(view, now).slice(0, this.screen.columns - 1));
      this.screen.write(this.erased() + lines.map((line) => `${line}\n`).join(''));
      this.drawn = lines.length;
      return;
    }
    for (const view of at) {
      const since = Math.max(view.startedAt, this.saidAt.get(view.key) ?? 0);
      if (now - since < AGAIN_MICROS) continue;
      this.saidAt.set(view.key, now);
      this.line(`${istTime(now)} ${runningLine(view, now)}`);
    }
  }

  /** Leaves only the lines that stay. */
  end(): void {
    this.screen.write(this.erased());
  }

  /** What takes the drawn lines away. */
  private erased(): string {
    const up = this.drawn === 0 ? '' : `\x1b[${this.drawn}A\x1b[J`;
    this.drawn = 0;
    return up;
  }
}

/** One running node: elapsed, what it has in all, a bar, when it is due and will probably land. */
export function runningLine(view: InstanceView, now: number): string {
  const elapsed = now - view.startedAt;
  const [clock, key] = [span(elapsed).padStart(6), view.key.padEnd(KEY_WIDTH)];
  if (view.dueAt === 0) return `▶ ${key} ${clock}  no deadline`;
  const whole = Math.max(1, view.dueAt - view.startedAt);
  const filled = Math.max(0, Math.min(BAR_WIDTH, Math.round((elapsed / whole) * BAR_WIDTH)));
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  const due = `due ${istTime(view.dueAt).slice(0, 5)}`;
  if (now > view.dueAt) return `▶ ${key} ${clock} ${bar} LATE by ${span(now - view.dueAt)}, ${due}`;
  const lands = view.risk === 'atRisk' ? `AT RISK, lands ${istTime(view.predictedAt).slice(0, 5)}` : `lands ${istTime(view.predictedAt).slice(0, 5)}`;
  return `▶ ${key} ${clock} ${bar} of ${span(whole)}, ${due}, ${lands}`;
}

function words(record: InstanceRecord): string {
  switch (record.kind) {
    case 'started':
      return record.attempt > 1 || record.way !== 'usual' ? `started (attempt ${record.attempt}, ${record.way} way)` : 'started';
    case 'done':
      return `done${record.stale ? ' on a stale list' : ''}${record.note === '' ? '' : `: ${record.note}`}`;
    case 'failed':
      return `failed: ${record.error} → ${record.next.status === 'retry' ? `again at ${istTime(record.next.at)}` : record.next.status}`;
    case 'inDoubt':
      return `IN DOUBT: ${record.error} (call ${record.call}); asking again at ${istTime(record.askAt)}`;
    case 'interrupted':
      return 'was running when the process ended; goes on';
    case 'inherited':
      return `as in ${record.from}`;
    case 'proposed':
      return `${record.action} proposed by ${record.by}: ${record.reason}`;
    case 'approved':
      return `approved by ${record.by}`;
    case 'cleared':
    case 'held':
    case 'released':
    case 'withdrawn':
      return `${record.kind} by ${record.by}: ${record.reason}`;
    case 'input':
    case 'assigned':
      return '';
  }
}
