// HttpAdapter on uWebSockets.js. Its request object lives on the stack of the callback, so all of it is copied at once; its response object dies
// with an abort, so every use of it is behind `isGone`. One read must hold the request line: the server refuses it in pieces (505).

import type { TemplatedApp, HttpRequest as UwsRequest, HttpResponse as UwsResponse, us_listen_socket } from 'uWebSockets.js';
import { connect, createServer } from 'node:net';
import { AMBIGUOUS_LENGTH, besideChannels, tooLarge } from './answers.ts';
import { BodyCollector } from './body-collector.ts';
import type { ChannelRoute, HttpAdapter, HttpHandler } from './http-adapter.ts';
import { CHANNEL_IDLE_SECONDS, DISCARDED_BYTES_MAX, DRAIN_MS } from './limits.ts';
import { UwsChannels } from './uws-channels.ts';
import { UwsExchange } from './uws-exchange.ts';
import { headOf, type UwsHead } from './uws-head.ts';
import { UwsHeldCork } from './uws-held-cork.ts';
import type { Uws } from './uws-module.ts';

const DRAIN_CHECK_MS = 5;
const PROBE_MS = 1_000;

export class UwsHttpAdapter implements HttpAdapter {
  private readonly uws: Uws;
  private readonly channelIdleSeconds: number;
  private readonly open = new Set<UwsExchange>();
  private app: TemplatedApp | undefined;
  private socket: us_listen_socket | undefined;
  private cork: UwsHeldCork | undefined;
  private channels: UwsChannels | undefined;
  private closing = false;

  constructor(uws: Uws, channelIdleSeconds: number = CHANNEL_IDLE_SECONDS) {
    this.uws = uws;
    this.channelIdleSeconds = channelIdleSeconds;
  }

  async listen(host: string, port: number, handler: HttpHandler, channels: readonly ChannelRoute[] = []): Promise<number> {
    const app = this.uws.App();
    if (channels.length > 0) {
      this.cork = await UwsHeldCork.open(this.uws);
      this.channels = new UwsChannels(app, this.cork, channels, this.channelIdleSeconds);
    }
    const answered = besideChannels(handler, channels);
    app.any('/*', (response, request) => this.take(response, request, answered));
    const socket = await this.bind(app, host, port).catch((error: unknown) => {
      this.cork?.close();
      throw error;
    });
    this.app = app;
    this.socket = socket;
    return this.uws.us_socket_local_port(socket);
  }

  async close(): Promise<void> {
    const { app, socket } = this;
    if (app === undefined || socket === undefined) return;
    this.app = undefined;
    this.closing = true;
    this.uws.us_listen_socket_close(socket);
    this.channels?.close();
    const limit = performance.now() + DRAIN_MS;
    while ((this.open.size > 0 || (this.channels?.leaving ?? 0) > 0) && performance.now() < limit)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
    app.close();
    this.cork?.close();
  }

  /**
   * Listens alone. The server shares a port with whoever shares his (SO_REUSEPORT), so a port that answers is refused first; its exclusive mode would also
   * refuse a port whose last connections ended a moment ago, and with it a restart.
   */
  private async bind(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
    if (port !== 0 && (await isServed(host, port)))
      throw Object.assign(new Error(`listen EADDRINUSE: address already in use ${host}:${port}`), { code: 'EADDRINUSE' });
    const socket = await new Promise<us_listen_socket | false>((resolve) => {
      app.listen(host, port, resolve);
    });
    if (socket !== false) return socket;
    app.close();
    throw await whyNot(host, port);
  }

  private take(response: UwsResponse, request: UwsRequest, handler: HttpHandler): void {
    const head = headOf(response, request);
    const exchange = new UwsExchange(response, head.method, this.open);
    if (head.lengths > 1) {
      exchange.answer(AMBIGUOUS_LENGTH, true);
      return;
    }
    if (head.length > DISCARDED_BYTES_MAX) {
      exchange.answer(tooLarge(true), true);
      return;
    }
    const body = new BodyCollector();
    response.onData((chunk, isLast) => {
      if (exchange.isAnswered) return;
      // The chunk's memory is taken back when this returns.
      body.add(new Uint8Array(chunk.slice(0)));
      if (body.isEndless) exchange.answer(tooLarge(true), true);
      else if (isLast) void this.finish(exchange, head, body, handler);
    });
  }

  private async finish(exchange: UwsExchange, head: UwsHead, body: BodyCollector, handler: HttpHandler): Promise<void> {
    try {
      const response = body.isTooLarge ? tooLarge(false) : await handler({ ...head.request, body: body.bytes() });
      exchange.answer(response, this.closing);
    } catch {
      exchange.cut();
    }
  }
}

/** Does somebody answer at this port? */
function isServed(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ host, port, timeout: PROBE_MS }, () => settle(true));
    const settle = (served: boolean): void => {
      probe.destroy();
      resolve(served);
    };
    probe.once('error', () => settle(false));
    probe.once('timeout', () => settle(false));
  });
}

/** The system's reason why a port cannot be had, which the server keeps to itself. */
function whyNot(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, host, () => probe.close(() => resolve(new Error(`listen ${host}:${port} failed`))));
  });
}
