// A channel without a socket: what is sent waits in order until the test reads it.
import type { Channel } from '../../../gateway/http/adapter/http-adapter.ts';
import { decode, JSON_PROTOCOL } from '../../../gateway/stream/encoding.ts';

/** A message of the stream, as a client gets it. */
export interface Received {
  readonly op: string;
  readonly topic?: string;
  readonly stream?: string;
  readonly seq?: number;
  readonly after?: number;
  readonly data?: Record<string, unknown>;
  readonly changes?: Record<string, unknown>;
  readonly code?: string;
  readonly message?: string;
}

export class FakeChannel implements Channel {
  readonly protocol: string;
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  corks = 0;
  private readonly waiting: { readonly data: string | Uint8Array; readonly isText: boolean }[] = [];
  private readonly weight: number;

  /** Each byte counts as `weight` bytes in bufferedBytes. */
  constructor(protocol: string = JSON_PROTOCOL, weight = 0) {
    this.protocol = protocol;
    this.weight = weight;
  }

  get bufferedBytes(): number {
    return this.waiting.reduce((sum, { data }) => sum + data.length * this.weight, 0);
  }

  send(data: string | Uint8Array, isText: boolean = typeof data === 'string'): void {
    if (this.closedWith === undefined) this.waiting.push({ data, isText });
  }

  cork(work: () => void): void {
    this.corks += 1;
    work();
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
  }

  /** Takes up to `count` messages. */
  read(count: number = Number.POSITIVE_INFINITY): Received[] {
    return this.waiting.splice(0, count).map(({ data, isText }) => {
      const bytes = typeof data === 'string' ? data : isText ? Buffer.from(data).toString('utf8') : data;
      return decode(this.protocol, bytes) as Received;
    });
  }

  /** Messages not read yet. */
  get unread(): number {
    return this.waiting.length;
  }
}
