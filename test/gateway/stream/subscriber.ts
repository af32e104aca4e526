// A client of the stream as its documentation tells one to be: takes snapshots, applies deltas that follow on what it holds, waits for a snapshot after a gap.
// Written apart from gateway/stream, so that both sides cannot share a mistake.
import type { Received } from './fake-channel.ts';

type Element = Record<string, unknown>;

const KEY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  positions: ['exchange', 'symbol', 'product'],
  orders: ['id'],
  underlyings: ['symbol', 'product'],
  shortfalls: ['account'],
  mtm: ['account'],
  rejects: ['code'],
  stuck: ['id'],
  sessions: ['name'],
  kill_switches: ['scope', 'account'],
  recent: ['id'],
};
const keyOf = (list: string, element: Element): string => (KEY_FIELDS[list] ?? []).map((field) => String(element[field])).join('/');

/** The same state whatever order its lists are in. */
export function inKeyOrder(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const sorted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const isKeyed = KEY_FIELDS[name] !== undefined;
    sorted[name] = isKeyed ? [...(value as Element[])].sort((a, b) => (keyOf(name, a) < keyOf(name, b) ? -1 : 1)) : value;
  }
  return sorted;
}

/** What a client holds of one topic. */
export interface Held {
  stream: string;
  seq: number;
  data: Record<string, unknown> | undefined;
  /** A gap was announced; nothing but a snapshot may come. */
  isGap: boolean;
  snapshots: number;
  deltas: number;
}

export class Subscriber {
  readonly topics: Map<string, Held> = new Map();
  readonly errors: Received[] = [];
  pongs = 0;

  /** Takes a message; throws when it breaks the rules of the stream. */
  take(message: Received): void {
    const { op, topic = '' } = message;
    if (op === 'error') this.errors.push(message);
    else if (op === 'pong') this.pongs += 1;
    else if (op === 'snapshot') this.snapshot(topic, message);
    else if (op === 'delta') this.delta(topic, message);
    else if (op === 'gap') this.held(topic).isGap = true;
    else throw new Error(`unknown message ${JSON.stringify(message)}`);
  }

  held(topic: string): Held {
    const known = this.topics.get(topic);
    if (known !== undefined) return known;
    const fresh: Held = { stream: '', seq: 0, data: undefined, isGap: false, snapshots: 0, deltas: 0 };
    this.topics.set(topic, fresh);
    return fresh;
  }

  private snapshot(topic: string, { stream = '', seq = 0, data }: Received): void {
    const held = this.held(topic);
    if (data === undefined || seq < 1) throw new Error('a snapshot without data or number');
    if (held.stream === stream && seq < held.seq) throw new Error(`snapshot ${seq} after state ${held.seq}`);
    Object.assign(held, { stream, seq, data, isGap: false });
    held.snapshots += 1;
  }

  private delta(topic: string, { seq = 0, after, changes = {} }: Received): void {
    const held = this.held(topic);
    if (held.isGap) throw new Error('a delta between a gap and its snapshot');
    // On its way since an earlier subscription of the same channel.
    if (held.data === undefined) return;
    if (after !== held.seq || seq < held.seq) throw new Error(`delta from ${after} to ${seq} for one who holds ${held.seq}`);
    const next = { ...held.data };
    for (const [name, value] of Object.entries(changes)) {
      if (KEY_FIELDS[name] === undefined) next[name] = value;
      else {
        const { changed, removed } = value as { changed: Element[]; removed: string[] };
        const elements = new Map((next[name] as Element[]).map((element) => [keyOf(name, element), element]));
        // It may name what came and went between two messages.
        for (const key of removed) elements.delete(key);
        for (const element of changed) elements.set(keyOf(name, element), element);
        next[name] = [...elements.values()];
      }
    }
    held.data = next;
    held.seq = seq;
    held.deltas += 1;
  }
}
