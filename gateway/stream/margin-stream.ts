// The WebSocket at /v1/stream: who may follow what, and when it is sent. Turns come every 50 ms while somebody is connected; a turn reads what was touched and
// sends what is due, and ends when its time is up, so that orders go first. Decides no figure.

import type { Channel, ChannelRoute, HttpRequest } from '../http/adapter/http-adapter.ts';
import type { Authenticate } from '../http/auth/authenticator.ts';
import { type Principal, requireScope } from '../http/auth/principal.ts';
import type { StreamFigures } from '../http/figures.ts';
import { HttpError, refusal } from '../http/http-error.ts';
import { addressKey, type RateLimiter } from '../http/rate-limit.ts';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import { JSON_PROTOCOL, MSGPACK_PROTOCOL } from './encoding.ts';
import { StreamConnection, type Subscription } from './stream-connection.ts';
import { TopicBoard, type TopicEntry } from './topic-board.ts';
import type { TopicSource } from './topic-source.ts';

const TURN_MS = 50;
/** Time one turn gives to sending, milliseconds; the rest follows after the loop has looked elsewhere. */
const SENDING_MS = 2;
const CONNECTIONS_MAX = 20_000;
const SUBSCRIPTIONS_MAX = 256;
/** Messages of one client in a second, at most: more is no use and closes the channel. */
const MESSAGES_PER_SECOND = 512;
/** How often a connected client's token is looked at again, milliseconds. */
const TOKEN_CHECK_MS = 60_000;
/** WebSocket close code: policy violation (RFC 6455 section 7.4.1). */
const POLICY = 1008;

/** What the stream is made of. */
export interface StreamParts {
  readonly authenticate: Authenticate;
  readonly sources: readonly TopicSource[];
  readonly figures: StreamFigures;
  /** What an address pays for upgrades that are refused. */
  readonly refusals: RateLimiter;
  /** Told of a reading that failed for another reason than the engine being busy or late. */
  readonly failed: (topic: string, error: unknown) => void;
  /** Told of every topic somebody begins to follow. */
  readonly followed: (topic: string) => void;
  /** Names this process in stream ids. */
  readonly run: string;
  /** Milliseconds, never backwards. */
  readonly now: () => number;
}

interface Admitted {
  readonly principal: Principal;
  readonly request: HttpRequest;
}

interface Client {
  readonly connection: StreamConnection;
  /** Messages since `countedFrom`. */
  messages: number;
  countedFrom: number;
  checkedAt: number;
}

export class MarginStream implements ChannelRoute {
  readonly path = '/v1/stream';
  readonly protocols: readonly string[] = [JSON_PROTOCOL, MSGPACK_PROTOCOL];
  /** Topics that are followed; sources touch them here. */
  readonly board: TopicBoard<Subscription>;
  private readonly parts: StreamParts;
  private readonly clients = new Map<Channel, Client>();
  /** Connections with something to send. */
  private readonly pending = new Set<StreamConnection>();
  /** Connections of this turn that wait for a time or a reader. */
  private readonly held: StreamConnection[] = [];
  private timer: NodeJS.Timeout | undefined;
  private checkedAt = 0;

  constructor(parts: StreamParts) {
    this.parts = parts;
    const { sources, run, now } = parts;
    const listener = {
      changed: (entry: TopicEntry<Subscription>) => this.changed(entry),
      missing: (entry: TopicEntry<Subscription>) => this.missing(entry),
      failed: ({ topic }: TopicEntry<Subscription>, error: unknown) => {
        if (!(error instanceof HttpError)) parts.failed(topic.name, error);
      },
    };
    this.board = new TopicBoard<Subscription>(sources, listener, run, now);
  }

  async upgrade(request: HttpRequest): Promise<Admitted> {
    const { refusals } = this.parts;
    const address = addressKey(request.remoteAddress);
    // An address that has spent what it may be refused gets no signature checked.
    if (refusals.peek(address, Date.now())?.passes === false)
      throw refusal('TZ-RATE', 'too many requests of this address', { headers: { 'retry-after': '1' } });
    try {
      const principal = await this.parts.authenticate(request);
      requireScope(principal, 'stream');
      if (this.clients.size >= CONNECTIONS_MAX)
        throw refusal('TZ-BUSY', 'the stream has no room for another client', { headers: { 'retry-after': '5' } });
      return { principal, request };
    } catch (error) {
      this.parts.figures.refused += 1;
      refusals.take(address, Date.now());
      throw error;
    }
  }

  open(channel: Channel, data: unknown): void {
    const { principal, request } = data as Admitted;
    const now = this.parts.now();
    const connection = new StreamConnection(channel, principal, request, this.parts.figures);
    this.clients.set(channel, { connection, messages: 0, countedFrom: now, checkedAt: now });
    this.parts.figures.connections = this.clients.size;
  }

  message(channel: Channel, data: string | Uint8Array): void {
    const client = this.clients.get(channel);
    if (client === undefined) return;
    if (this.isFlooding(client)) {
      channel.close(POLICY, `more than ${MESSAGES_PER_SECOND} messages in a second`);
      return;
    }
    this.obey(client.connection, readClientMessage(channel.protocol, data));
  }

