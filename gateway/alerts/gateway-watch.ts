// Alerts from what the gateway itself sees each second: feed, parameter file, checkpoint, sessions, rejections, disk. Reads figures others keep; each
// with its own hysteresis.

import type { FeedView } from '../market-data/feed-view.ts';
import { rejectName } from '../reject-text.ts';
import type { AlertKind } from './alert.ts';
import type { AlertBook } from './alert-book.ts';
import type { AlertConfig } from './alert-config.ts';
import { Hysteresis, type HysteresisRule } from './hysteresis.ts';

/** One FIX session as the watch sees it. */
export interface WatchedSession {
  readonly name: string;
  readonly loggedOn: boolean;
  /** Was it ever up? One that never was is not missed. */
  readonly isKnown: boolean;
  /** Is it within its own hours? */
  readonly isScheduled: boolean;
}

/** What the watch reads. */
export interface GatewayFigures {
  readonly isDayOpen: () => boolean;
  readonly feed: () => FeedView;
  /** Label of the SPAN file in force, '' for none, and its age in minutes. */
  readonly parameters: () => { readonly label: string; readonly ageMinutes: number };
  readonly checkpointLag: () => number;
  readonly sessions: () => readonly WatchedSession[];
  /** Rejections so far, by RejectCode. */
  readonly rejects: () => Float64Array;
  /** MiB free where the journal is. */
  readonly diskFreeMiB: () => number;
}

const EVERY_MS = 1_000;
const REJECT_WINDOW_MS = 60_000;

interface Tracked {
  readonly hysteresis: Hysteresis;
  readonly kind: AlertKind;
  readonly subject: string;
}

export class GatewayWatch {
  private readonly figures: GatewayFigures;
  private readonly book: AlertBook;
  private readonly config: AlertConfig;
  private readonly tracked = new Map<string, Tracked>();
  /** Rejections a second ago, two … a window ago, newest last. */
  private readonly history: { readonly at: number; readonly counts: Float64Array }[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(figures: GatewayFigures, book: AlertBook, config: AlertConfig) {
    this.figures = figures;
    this.book = book;
    this.config = config;
  }

  /** Looks each second. */
  start(now: () => number): void {
    this.timer ??= setInterval(() => this.look(now()), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** One look at everything; `now` in milliseconds. */
  look(now: number): void {
    const isOpen = this.figures.isDayOpen();
    this.lookAtFeed(isOpen, now);
    const { label, ageMinutes } = this.figures.parameters();
    const { parametersMaxAgeMinutes: maxAge, checkpointLagCommands: maxLag, diskFreeMiB: minFree, sessionDownSeconds } = this.config;
    // The subject stays the same while files change, so that the next one clears what the last one raised.
    this.judge(
      { kind: 'parametersOld', subject: 'span', text: `${label} has been in force for ${Math.round(ageMinutes)} minutes: load the newest SPAN file` },
      isOpen && label !== '' ? ageMinutes : 0,
      edge(maxAge, maxAge, 0, 0),
      now,
    );
    const lag = this.figures.checkpointLag();
    this.judge(
      { kind: 'checkpointLag', subject: 'checkpoint', text: `A restart would fold ${lag} commands again` },
      lag,
      edge(maxLag, maxLag / 2, 5_000, 5_000),
      now,
    );
    const free = this.figures.diskFreeMiB();
    // Negated, so that less is worse.
    this.judge(
      { kind: 'journalDiskLow', subject: 'journal', text: `${Math.floor(free)} MiB are left where the journal is written` },
      -free,
      edge(-minFree, -minFree * 1.2, 0, 5_000),
      now,
    );
    for (const session of this.figures.sessions()) {
      const isMissed = isOpen && session.isKnown && session.isScheduled && !session.loggedOn;
      this.judge(
        { kind: 'sessionDown', subject: session.name, text: 'The FIX session is down in trading hours: no orders and no fills come through it' },
        isMissed ? 1 : 0,
        edge(1, 0, sessionDownSeconds * 1_000, 0),
        now,
      );
    }
    this.lookAtRejects(now);
  }

  private lookAtFeed(isOpen: boolean, now: number): void {
    const feed = this.figures.feed();
    const isDown = feed.source !== 'none' && feed.state !== 'up';
    this.judge(
      { kind: 'feedStale', subject: 'feed', text: `No market data: ${feed.detail}` },
      isOpen && isDown ? 1 : 0,
      edge(1, 0, 5_000, 2_000),
      now,
    );
    for (const { exchange, instruments, stale, stale_after_seconds } of feed.segments) {
      const isSilent = instruments > 0 && stale === instruments;
      const text = `No price of the ${instruments} instruments held or worked for ${stale_after_seconds} s`;
      this.judge({ kind: 'feedStale', subject: exchange, text }, isOpen && isSilent ? 1 : 0, edge(1, 0, 0, 2_000), now);
    }
    const halted = new Set(feed.halts);
    for (const subject of halted)
      if (this.book.standing('marketHalt', subject) === undefined) this.book.raise('marketHalt', subject, 'The exchange halted trading');
    for (const alert of [...this.book.activeAlerts()])
      if (alert.kind === 'marketHalt' && !halted.has(alert.subject)) this.book.clear('marketHalt', alert.subject);
  }

  private lookAtRejects(now: number): void {
    const counts = this.figures.rejects();
    while ((this.history[0]?.at ?? now) < now - REJECT_WINDOW_MS) this.history.shift();
    const before = this.history[0]?.counts ?? counts;
    const { rejectsPerMinute: most } = this.config;
    for (const [code, count] of counts.entries()) {
      if (count === 0) continue;
      const recent = count - (before[code] ?? 0);
      const name = rejectName(code);
      this.judge(
        { kind: 'rejectBurst', subject: name, text: `${recent} rejections ${name} within a minute` },
        recent,
        edge(most, most / 2, 0, 10_000),
        now,
      );
    }
    this.history.push({ at: now, counts: Float64Array.from(counts) });
  }

  private judge(
    alert: { readonly kind: AlertKind; readonly subject: string; readonly text: string },
    value: number,
    rule: HysteresisRule,
    now: number,
  ): void {
    const { kind, subject, text } = alert;
    const key = `${kind}/${subject}`;
    const tracked = this.tracked.get(key) ?? this.track(key, { kind, subject, hysteresis: new Hysteresis(rule) });
    const change = tracked.hysteresis.update(value, now);
    if (change === 'raise') this.book.raise(kind, subject, text);
    else if (change === 'clear') this.book.clear(kind, subject);
  }

  /** An alert that stood when the gateway stopped is taken over as raised. */
  private track(key: string, tracked: Tracked): Tracked {
    tracked.hysteresis.isRaised = this.book.standing(tracked.kind, tracked.subject) !== undefined;
    this.tracked.set(key, tracked);
    return tracked;
  }
}

const edge = (raiseAt: number, clearAt: number, raiseAfterMs: number, clearAfterMs: number): HysteresisRule => ({
  raiseAt,
  clearAt,
  raiseAfterMs,
  clearAfterMs,
});
