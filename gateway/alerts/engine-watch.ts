// Alerts from what the shards say: margin, breaks, stuck orders, kill switches. Events raise at once; a walk over the slots, one at a time, finds what
// no event told (a restart, a price that came back) and clears what is over. An event of a client who is fine costs a few reads and no memory.
import {
  ACCOUNT_BYTES,
  BreakKind,
  type BrokenAccounts,
  breakName,
  type ClientSummary,
  type DayView,
  EventField,
  EventKind,
  type EventView,
} from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import { SlotWalk } from '../slot-walk.ts';
import type { AlertKind } from './alert.ts';
import type { AlertBook } from './alert-book.ts';
import { type MarginLevel, marginLevel, usedShare } from './margin-level.ts';

/** Alert of each level of use. */
const LEVEL_KINDS: readonly (AlertKind | undefined)[] = [undefined, 'utilisation80', 'utilisation90', 'marginShortfall'];
/** Accounts by a hash of their name: 0 means that nobody in the bucket has a margin alert. */
const BUCKETS = 1 << 16;
/** Events that carry the client's margin as it stands after them. */
const CARRIES_MARGIN = ((): Uint8Array => {
  const carries = new Uint8Array(64);
  const { MarginChanged, OrderAccepted, ExecutionRecorded, OrderReplaced, OrderCanceled, OrderExpired } = EventKind;
  for (const kind of [MarginChanged, OrderAccepted, ExecutionRecorded, OrderReplaced, OrderCanceled, OrderExpired]) carries[kind] = 1;
  return carries;
})();
/** A slot's clients are weighed for the walk, a millisecond of its shard where there are many: hence one a second. */
const WALK_MS = 1_000;
/** Standing alerts looked at again each second, of each sort. */
const RECHECKS = 8;
/** A lower level must hold so long before it is believed: an order placed and cancelled is not the end of a shortage. Milliseconds. */
const EASE_MS = 10_000;

interface Standing {
  readonly level: MarginLevel;
  /** -1 while it is known from the file only. */
  readonly slot: number;
  /** Since when a lower level was seen without a break, milliseconds; 0 while it is not. */
  readonly easedAt: number;
}

export class EngineWatch {
  private readonly shards: Pick<Shards, 'query'>;
  private readonly book: AlertBook;
  private readonly now: () => number;
  private readonly buckets = new Uint8Array(BUCKETS);
  private readonly levels = new Map<string, Standing>();
  /** Break alerts that stand, by slot, so that a walk can clear them. */
  private readonly broken = new Map<number, Set<string>>();
  private readonly walk = new SlotWalk({ look: (slot) => this.lookAt(slot), stepped: () => this.recheck() });

  /** `now` in milliseconds. */
  constructor(shards: Pick<Shards, 'query'>, book: AlertBook, now: () => number) {
    this.shards = shards;
    this.book = book;
    this.now = now;
    for (const { kind, subject } of book.activeAlerts()) {
      const level = LEVEL_KINDS.indexOf(kind);
      if (level > 0) this.setLevel(subject, level as MarginLevel, -1);
    }
  }

  /** Begins the walk over the slots. */
  start(): void {
    this.walk.start(WALK_MS);
  }

  stop(): void {
    this.walk.stop();
  }

  /** Sees every event. */
  learn(event: EventView): void {
    const { kind } = event;
    if (CARRIES_MARGIN[kind] === 1) this.learnMargin(event);
    else if (kind === EventKind.BreakOpened) this.learnBreak(event);
    else if (kind === EventKind.KillSwitchEngaged || kind === EventKind.KillSwitchReleased) this.learnKill(event);
  }

  /** Looks at the next slot, and again at some of what stands; the timer calls it. */
  step(): Promise<void> {
    return this.walk.step();
  }

  /** A round begins with the day. */
  private async lookAt(slot: number): Promise<void> {
    if (slot === 0) await this.walkDay();
    await this.walkSlot(slot);
  }

  /** Looks at one slot: its clients' margin, its breaks, its kill switches. */
  async walkSlot(slot: number): Promise<void> {
    const clients = (await this.shards.query(slot, { type: 'clients' })) as readonly ClientSummary[];
    for (const client of clients) {
      this.setMargin(client.account, client.requirement, client.available, slot);
      if (client.killed) this.raiseOnce('killSwitch', client.account, 'The account is killed: nothing new passes');
      else this.book.clear('killSwitch', client.account);
    }
    await this.walkBreaks(slot);
  }

  private async walkDay(): Promise<void> {
    const { firmKilled } = (await this.shards.query(0, { type: 'day' })) as DayView;
    if (firmKilled) this.raiseOnce('killSwitch', 'FIRM', 'The firm is killed: nothing new passes');
    else this.book.clear('killSwitch', 'FIRM');
  }

  /** The alerts that stood longest without a look, first. */
  private async recheck(): Promise<void> {
    for (const [account, standing] of [...this.levels].filter(([, { slot }]) => slot >= 0).slice(0, RECHECKS)) {
      const { slot } = standing;
      // To the end of the line.
      this.levels.delete(account);
      this.levels.set(account, standing);
      const client = (await this.shards.query(slot, { type: 'summary', account })) as ClientSummary | undefined;
      if (client !== undefined) this.setMargin(account, client.requirement, client.available, slot);
    }
    const slots = [...this.broken].filter(([, standing]) => standing.size > 0).slice(0, RECHECKS);
    for (const [slot, standing] of slots) {
      this.broken.delete(slot);
      this.broken.set(slot, standing);
      await this.walkBreaks(slot);
    }
  }