  drained(channel: Channel): void {
    const client = this.clients.get(channel);
    if (client?.connection.hasPending === true) this.pending.add(client.connection);
  }

  closed(channel: Channel): void {
    const client = this.clients.get(channel);
    if (client === undefined) return;
    this.clients.delete(channel);
    this.pending.delete(client.connection);
    for (const name of [...client.connection.subscriptions.keys()]) this.unsubscribe(client.connection, name);
    this.parts.figures.connections = this.clients.size;
  }

  /** Begins to take turns. */
  start(): void {
    this.timer = setInterval(() => this.turnUntilDone(), TURN_MS);
    this.timer.unref();
  }

  /** Takes no more turns. The adapter closes the channels. */
  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** One turn: readings, then sending until the time is up. True when sending was cut short. */
  turn(): boolean {
    const now = this.parts.now();
    this.board.turn();
    if (this.clients.size === 0) return false;
    if (now - this.checkedAt >= TOKEN_CHECK_MS / 10) this.checkTokens(now);
    const start = performance.now();
    for (const connection of this.pending) {
      if (performance.now() - start > SENDING_MS) return true;
      // Behind those that have waited longer.
      this.pending.delete(connection);
      if (connection.publish(now)) this.held.push(connection);
    }
    for (const connection of this.held.splice(0)) this.pending.add(connection);
    return false;
  }
  private turnUntilDone(): void {
    if (!this.turn()) return;
    setImmediate(() => {
      if (this.timer !== undefined) this.turnUntilDone();
    });
  }

  private isFlooding(client: Client): boolean {
    const now = this.parts.now();
    if (now - client.countedFrom >= 1_000) {
      client.countedFrom = now;
      client.messages = 0;
    }
    client.messages += 1;
    return client.messages > MESSAGES_PER_SECOND;
  }

  private obey(connection: StreamConnection, message: ClientMessage | { readonly op: 'bad'; readonly reason: string }): void {
    if (message.op === 'ping') connection.tell({ op: 'pong' });
    else if (message.op === 'bad') connection.tell({ op: 'error', code: 'TZ-INVALID', message: message.reason });
    else if (message.op === 'unsubscribe') this.unsubscribe(connection, message.topic);
    else this.subscribe(connection, message);
  }

  private subscribe(connection: StreamConnection, asked: ClientMessage & { op: 'subscribe' }): void {
    const { topic: name, after, stream } = asked;
    const { figures } = this.parts;
    try {
      const source = this.board.sourceOf(name);
      if (source === undefined) throw refusal('TZ-NOT-FOUND', 'there is no such topic');
      source.authorize(name, connection.principal);
      const known = connection.subscriptions.get(name);
      if (known !== undefined && after !== undefined) {
        // What was sent since is on its way: the channel's own count is right, the client's is a moment old.
        known.intervalMs = asked.interval_ms;
        return;
      }
      this.unsubscribe(connection, name);
      if (connection.subscriptions.size >= SUBSCRIPTIONS_MAX) throw refusal('TZ-BUSY', `a client may follow ${SUBSCRIPTIONS_MAX} topics`);
      this.parts.followed(name);
      const resume = after === undefined ? undefined : { stream, after };
      const follow = (entry: TopicEntry<Subscription>): Subscription => ({
        entry,
        connection,
        intervalMs: asked.interval_ms,
        resume,
        seq: 0,
        nextAt: 0,
      });
      const subscription = this.board.follow(name, source, follow);
      if (subscription === undefined) throw refusal('TZ-BUSY', 'too many topics are followed');
      connection.subscriptions.set(name, subscription);
      figures.subscriptions += 1;
      connection.want(subscription);
      this.pending.add(connection);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      figures.refused += 1;
      connection.tell({ op: 'error', code: error.code, message: error.message, topic: name });
    }
  }

  private unsubscribe(connection: StreamConnection, name: string): void {
    const subscription = connection.subscriptions.get(name);
    if (subscription === undefined) return;
    connection.drop(subscription);
    this.board.leave(subscription.entry, subscription);
    this.parts.figures.subscriptions -= 1;
  }

  private changed(entry: TopicEntry<Subscription>): void {
    for (const subscription of entry.followers) {
      subscription.connection.want(subscription);
      this.pending.add(subscription.connection);
    }
  }

  private missing(entry: TopicEntry<Subscription>): void {
    for (const { connection } of [...entry.followers]) {
      connection.tell({ op: 'error', code: 'TZ-NOT-FOUND', message: 'the account is not known here', topic: entry.topic.name });
      this.unsubscribe(connection, entry.topic.name);
    }
  }

  /** A token that has expired, or whose key was withdrawn, ends the channel it opened. */
  private checkTokens(now: number): void {
    this.checkedAt = now;
    for (const [channel, client] of this.clients) {
      if (now - client.checkedAt < TOKEN_CHECK_MS) continue;
      client.checkedAt = now;
      this.parts.authenticate(client.connection.request).catch((error: unknown) => {
        channel.close(POLICY, error instanceof Error ? error.message : 'the token is not valid any more');
      });
    }
  }
}
