// The market data of a running gateway: a source's ticks through the filter onto the board, from the board into marks, and what there is to say
// about it all. Without a source it says so and calls nothing stale.
import { type EventView, ExchangeSegment, type ParameterTable } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import type { Logger } from '../log.ts';
import type { FeedConfig } from './feed-config.ts';
import type { FeedDesk, FeedSegment, FeedView, StaleInstrument } from './feed-view.ts';
import { HeldInstruments } from './held-instruments.ts';
import { keyOf, segmentOf, tokenOf } from './instrument-key.ts';
import { MARK_MILLIS, type Mark, MarkPublisher } from './mark-publisher.ts';
import type { MarketDataPort, MarketDataSink, MarketNews, SessionState, Tick } from './market-data-port.ts';
import { PriceBoard, type Quote } from './price-board.ts';
import { RareLines } from './rare-lines.ts';

const WALK_MILLIS = 100;
const STALE_SHOWN = 100;
const VIEW_MILLIS = 250;
const TICKS_PER_RUPEE = 10_000;
const SEGMENT_NAMES = Object.fromEntries(Object.entries(ExchangeSegment).map(([name, number]) => [number, name])) as Record<
  number,
  keyof typeof ExchangeSegment
>;

/** What the market data is made of. */
export interface MarketDataParts {
  readonly config: FeedConfig;
  readonly source: MarketDataPort | undefined;
  readonly shards: Pick<Shards, 'query' | 'broadcast' | 'flush'>;
  readonly tableInForce: () => ParameterTable | undefined;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class MarketData implements FeedDesk {
  readonly marks: MarkPublisher;
  private readonly parts: MarketDataParts;
  private readonly board: PriceBoard;
  private readonly held: HeldInstruments;
  private readonly lines: RareLines;
  private readonly halts = new Set<string>();
  private readonly bans = new Set<string>();
  private readonly sessions = new Map<number, SessionState>();
  private readonly timers: NodeJS.Timeout[] = [];
  private startedAt = 0;
  private wantedVersion = -1;
  private seen: { readonly at: number; readonly view: FeedView } | undefined;

  constructor(parts: MarketDataParts) {
    this.parts = parts;
    const { config } = parts;
    this.board = new PriceBoard({ share: config.jumpPercent / 100, floor: config.jumpFloorRupees * TICKS_PER_RUPEE });
    this.held = new HeldInstruments(parts.shards, parts.now, (key) => this.board.republish(key));
    this.marks = new MarkPublisher(this.board, parts.shards, (key) => this.held.has(key));
    this.lines = new RareLines(parts.log, parts.now);
  }

  /** Sees every event of the engine: what is traded is what needs a price. */
  learn(event: EventView): void {
    if (this.parts.source !== undefined) this.held.learn(event);
  }

  /** Starts the source and the marks; resolves when it is known what is held. Does nothing without a source. */
  async start(): Promise<void> {
    const { source, log, config } = this.parts;
    if (source === undefined) return;
    this.startedAt = this.parts.now();
    await this.held.walk();
    this.refresh();
    const sink: MarketDataSink = {
      tick: (tick) => this.take(tick),
      news: (news) => this.hear(news),
      fault: (problem) => this.lines.warn('fault', { problem }, 'market data could not be read'),
    };
    source.start(sink);
    this.timers.push(setInterval(() => this.publish(), MARK_MILLIS));
    this.timers.push(setInterval(() => void this.held.step().catch(() => undefined), WALK_MILLIS));
    log.info({ source: config.source, held: this.held.size }, 'market data is on');
  }

  async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await this.parts.source?.stop();
  }

  /** Last believed quote of an instrument. */
  quote(segment: number, token: number): Quote | undefined {
    return this.board.quote(segment, token);
  }

  /** Calls back with the prices that went to the shards. */
  onMarks(listener: (marks: readonly Mark[]) => void): void {
    this.marks.onMarks(listener);
  }

  /** Counts of the source, by name. */
  get sourceCounters(): Readonly<Record<string, number>> {
    return this.parts.source?.counters ?? {};
  }

  isStale(segment: number, token: number): boolean {
    if (this.parts.source === undefined) return false;
    return this.parts.now() - this.freshSince(keyOf(segment, token), segment) > this.limitMs(segment);
  }

  /** As it was at most a quarter of a second ago: a scrape asks many times. */
  view(): FeedView {
    const now = this.parts.now();
    if (this.seen === undefined || now - this.seen.at > VIEW_MILLIS || now < this.seen.at) this.seen = { at: now, view: this.look(now) };
    return this.seen.view;
  }

