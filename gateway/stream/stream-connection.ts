// One client of the stream: what it follows, how far it is, and how fast it reads. A slow reader gets nothing until its socket is nearly empty, then a
// gap and fresh snapshots; one that makes no progress is closed. What is held for it is bounded by what its socket may hold.

import type { Channel, HttpRequest } from '../http/adapter/http-adapter.ts';
import type { Principal } from '../http/auth/principal.ts';
import type { StreamFigures } from '../http/figures.ts';
import { type Encoded, encode } from './encoding.ts';
import type { TopicEntry } from './topic-board.ts';

/** Bytes waiting in a socket above which its reader is slow, and below which it has caught up. */
const SLOW_BYTES = 262_144;
const CAUGHT_UP_BYTES = 16_384;
/** A slow reader that takes nothing for so long is closed, milliseconds. */
const STALLED_MS = 20_000;
/** WebSocket close code: try again later (RFC 6455 registry). */
const TRY_AGAIN_LATER = 1013;

/** What one client asked to follow. */
export interface Subscription {
  readonly entry: TopicEntry<Subscription>;
  readonly connection: StreamConnection;
  intervalMs: number;
  /** State the client says it holds; undefined when it holds none. */
  readonly resume: { readonly stream: string | undefined; readonly after: number } | undefined;
  /** Number of the state sent last; 0 before the first. */
  seq: number;
  /** Not before this time, milliseconds. */
  nextAt: number;
}

export class StreamConnection {
  readonly channel: Channel;
  readonly principal: Principal;
  /** The upgrade, kept to look at its token again. */
  readonly request: HttpRequest;
  readonly subscriptions: Map<string, Subscription> = new Map();
  /** Subscriptions with something to be sent. */
  private readonly pending = new Set<Subscription>();
  private readonly figures: StreamFigures;
  private slow: { bytes: number; since: number } | undefined;

  constructor(channel: Channel, principal: Principal, request: HttpRequest, figures: StreamFigures) {
    this.channel = channel;
    this.principal = principal;
    this.request = request;
    this.figures = figures;
  }

  /** Is there something to be sent, now or later? */
  get hasPending(): boolean {
    return this.pending.size > 0;
  }

  /** The subscription's topic has something for it. */
  want(subscription: Subscription): void {
    this.pending.add(subscription);
  }

  /** Forgets a subscription. */
  drop(subscription: Subscription): void {
    this.pending.delete(subscription);
    this.subscriptions.delete(subscription.entry.topic.name);
  }

  /** Sends what is due, in one write; true when more waits for its time or its reader. */
  publish(now: number): boolean {
    const isRecovering = this.slow !== undefined;
    if (this.slow !== undefined && !this.hasCaughtUp(this.slow, now)) return this.hasPending;
    this.slow = undefined;
    this.channel.cork(() => {
      for (const subscription of this.pending) {
        if (!subscription.entry.isFresh || subscription.nextAt > now) continue;
        if (this.channel.bufferedBytes > SLOW_BYTES) {
          this.slow = { bytes: this.channel.bufferedBytes, since: now };
          break;
        }
        this.pending.delete(subscription);
        this.bring(subscription, isRecovering);
        subscription.nextAt = now + subscription.intervalMs;
      }
    });
    return this.hasPending;
  }

  /** Sends a message of its own, unless the client does not even read what it has. */
  tell(message: object): void {
    if (this.channel.bufferedBytes <= SLOW_BYTES) this.send(encode(this.channel.protocol, message));
  }

  /** Brings a subscription to the present state by the shortest way that is honest. */
  private bring(subscription: Subscription, isRecovering: boolean): void {
    const { topic } = subscription.entry;
    const { protocol } = this.channel;
    const isNew = subscription.seq === 0;
    if (!isNew && subscription.seq === topic.seq) return;
    const [stream, after] = isNew ? [subscription.resume?.stream, subscription.resume?.after] : [topic.stream, subscription.seq];
    if (after !== undefined && topic.canResume(stream, after) && (isNew || !isRecovering)) {
      if (!isNew) this.figures.conflated += topic.seq - after - 1;
      this.send(topic.delta(protocol, after));
    } else {
      if (!isNew) this.send(encode(protocol, { op: 'gap', topic: topic.name }));
      if (after !== undefined) this.figures.gaps += 1;
      this.send(topic.snapshot(protocol));
    }
    subscription.seq = topic.seq;
  }

  private hasCaughtUp(slow: { bytes: number; since: number }, now: number): boolean {
    const bytes = this.channel.bufferedBytes;
    if (bytes <= CAUGHT_UP_BYTES) return true;
    if (bytes < slow.bytes) {
      slow.bytes = bytes;
      slow.since = now;
    } else if (now - slow.since >= STALLED_MS) this.channel.close(TRY_AGAIN_LATER, 'the stream is not being read');
    return false;
  }

  private send({ data, isText }: Encoded): void {
    this.figures.messages += 1;
    this.channel.send(data, isText);
  }
}