  private async walkBreaks(slot: number): Promise<void> {
    const { stuck, others } = (await this.shards.query(slot, { type: 'brokenAccounts' })) as BrokenAccounts;
    const found = new Set<string>();
    for (const account of stuck) found.add(breakKey(true, account));
    for (const account of others) found.add(breakKey(false, account));
    for (const key of found) {
      const [kind, account] = splitKey(key);
      this.raiseOnce(kind, account, kind === 'stuckOrders' ? STUCK_TEXT : 'A report did not fit: see GET /v1/breaks');
    }
    for (const key of this.broken.get(slot) ?? []) if (!found.has(key)) this.book.clear(...splitKey(key));
    this.broken.set(slot, found);
  }

  private learnMargin(event: EventView): void {
    const requirement = event.f64(EventField.requirementAfter);
    const available = event.f64(EventField.available);
    // This client needs no alert and has none: the usual case.
    if (usedShare(requirement, available) < 0.8 && (this.levels.size === 0 || this.buckets[bucketOf(event)] === 0)) return;
    this.setMargin(event.text(EventField.account, ACCOUNT_BYTES), requirement, available, event.slot);
  }

  private setMargin(account: string, requirement: number, available: number, slot: number): void {
    if (account === '') return;
    const standing = this.levels.get(account);
    const before = standing?.level ?? 0;
    const level = marginLevel(requirement, available, before);
    if (standing !== undefined && level <= before) {
      // Coming down takes time; staying up forgets that it ever came down.
      const easedAt = level === before ? 0 : standing.easedAt === 0 ? this.now() : standing.easedAt;
      if (easedAt === 0 || this.now() - easedAt < EASE_MS) {
        if (easedAt !== standing.easedAt || slot !== standing.slot) this.levels.set(account, { level: before, slot, easedAt });
        return;
      }
    }
    if (level === before) return;
    this.setLevel(account, level, slot);
    const [was, is] = [LEVEL_KINDS[before], LEVEL_KINDS[level]];
    if (was !== undefined) this.book.clear(was, account);
    if (is !== undefined)
      this.book.raise(
        is,
        account,
        level === 3 ? 'The requirement is above the funds: only what reduces it passes' : `${level === 2 ? 90 : 80} % of the funds are used`,
      );
  }

  private setLevel(account: string, level: MarginLevel, slot: number): void {
    const bucket = bucketOfText(account);
    const before = this.levels.get(account)?.level ?? 0;
    if (level === 0) this.levels.delete(account);
    else this.levels.set(account, { level, slot, easedAt: 0 });
    const change = (level === 0 ? 0 : 1) - (before === 0 ? 0 : 1);
    // Saturates: a bucket with 255 accounts stays marked, which costs time and hides nothing.
    const count = this.buckets[bucket] ?? 0;
    if (count < 255) this.buckets[bucket] = count + change;
  }

  private learnBreak(event: EventView): void {
    const account = event.text(EventField.account, ACCOUNT_BYTES);
    const isStuck = event.u16(EventField.breakKind) === BreakKind.stuckOrder;
    const standing = this.broken.get(event.slot) ?? new Set();
    if (standing.size === 0) this.broken.set(event.slot, standing);
    standing.add(breakKey(isStuck, account));
    if (isStuck) this.book.raise('stuckOrders', account, STUCK_TEXT);
    else this.book.raise('breakOpened', account, `A report did not fit (${breakName(event.u16(EventField.breakKind))}): see GET /v1/breaks`);
  }

  private learnKill(event: EventView): void {
    const account = event.text(EventField.account, ACCOUNT_BYTES);
    // A firm-wide switch answers once per slot.
    if (account === '' && event.slot !== 0) return;
    const subject = account === '' ? 'FIRM' : account;
    if (event.kind === EventKind.KillSwitchReleased) this.book.clear('killSwitch', subject);
    else
      this.book.raise('killSwitch', subject, account === '' ? 'The firm is killed: nothing new passes' : 'The account is killed: nothing new passes');
  }

  private raiseOnce(kind: AlertKind, subject: string, text: string): void {
    if (this.book.standing(kind, subject) === undefined) this.book.raise(kind, subject, text);
  }
}

const STUCK_TEXT = 'Orders are not confirmed in time; their margin is held until the OMS reports';
const breakKey = (isStuck: boolean, account: string): string => `${isStuck ? 'stuckOrders' : 'breakOpened'}/${account}`;
const splitKey = (key: string): [AlertKind, string] => [
  key.startsWith('stuckOrders/') ? 'stuckOrders' : 'breakOpened',
  key.slice(key.indexOf('/') + 1),
];

function bucketOf(event: EventView): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ACCOUNT_BYTES; i++) {
    const code = event.u8(EventField.account + i);
    if (code === 0) break;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

function bucketOfText(account: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < account.length; i++) hash = Math.imul(hash ^ account.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