  private look(now: number): FeedView {
    const { source, config } = this.parts;
    const { segments, stale } = this.ages(now);
    const seenAt = Math.max(0, ...this.board.segmentSeenAt);
    const isSilent = (segment: FeedSegment): boolean => segment.instruments > 0 && segment.stale === segment.instruments;
    return {
      source: config.source,
      state: source?.state ?? 'off',
      detail: source?.detail ?? 'no source of market data is configured',
      age_seconds: seenAt === 0 ? null : (now - seenAt) / 1_000,
      stale: source !== undefined && (segments.some(isSilent) || (segments.length === 0 && source.state !== 'up')),
      segments,
      stale_instruments: stale,
      ticks: this.board.ticks,
      bad_ticks: { ...this.board.refused },
      halts: [...this.halts],
      bans: [...this.bans],
      sessions: Object.fromEntries([...this.sessions].map(([segment, state]) => [SEGMENT_NAMES[segment] ?? String(segment), state])),
    };
  }

  private take(tick: Tick): void {
    const now = this.parts.now();
    const reason = this.board.take(tick, now);
    if (reason === undefined) return;
    const { segment, token, price } = tick;
    this.lines.warn(
      `${reason}/${keyOf(segment, token)}`,
      { reason, exchange: SEGMENT_NAMES[segment], token, symbol: this.symbol(segment, token), ticks: price },
      'a tick was not believed',
    );
  }

  private hear(news: MarketNews): void {
    const { log } = this.parts;
    if (news.type === 'band') this.board.setBand(news.segment, news.token, news.low, news.high);
    else if (news.type === 'ban') toggle(this.bans, news.underlying, news.banned);
    else if (news.type === 'halt') toggle(this.halts, news.index, news.halted);
    else {
      this.sessions.set(news.segment, news.state);
      toggle(this.halts, SEGMENT_NAMES[news.segment] ?? String(news.segment), news.state === 'halted');
    }
    log.info(news, 'the exchange says');
  }

  private publish(): void {
    this.refresh();
    this.marks.publish();
  }

  /** Follows a swapped parameter table and a changed set of held instruments. */
  private refresh(): void {
    const table = this.parts.tableInForce();
    if (table !== undefined) this.board.useTable(table);
    if (this.wantedVersion === this.held.version) return;
    this.wantedVersion = this.held.version;
    this.parts.source?.want([...this.held.keys()].map((key) => ({ segment: segmentOf(key), token: tokenOf(key) })));
  }

  private ages(now: number): { segments: FeedSegment[]; stale: StaleInstrument[] } {
    const counts = new Map<number, { instruments: number; stale: number }>();
    const stale: { key: number; seenAt: number }[] = [];
    for (const key of this.held.keys()) {
      const segment = segmentOf(key);
      const count = counts.get(segment) ?? { instruments: 0, stale: 0 };
      counts.set(segment, count);
      count.instruments += 1;
      const seenAt = this.board.seenAt(key);
      if (this.parts.source === undefined || now - this.freshSince(key, segment) <= this.limitMs(segment)) continue;
      count.stale += 1;
      stale.push({ key, seenAt });
    }
    stale.sort((a, b) => a.seenAt - b.seenAt);
    return {
      segments: [...counts].sort(([a], [b]) => a - b).map(([segment, count]) => this.segmentView(segment, count, now)),
      stale: stale.slice(0, STALE_SHOWN).map(({ key, seenAt }) => ({
        exchange: SEGMENT_NAMES[segmentOf(key)] ?? '',
        token: tokenOf(key),
        symbol: this.symbol(segmentOf(key), tokenOf(key)),
        age_seconds: seenAt === 0 ? null : (now - seenAt) / 1_000,
      })),
    };
  }

  private segmentView(segment: number, count: { instruments: number; stale: number }, now: number): FeedSegment {
    const seenAt = this.board.segmentSeenAt[segment] ?? 0;
    return {
      exchange: SEGMENT_NAMES[segment] ?? String(segment),
      ...count,
      stale_after_seconds: this.limitMs(segment) / 1_000,
      age_seconds: seenAt === 0 ? null : (now - seenAt) / 1_000,
    };
  }

  /**
   * From when an instrument's age counts: its last price, or since it is of interest. What nobody holds is not asked of the source: its segment
   * speaks for it.
   */
  private freshSince(key: number, segment: number): number {
    const heldSince = this.held.since(key);
    const other = heldSince ?? this.board.segmentSeenAt[segment] ?? 0;
    return Math.max(this.board.seenAt(key), other, this.startedAt);
  }

  private limitMs(segment: number): number {
    const name = SEGMENT_NAMES[segment];
    return (name === undefined ? 30 : this.parts.config.staleAfterSeconds[name]) * 1_000;
  }

  private symbol(segment: number, token: number): string {
    const table = this.parts.tableInForce();
    const row = table?.find(segment, token) ?? -1;
    return table === undefined || row < 0 ? '' : table.instrumentName(row);
  }
}

function toggle(set: Set<string>, name: string, isIn: boolean): void {
  if (isIn) set.add(name);
  else set.delete(name);
}
