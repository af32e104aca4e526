// The night over HTTP on loopback: routes behind a person's token, the change feed, the console's files. An act is done in the token's name. Bad requests
// get a status and a sentence; nothing of the inside is shown. Slow, endless and half-open requests are cut off.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { streamChanges } from './event-stream.ts';
import { type Answer, json, Refusal } from './http-answer.ts';
import { ROUTES, type Route, type RouteParts } from './night-routes.ts';
import type { Person } from './people.ts';

/** What the server needs besides its routes' parts. */
export interface NightServerParts extends RouteParts {
  /** The console's file at a path; `known` is the caller's If-None-Match. */
  readonly file: (path: string, known: string | undefined) => Answer | undefined;
  /** A request has to be there whole after this long. */
  readonly requestMillis?: number;
}

const BODY_BYTES_MAX = 65_536;
const REQUEST_MILLIS = 10_000;
const CONNECTIONS_MAX = 256;
const STREAMS_MAX = 64;
const CHANGES = '/v1/night/changes';
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
} as const;

/** Listens; resolves to the server. Rejects when the port cannot be had. */
export function serveNight(parts: NightServerParts, host: string, port: number): Promise<Server> {
  const all: ServerParts = { ...parts, streams: new Set() };
  const requestTimeout = parts.requestMillis ?? REQUEST_MILLIS;
  const timeouts = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: Math.min(1_000, requestTimeout / 2) };
  const server = createServer(timeouts, (request, response) => {
    void handle(all, request, response);
  });
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

interface ServerParts extends NightServerParts {
  readonly streams: Set<ServerResponse>;
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://night');
    if (url.pathname === CHANGES) return changes(parts, request, response);
    write(request, response, await route(parts, request, url));
  } catch (error) {
    // The caller went away in the middle of its own request: nobody is left to be told.
    if (response.destroyed || request.errored !== null || response.headersSent) return;
    write(request, response, refused(request, error));
  }
}

function refused(request: IncomingMessage, error: unknown): Answer {
  if (error instanceof Refusal) return json(error.status, { error: error.message }, error.headers);
  // What an act may not do now is a RangeError with what would be needed.
  if (error instanceof RangeError) return json(409, { error: error.message });
  process.stderr.write(`${JSON.stringify({ level: 'error', path: request.url, error: String(error) })}\n`);
  return json(500, { error: 'the request failed inside tarazu-batch; its log has the reason' });
}

async function route(parts: ServerParts, request: IncomingMessage, url: URL): Promise<Answer> {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  if (!url.pathname.startsWith('/v1/')) return open(parts, method, url.pathname, request);
  const by = person(parts, request);
  const atPath = ROUTES.filter(({ path }) => path === url.pathname);
  if (atPath.length === 0) throw new Refusal(404, 'there is nothing at this path');
  const found = atPath.find((one) => one.method === method);
  if (found === undefined) throw new Refusal(405, `${method} is not offered here`, { allow: allowed(atPath) });
  if (found.may === 'act' && by.may !== 'act') throw new Refusal(403, `${by.name} may look, not act`);
  const body = method === 'POST' ? await bodyOf(request) : undefined;
  return found.answer(parts, { by, url, known: request.headers['if-none-match'] ?? '', body });
}

const allowed = (routes: readonly Route[]): string => routes.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');

/** What needs no token: the page's files, and whether anybody is there. */
function open(parts: ServerParts, method: string, path: string, request: IncomingMessage): Answer {
  const isHealth = path === '/healthz';
  const found = isHealth ? json(200, { status: 'ok', night: parts.incarnation }) : parts.file(path, request.headers['if-none-match']);
  if (found === undefined) throw new Refusal(404, 'there is nothing at this path');
  if (method !== 'GET') throw new Refusal(405, `${method} is not offered here`, { allow: 'GET, HEAD' });
  return found;
}

function changes(parts: ServerParts, request: IncomingMessage, response: ServerResponse): void {
  person(parts, request);
  if (request.method !== 'GET') throw new Refusal(405, `${request.method} is not offered here`, { allow: 'GET' });
  if (parts.streams.size >= STREAMS_MAX) throw new Refusal(503, `more than ${STREAMS_MAX} listeners`, { 'retry-after': '10' });
  parts.streams.add(response);
  response.on('close', () => parts.streams.delete(response));
  const isKnown = (): boolean => known(parts, request) !== undefined;
  streamChanges(parts.night.feed, { response, isKnown }, HEADERS);
}

function known({ people }: ServerParts, request: IncomingMessage): Person | undefined {
  const header = request.headers.authorization ?? '';
  return header.startsWith('Bearer ') ? people.personOf(header.slice('Bearer '.length)) : undefined;
}

function person(parts: ServerParts, request: IncomingMessage): Person {
  const found = known(parts, request);
  if (found === undefined)
    throw new Refusal(401, 'this needs Authorization: Bearer TOKEN of a person (tarazu-batch person add NAME)', { 'www-authenticate': 'Bearer' });
  return found;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = (await bytesOf(request)).toString();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** Whatever comes after the limit is read and dropped, so that the caller gets to read why; the request's time ends that too. */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) {
        chunks.length = 0;
        reject(new Refusal(413, `a body has at most ${BODY_BYTES_MAX} bytes`));
      } else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the caller went away')));
  });
}

function write(request: IncomingMessage, response: ServerResponse, { status, contentType, body, headers }: Answer): void {
  const length = status === 304 ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...HEADERS, ...headers, ...length });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body);
}
