// The two servers every test of the seam runs over, and a raw connection to one: bytes out, bytes in, nothing assumed.
import { connect, type Socket } from 'node:net';
import type { HttpAdapter } from '../../../gateway/http/adapter/http-adapter.ts';
import { NodeHttpAdapter } from '../../../gateway/http/adapter/node-http-adapter.ts';
import { UwsHttpAdapter } from '../../../gateway/http/adapter/uws-http-adapter.ts';
import { loadUws } from '../../../gateway/http/adapter/uws-module.ts';

/** A server under test. */
export interface Candidate {
  readonly name: 'uws' | 'node';
  open(channelIdleSeconds?: number): Promise<HttpAdapter>;
}

export const CANDIDATES: readonly Candidate[] = [
  { name: 'uws', open: async (idle) => new UwsHttpAdapter(await loadUws(), idle) },
  { name: 'node', open: async (idle) => new NodeHttpAdapter(idle) },
];

/** A raw connection. */
export class Wire {
  readonly socket: Socket;
  bytes: Buffer = Buffer.alloc(0);
  isClosed = false;
  private readonly waiters = new Set<() => void>();

  private constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
  }

  static async open(port: number): Promise<Wire> {
    const wire = new Wire(port);
    await new Promise((resolve) => wire.socket.once('connect', resolve));
    return wire;
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  write(data: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  /** Writes each byte in a packet of its own. */
  async drip(data: string | Uint8Array): Promise<void> {
    for (const byte of Buffer.from(data as string, 'latin1')) {
      this.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Resolves when `condition` holds; rejects after `patience` milliseconds. */
  until(condition: () => boolean, what: string, patience = 60_000): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.waiters.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiters.delete(check);
        reject(new Error(`waited ${patience} ms for ${what}; got ${JSON.stringify(this.text.slice(0, 600))}`));
      }, patience);
      this.waiters.add(check);
    });
  }

  closed(patience?: number): Promise<void> {
    return this.until(() => this.isClosed, 'the connection to close', patience);
  }

  drop(): void {
    this.socket.destroy();
  }

  private wake(): void {
    for (const check of this.waiters) check();
  }
}

/** Status, headers and body of the answers in `text`, in order; bodies by Content-Length. */
export function answersIn(text: string): { readonly status: number; readonly headers: string; readonly body: string }[] {
  const answers: { status: number; headers: string; body: string }[] = [];
  for (let rest = text; rest.startsWith('HTTP/1.1 ') && rest.includes('\r\n\r\n'); ) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const headers = rest.slice(0, end).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(headers)?.[1] ?? 0);
    answers.push({ status: Number(rest.slice(9, 12)), headers, body: rest.slice(end, end + length) });
    rest = rest.slice(end + length);
  }
  return answers;
}
