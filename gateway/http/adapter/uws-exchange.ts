// One request on uWebSockets.js from its head to the last byte of its answer, or to the moment the client went away.

import type { HttpResponse as UwsResponse } from 'uWebSockets.js';
import { STATUS_CODES } from 'node:http';
import { headersOf } from './answers.ts';
import type { HttpResponse } from './http-adapter.ts';
import { STREAMED_BYTES_MIN } from './limits.ts';

export class UwsExchange {
  private readonly response: UwsResponse;
  private readonly method: string;
  private readonly open: Set<UwsExchange>;
  private isGone = false;
  /** The answer has been given, or nobody waits for it. */
  isAnswered = false;

  /** `open` holds the exchange until it is over. */
  constructor(response: UwsResponse, method: string, open: Set<UwsExchange>) {
    this.response = response;
    this.method = method;
    this.open = open;
    open.add(this);
    response.onAborted(() => {
      this.isAnswered = true;
      this.over();
    });
  }

  /** Answers, once; later calls and calls after the client went away do nothing. */
  answer(answer: HttpResponse, closing: boolean): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.response.cork(() => this.write(answer, closing));
  }

  /** Gives the connection away (an upgrade) unless the client is gone; it is no exchange any more. */
  hand(take: () => void): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.over();
    take();
  }

  /** Drops the connection without an answer. */
  cut(): void {
    if (!this.isGone) this.response.close();
  }

  private write(answer: HttpResponse, closing: boolean): void {
    const { response } = this;
    response.writeStatus(`${answer.status} ${STATUS_CODES[answer.status] ?? ''}`);
    const { connection, ...headers } = headersOf(answer);
    for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
    const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
    const isLast = closing || connection === 'close';
    if (this.method === 'HEAD' || answer.status === 204 || answer.status === 304) {
      response.endWithoutBody(this.method === 'HEAD' ? body.length : undefined, isLast);
      this.over();
    } else if (body.length < STREAMED_BYTES_MIN) {
      response.end(body, isLast);
      this.over();
    } else this.stream(body);
  }

  /** Hands over a large body as the client takes it, so that it is not copied into the server's buffer whole. */
  private stream(body: Uint8Array): void {
    const { response } = this;
    const [taken, done] = response.tryEnd(body, body.length);
    if (taken || done) {
      this.over();
      return;
    }
    response.onWritable((offset) => {
      const [ok, hasEnded] = response.tryEnd(body.subarray(offset), body.length);
      if (ok || hasEnded) this.over();
      return ok;
    });
  }

  private over(): void {
    this.isGone = true;
    this.open.delete(this);
  }
}
