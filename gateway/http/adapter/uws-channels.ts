// Channels on uWebSockets.js: its own WebSocket server, which pings peers itself and cuts those that are gone.
import type { TemplatedApp, HttpRequest as UwsRequest, HttpResponse as UwsResponse, us_socket_context_t, WebSocket } from 'uWebSockets.js';
import { admit, refusalOf } from './answers.ts';
import { closeReason } from './close-reason.ts';
import type { Channel, ChannelRoute } from './http-adapter.ts';
import { CHANNEL_BYTES_MAX, MESSAGE_BYTES_MAX } from './limits.ts';
import { UwsExchange } from './uws-exchange.ts';
import { headOf } from './uws-head.ts';
import type { UwsHeldCork } from './uws-held-cork.ts';

/** Messages between the limit and this are refused with a close frame; larger ones cut the connection before they are read. */
const CUT_BYTES = MESSAGE_BYTES_MAX * 4;

interface Carried {
  readonly protocol: string;
  readonly data: unknown;
  channel: UwsChannel | undefined;
}

class UwsChannel implements Channel {
  readonly protocol: string;
  isClosed = false;
  private readonly socket: WebSocket<Carried>;

  constructor(socket: WebSocket<Carried>, protocol: string) {
    this.socket = socket;
    this.protocol = protocol;
  }

  get bufferedBytes(): number {
    return this.isClosed ? 0 : this.socket.getBufferedAmount();
  }

  send(data: string | Uint8Array, isText = typeof data === 'string'): void {
    if (!this.isClosed) this.socket.send(data, !isText);
  }

  cork(work: () => void): void {
    if (this.isClosed) work();
    else this.socket.cork(work);
  }

  close(code: number, reason: string): void {
    if (!this.isClosed) this.socket.end(code, closeReason(reason));
  }
}

export class UwsChannels {
  private readonly open = new Set<UwsChannel>();
  private readonly upgrading = new Set<UwsExchange>();
  private readonly cork: UwsHeldCork;
  private closing = false;

  constructor(app: TemplatedApp, cork: UwsHeldCork, routes: readonly ChannelRoute[], idleSeconds: number) {
    this.cork = cork;
    for (const route of routes) this.serve(app, route, idleSeconds);
  }

  /** Channels not closed yet, and upgrades not answered. */
  get leaving(): number {
    return this.open.size + this.upgrading.size;
  }

  /** Says goodbye to every channel. */
  close(): void {
    this.closing = true;
    for (const channel of this.open) channel.close(1001, 'the gateway is stopping');
  }

  private serve(app: TemplatedApp, route: ChannelRoute, idleTimeout: number): void {
    app.ws<Carried>(route.path, {
      compression: 0,
      maxPayloadLength: CUT_BYTES,
      maxBackpressure: CHANNEL_BYTES_MAX,
      closeOnBackpressureLimit: true,
      idleTimeout,
      sendPingsAutomatically: true,
      upgrade: (response, request, context) => void this.upgrade(route, response, request, context),
      open: (socket) => {
        const carried = socket.getUserData();
        const channel = new UwsChannel(socket, carried.protocol);
        carried.channel = channel;
        this.open.add(channel);
        route.open(channel, carried.data);
      },
      message: (socket, message, isBinary) => {
        const { channel } = socket.getUserData();
        if (channel === undefined || channel.isClosed) return;
        if (message.byteLength > MESSAGE_BYTES_MAX) channel.close(1009, `a message may have ${MESSAGE_BYTES_MAX} bytes`);
        else route.message(channel, isBinary ? new Uint8Array(message.slice(0)) : Buffer.from(message).toString('utf8'));
      },
      drain: (socket) => {
        const { channel } = socket.getUserData();
        if (channel !== undefined && !channel.isClosed) route.drained(channel);
      },
      close: (socket) => {
        const { channel } = socket.getUserData();
        if (channel === undefined) return;
        channel.isClosed = true;
        this.open.delete(channel);
        route.closed(channel);
      },
    });
  }

  private async upgrade(route: ChannelRoute, response: UwsResponse, request: UwsRequest, context: us_socket_context_t): Promise<void> {
    const { request: head } = headOf(response, request);
    const key = head.header('sec-websocket-key') ?? '';
    const exchange = new UwsExchange(response, 'GET', this.upgrading);
    try {
      const { protocol, data } = await admit(route, { ...head, body: new Uint8Array(0) });
      if (this.closing) exchange.cut();
      else exchange.hand(() => this.cork.run(() => response.upgrade<Carried>({ protocol, data, channel: undefined }, key, protocol, '', context)));
    } catch (error) {
      exchange.answer(refusalOf(error), true);
    }
  }
}
