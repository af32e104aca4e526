// The topics somebody follows, or followed a moment ago. Reads those that were touched, a bounded number and a bounded time per turn, first touched first, so
// that the stream never stands in the way of orders. Tells one listener what came of it.
import { Topic } from './topic.ts';
import type { TopicSource } from './topic-source.ts';

/** Readings started in one turn, and waiting for their answer at once. */
const READS_PER_TURN = 128;
const READS_WAITING = 128;
/** Time one turn gives to starting readings, milliseconds: with inline shards a reading is done there and then. */
const TURN_MS = 1.5;
/** How long a topic that could not be read is left alone, milliseconds. */
const RETRY_MS = 250;
/** How long a topic nobody follows is remembered, so that a client may resume it, milliseconds. */
const KEPT_MS = 60_000;
/** How often idle and old topics are looked for, milliseconds. */
const SWEEP_MS = 500;
/** Topics at most, followed or remembered; one that is only remembered makes room for one that is followed. */
const TOPICS_MAX = 25_000;

/** A topic and what the board knows of it. */
export interface TopicEntry<Follower> {
  readonly topic: Topic;
  readonly source: TopicSource;
  readonly followers: Set<Follower>;
  /** Has the state been read since somebody began to follow? Before that nothing of it is shown. */
  isFresh: boolean;
  isQueued: boolean;
  isReading: boolean;
  /** When the last reading began. */
  readAt: number;
  /** After a reading that failed: not before this time. */
  retryAt: number;
  /** When the last follower left. */
  leftAt: number;
}

/** Told what a reading found: another state (or the first for new followers), or that there is no such thing. */
export interface BoardListener<Follower> {
  changed(entry: TopicEntry<Follower>): void;
  missing(entry: TopicEntry<Follower>): void;
  /** It could not be read, and is read again. */
  failed(entry: TopicEntry<Follower>, error: unknown): void;
}

export class TopicBoard<Follower> {
  private readonly entries = new Map<string, TopicEntry<Follower>>();
  private queue: TopicEntry<Follower>[] = [];
  private readonly sources: readonly TopicSource[];
  private readonly listener: BoardListener<Follower>;
  private readonly run: string;
  private readonly now: () => number;
  private readonly touchedSources = new Set<TopicSource>();
  private made = 0;
  private waiting = 0;
  private sweptAt = 0;

  /** `run` names this process in stream ids; `now` is a clock in milliseconds. */
  constructor(sources: readonly TopicSource[], listener: BoardListener<Follower>, run: string, now: () => number) {
    this.sources = sources;
    this.listener = listener;
    this.run = run;
    this.now = now;
  }

  /** Who reads topics of this name; undefined when nobody does. */
  sourceOf(name: string): TopicSource | undefined {
    return this.sources.find((source) => source.owns(name));
  }

  /** Adds the follower that `make` makes; undefined when there are too many topics already. */
  follow(name: string, source: TopicSource, make: (entry: TopicEntry<Follower>) => Follower): Follower | undefined {
    const entry = this.entries.get(name) ?? this.make(name, source);
    if (entry === undefined) return undefined;
    const follower = make(entry);
    entry.followers.add(follower);
    if (!entry.isFresh) this.enqueue(entry);
    return follower;
  }

  /** Takes a follower away. */
  leave(entry: TopicEntry<Follower>, follower: Follower): void {
    entry.followers.delete(follower);
    if (entry.followers.size > 0) return;
    entry.isFresh = false;
    entry.leftAt = this.now();
  }

  /** Something of the topic may have changed. Cheap, and cheaper for a topic nobody follows. */
  touch(name: string): void {
    const entry = this.entries.get(name);
    if (entry !== undefined && entry.followers.size > 0) this.enqueue(entry);
  }

  /** Something of every topic of this source may have changed. Takes effect with the next turn, once for many calls. */
  touchAll(source: TopicSource): void {
    this.touchedSources.add(source);
  }

  /** Starts readings that are due. */
  turn(): void {
    const now = this.now();
    if (this.touchedSources.size > 0 || now - this.sweptAt >= SWEEP_MS) this.sweep(now);
    const { queue } = this;
    const later: TopicEntry<Follower>[] = [];
    const start = performance.now();
    let at = 0;
    for (let started = 0; at < queue.length; at++) {
      if (started >= READS_PER_TURN || this.waiting >= READS_WAITING || performance.now() - start > TURN_MS) break;
      const entry = queue[at];
      if (entry === undefined) continue;
      entry.isQueued = false;
      if (entry.followers.size === 0) continue;
      if (entry.isReading || now < entry.retryAt || (entry.isFresh && now - entry.readAt < entry.source.restMs)) {
        later.push(entry);
        continue;
      }
      started += 1;
      void this.read(entry, now);
    }
    // A reading that ended inside the loop may have queued more.
    this.queue = [...this.queue.slice(at), ...later.filter((entry) => !entry.isQueued)];
    for (const entry of later) entry.isQueued = true;
  }

  private make(name: string, source: TopicSource): TopicEntry<Follower> | undefined {
    if (this.entries.size >= TOPICS_MAX && !this.forgetIdle()) return undefined;
    this.made += 1;
    const topic = new Topic(name, `${this.run}-${this.made}`, source.silent);
    const entry = {
      topic,
      source,
      followers: new Set<Follower>(),
      isFresh: false,
      isQueued: false,
      isReading: false,
      readAt: Number.NEGATIVE_INFINITY,
      retryAt: Number.NEGATIVE_INFINITY,
      leftAt: 0,
    };
    this.entries.set(name, entry);
    return entry;
  }

  private enqueue(entry: TopicEntry<Follower>): void {
    if (entry.isQueued) return;
    entry.isQueued = true;
    this.queue.push(entry);
  }

  private async read(entry: TopicEntry<Follower>, now: number): Promise<void> {
    entry.isReading = true;
    entry.readAt = now;
    this.waiting += 1;
    try {
      const data = await entry.source.read(entry.topic.name);
      if (data === undefined) this.forget(entry);
      else {
        const wasFresh = entry.isFresh;
        entry.isFresh = entry.followers.size > 0;
        if (entry.topic.accept(data) || (entry.isFresh && !wasFresh)) this.listener.changed(entry);
      }
    } catch (error) {
      this.listener.failed(entry, error);
      entry.retryAt = this.now() + RETRY_MS;
      if (entry.followers.size > 0) this.enqueue(entry);
    } finally {
      entry.isReading = false;
      this.waiting -= 1;
    }
  }

  private forgetIdle(): boolean {
    for (const [name, { followers, isReading }] of this.entries) if (followers.size === 0 && !isReading) return this.entries.delete(name);
    return false;
  }

  private forget(entry: TopicEntry<Follower>): void {
    this.entries.delete(entry.topic.name);
    this.listener.missing(entry);
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [name, entry] of this.entries) {
      if (entry.followers.size > 0) {
        if (now - entry.readAt >= entry.source.recheckMs || this.touchedSources.has(entry.source)) this.enqueue(entry);
      } else if (now - entry.leftAt >= KEPT_MS && !entry.isReading) this.entries.delete(name);
    }
    this.touchedSources.clear();
  }
}
