// HttpAdapter on node:http. Bounds what a client can hold: body size, header time, idle time.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BODY_BYTES_MAX, type HttpAdapter, type HttpHandler, type HttpResponse } from './http-adapter.ts';

const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

class BodyTooLarge extends Error {}

export class NodeHttpAdapter implements HttpAdapter {
  private server: Server | undefined;

  async listen(host: string, port: number, handler: HttpHandler): Promise<number> {
    const server = createServer((request, response) => {
      answer(request, response, handler).catch(() => response.destroy());
    });
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve());
    });
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handler: HttpHandler): Promise<void> {
  // Cut by hand: URL throws for what a client may well send, such as "//".
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  let response: HttpResponse;
  try {
    const body = await readBody(incoming);
    response = await handler({
      method: incoming.method ?? 'GET',
      path,
      query: new URLSearchParams(query.join('?')),
      remoteAddress: incoming.socket.remoteAddress ?? '',
      header: (name) => incoming.headers[name]?.toString(),
      body,
    });
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    const message = `request body is larger than ${BODY_BYTES_MAX} bytes`;
    const body = JSON.stringify({ data: null, error: { code: 'TZ-BODY-TOO-LARGE', message }, meta: {} });
    response = { status: 413, contentType: 'application/json', body, headers: { connection: 'close' } };
  }
  outgoing.writeHead(response.status, {
    'content-type': `${response.contentType}; charset=utf-8`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...response.headers,
  });
  outgoing.end(response.body);
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
