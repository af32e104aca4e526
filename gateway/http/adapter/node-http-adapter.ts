// HttpAdapter on node:http and ws: the twin that runs where uWebSockets.js has no build. Bounds what a client can hold: head, body, time.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AMBIGUOUS_LENGTH, besideChannels, headersOf, tooLarge } from './answers.ts';
import { BodyCollector } from './body-collector.ts';
import type { ChannelRoute, HttpAdapter, HttpHandler, HttpRequest, HttpResponse } from './http-adapter.ts';
import { CHANNEL_IDLE_SECONDS, DISCARDED_BYTES_MAX, DRAIN_MS, HEADER_BYTES_MAX, IDLE_MS, REQUEST_MS } from './limits.ts';
import { NodeChannels } from './node-channels.ts';

/** How often times are checked, milliseconds. */
const CHECK_MS = 1_000;
/** A connection on which nothing moves for so long is cut, an answer that nobody reads included, milliseconds. */
const STILL_MS = 60_000;
const NO_BODY = new Uint8Array(0);

export class NodeHttpAdapter implements HttpAdapter {
  private server: Server | undefined;
  private channels: NodeChannels | undefined;
  private closing = false;
  /** Connections on which no request is being answered. */
  private readonly idle = new Set<Socket>();
  private readonly channelIdleSeconds: number;

  constructor(channelIdleSeconds: number = CHANNEL_IDLE_SECONDS) {
    this.channelIdleSeconds = channelIdleSeconds;
  }

  async listen(host: string, port: number, handler: HttpHandler, channels: readonly ChannelRoute[] = []): Promise<number> {
    const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, connectionsCheckingInterval: CHECK_MS });
    server.headersTimeout = IDLE_MS;
    server.requestTimeout = REQUEST_MS;
    server.keepAliveTimeout = IDLE_MS;
    server.timeout = STILL_MS;
    const answered = besideChannels(handler, channels);
    server.on('connection', (socket) => {
      this.idle.add(socket);
      socket.once('close', () => this.idle.delete(socket));
    });
    server.on('request', (incoming, outgoing) => {
      this.idle.delete(incoming.socket);
      outgoing.once('close', () => {
        if (!incoming.socket.destroyed) this.idle.add(incoming.socket);
      });
      this.answer(incoming, outgoing, answered).catch(() => outgoing.destroy());
    });
    const open = new NodeChannels(channels, this.channelIdleSeconds);
    server.on('upgrade', (incoming, stream, head) => {
      this.idle.delete(incoming.socket);
      void open.take(incoming, stream, head, requestOf(incoming, NO_BODY));
    });
    this.server = server;
    this.channels = open;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve());
    });
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const { server, channels } = this;
    if (server === undefined) return;
    this.server = undefined;
    this.closing = true;
    const late = setTimeout(() => {
      channels?.cut();
      server.closeAllConnections();
    }, DRAIN_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      channels?.close();
      // Node counts a connection that has asked nothing yet as busy.
      for (const socket of this.idle) socket.destroy();
    });
    clearTimeout(late);
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: HttpHandler): Promise<void> {
    const response = await this.respond(incoming, handler);
    if (outgoing.destroyed) return;
    const body = typeof response.body === 'string' ? Buffer.from(response.body) : response.body;
    const headers: Record<string, string | number> = { ...headersOf(response), 'content-length': body.length };
    // A client that says it is to close is not held to its time, whatever else the answer says of the connection.
    if (this.closing || asksToClose(incoming))
      headers['connection'] = headers['connection'] === undefined ? 'close' : `${headers['connection']}, close`;
    outgoing.writeHead(response.status, headers);
    outgoing.end(body);
  }

  private async respond(incoming: IncomingMessage, handler: HttpHandler): Promise<HttpResponse> {
    if (Number(incoming.headers['content-length'] ?? 0) > DISCARDED_BYTES_MAX) return tooLarge(true);
    if (incoming.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-length').length > 1) return AMBIGUOUS_LENGTH;
    const body = await readBody(incoming);
    return body.isTooLarge ? tooLarge(body.isEndless) : handler(requestOf(incoming, body.bytes()));
  }
}

const asksToClose = ({ headers }: IncomingMessage): boolean => /(^|[\s,])close($|[\s,])/i.test(headers.connection ?? '');

function requestOf(incoming: IncomingMessage, body: Uint8Array): HttpRequest {
  // Cut by hand: URL throws for what a client may well send, such as "//".
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query.join('?')),
    remoteAddress: incoming.socket.remoteAddress ?? '',
    header: (name) => incoming.headers[name]?.toString(),
    body,
  };
}

/** Resolves when the body is complete or endless; rejects when the client goes away before. */
function readBody(incoming: IncomingMessage): Promise<BodyCollector> {
  const body = new BodyCollector();
  return new Promise((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      body.add(chunk);
      if (body.isEndless) resolve(body);
    });
    incoming.once('end', () => resolve(body));
    incoming.once('error', reject);
    incoming.once('close', () => reject(new Error('the client went away')));
  });
}
