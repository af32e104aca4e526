// Channels on the ws package: upgrades of a node:http server. Finds peers that are gone by pinging them.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { admit, chooseProtocol, headersOf, NO_CHANNEL, refusalOf } from './answers.ts';
import { closeReason } from './close-reason.ts';
import type { Channel, ChannelRoute, HttpRequest, HttpResponse } from './http-adapter.ts';
import { CHANNEL_BYTES_MAX, CHANNEL_IDLE_SECONDS, MESSAGE_BYTES_MAX } from './limits.ts';

class NodeChannel implements Channel {
  readonly protocol: string;
  /** A sign of life came since the last round of pings. */
  isAlive = true;
  private readonly socket: WebSocket;
  private readonly stream: Duplex;

  constructor(socket: WebSocket, stream: Duplex) {
    this.socket = socket;
    this.stream = stream;
    this.protocol = socket.protocol;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(data: string | Uint8Array, isText = typeof data === 'string'): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(data, { binary: !isText });
    if (this.socket.bufferedAmount > CHANNEL_BYTES_MAX) this.socket.terminate();
  }

  cork(work: () => void): void {
    this.stream.cork();
    try {
      work();
    } finally {
      this.stream.uncork();
    }
  }

  close(code: number, reason: string): void {
    this.socket.close(code, closeReason(reason));
  }

  /** Pings a peer that was heard of lately, cuts one that was not. */
  probe(): void {
    if (!this.isAlive) {
      this.socket.terminate();
      return;
    }
    this.isAlive = false;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }

  cut(): void {
    this.socket.terminate();
  }
}

export class NodeChannels {
  private readonly servers: ReadonlyMap<string, { readonly route: ChannelRoute; readonly server: WebSocketServer }>;
  private readonly open = new Set<NodeChannel>();
  private readonly pings: NodeJS.Timeout;
  private closing = false;

  constructor(routes: readonly ChannelRoute[], idleSeconds: number = CHANNEL_IDLE_SECONDS) {
    this.servers = new Map(
      routes.map((route) => [
        route.path,
        {
          route,
          server: new WebSocketServer({
            noServer: true,
            clientTracking: false,
            perMessageDeflate: false,
            maxPayload: MESSAGE_BYTES_MAX,
            handleProtocols: (offered) => chooseProtocol(route.protocols, [...offered].join(',')) || false,
          }),
        },
      ]),
    );
    this.pings = setInterval(() => this.probe(), (idleSeconds * 1_000) / 2).unref();
  }

  /** Takes over a connection that asks for an upgrade; `request` is the same without a body. */
  async take(incoming: IncomingMessage, stream: Duplex, head: Buffer, request: HttpRequest): Promise<void> {
    stream.on('error', () => stream.destroy());
    const found = this.servers.get(request.path);
    if (found === undefined) {
      refuse(stream, NO_CHANNEL);
      return;
    }
    const { route, server } = found;
    try {
      const { data } = await admit(route, request);
      if (stream.destroyed || this.closing) stream.destroy();
      else server.handleUpgrade(incoming, stream, head, (socket) => this.opened(socket, stream, route, data));
    } catch (error) {
      refuse(stream, refusalOf(error));
    }
  }

  /** Says goodbye to every channel. */
  close(): void {
    this.closing = true;
    clearInterval(this.pings);
    for (const channel of this.open) channel.close(1001, 'the gateway is stopping');
  }

  /** Cuts the channels that did not answer goodbye. */
  cut(): void {
    for (const channel of this.open) channel.cut();
  }

  private opened(socket: WebSocket, stream: Duplex, route: ChannelRoute, data: unknown): void {
    const channel = new NodeChannel(socket, stream);
    this.open.add(channel);
    // ws closes by itself after an error, with the code that says which.
    socket.on('error', () => undefined);
    socket.on('pong', () => {
      channel.isAlive = true;
    });
    socket.on('ping', () => {
      channel.isAlive = true;
    });
    socket.on('message', (bytes: Buffer, isBinary) => {
      channel.isAlive = true;
      route.message(channel, isBinary ? bytes : bytes.toString('utf8'));
    });
    stream.on('drain', () => {
      if (this.open.has(channel)) route.drained(channel);
    });
    socket.on('close', () => {
      this.open.delete(channel);
      route.closed(channel);
    });
    route.open(channel, data);
  }

  private probe(): void {
    for (const channel of this.open) channel.probe();
  }
}

function refuse(stream: Duplex, response: HttpResponse): void {
  if (!stream.writable) return;
  const body = Buffer.from(response.body);
  const headers = { ...headersOf(response), connection: 'close', 'content-length': String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.write(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}\r\n${lines.join('')}\r\n`);
  stream.end(body);
}
