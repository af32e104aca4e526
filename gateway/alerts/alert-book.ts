// The alerts of a gateway: one per kind and subject while the condition lasts, kept after it ended until there are too many. Survives a restart by
// its file. Decides nothing: watchers raise and clear.
import { ALERT_KINDS, type Alert, type AlertChange, type AlertKind, type AlertPage, type AlertStore } from './alert.ts';
import { AlertFile } from './alert-file.ts';

const ALERTS_MAX = 5_000;
const PAGE_MAX = 500;
/** A condition that goes on is told again at most this often. */
const REPEAT_MS = 10_000;
const FLUSH_MS = 100;
const TEXT_MAX = 300;

type Listener = (alert: Alert, change: AlertChange) => void;

export class AlertBook implements AlertStore {
  /** Alerts raised since the start, by kind. */
  readonly raised: Record<AlertKind, number> = Object.fromEntries(Object.keys(ALERT_KINDS).map((kind) => [kind, 0])) as Record<AlertKind, number>;
  private readonly file: AlertFile;
  private readonly now: () => number;
  private readonly limit: number;
  /** By id, ascending. */
  private readonly alerts = new Map<number, Alert>();
  private readonly active = new Map<string, number>();
  private readonly toldAt = new Map<number, number>();
  private readonly listeners = new Set<Listener>();
  private readonly timer: NodeJS.Timeout;
  private nextId = 1;

  /** Opens the file. `now` in milliseconds since 1970. */
  constructor(path: string, now: () => number, limit: number = ALERTS_MAX) {
    this.file = new AlertFile(path);
    this.now = now;
    this.limit = limit;
    for (const alert of this.file.open()) this.remember(alert);
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  /** The condition holds: a new alert, or one more sighting of the one that stands. */
  raise(kind: AlertKind, subject: string, text: string): Alert {
    const now = this.now();
    const id = this.active.get(keyOf(kind, subject));
    const standing = id === undefined ? undefined : this.alerts.get(id);
    if (standing !== undefined)
      return this.change({ ...standing, lastSeen: now, count: standing.count + 1, text: text.slice(0, TEXT_MAX) }, 'repeated');
    this.raised[kind] += 1;
    const alert: Alert = {
      id: this.nextId,
      kind,
      severity: ALERT_KINDS[kind].severity,
      subject,
      text: text.slice(0, TEXT_MAX),
      firstSeen: now,
      lastSeen: now,
      count: 1,
      clearedAt: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
    };
    this.makeRoom();
    return this.change(alert, 'raised');
  }

  /** The condition ended; nothing happens when no alert stands for it. */
  clear(kind: AlertKind, subject: string): void {
    const id = this.active.get(keyOf(kind, subject));
    const alert = id === undefined ? undefined : this.alerts.get(id);
    if (alert !== undefined) this.change({ ...alert, clearedAt: this.now() }, 'cleared');
  }

  /** The alert that stands for a condition. */
  standing(kind: AlertKind, subject: string): Alert | undefined {
    return this.alerts.get(this.active.get(keyOf(kind, subject)) ?? 0);
  }

  /** Alerts whose condition lasts, oldest first. */
  *activeAlerts(): IterableIterator<Alert> {
    for (const id of this.active.values()) {
      const alert = this.alerts.get(id);
      if (alert !== undefined) yield alert;
    }
  }

  recent(cursor: string | undefined, limit: number): AlertPage {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new RangeError('cursor is not one of an alert page');
    const below = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
    const size = Math.max(1, Math.min(PAGE_MAX, Math.floor(limit)));
    const page: Alert[] = [];
    for (const alert of [...this.alerts.values()].reverse()) {
      if (alert.id >= below) continue;
      if (page.length === size) return { alerts: page, next: String(page.at(-1)?.id ?? 0) };
      page.push(alert);
    }
    return { alerts: page, next: undefined };
  }

  acknowledge(id: number, by: string): Alert | undefined {
    const alert = this.alerts.get(id);
    if (alert === undefined || alert.acknowledgedBy !== null) return alert;
    const changed = this.change({ ...alert, acknowledgedBy: by, acknowledgedAt: this.now() }, 'acknowledged');
    this.flush();
    return changed;
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Writes everything and closes the file. */
  close(): void {
    clearInterval(this.timer);
    for (const id of this.active.values()) {
      const alert = this.alerts.get(id);
      if (alert !== undefined) this.file.add(alert);
    }
    this.flush();
    this.file.close();
  }

  private flush(): void {
    this.file.flush(() => this.alerts.values());
  }

  private change(alert: Alert, change: AlertChange): Alert {
    this.remember(alert);
    if (change === 'repeated' && alert.lastSeen - (this.toldAt.get(alert.id) ?? 0) < REPEAT_MS) return alert;
    if (alert.clearedAt === null) this.toldAt.set(alert.id, alert.lastSeen);
    else this.toldAt.delete(alert.id);
    this.file.add(alert);
    for (const listener of this.listeners) listener(alert, change);
    return alert;
  }

  private remember(alert: Alert): void {
    this.alerts.set(alert.id, alert);
    this.nextId = Math.max(this.nextId, alert.id + 1);
    const key = keyOf(alert.kind, alert.subject);
    if (alert.clearedAt === null) this.active.set(key, alert.id);
    else if (this.active.get(key) === alert.id) this.active.delete(key);
  }

  /** Forgets the oldest alert that is over, or else the oldest. */
  private makeRoom(): void {
    if (this.alerts.size < this.limit) return;
    let victim: Alert | undefined;
    for (const alert of this.alerts.values()) {
      victim ??= alert;
      if (alert.clearedAt === null) continue;
      victim = alert;
      break;
    }
    if (victim === undefined) return;
    this.alerts.delete(victim.id);
    this.toldAt.delete(victim.id);
    const key = keyOf(victim.kind, victim.subject);
    if (this.active.get(key) === victim.id) this.active.delete(key);
  }
}

const keyOf = (kind: AlertKind, subject: string): string => `${kind}/${subject}`;
