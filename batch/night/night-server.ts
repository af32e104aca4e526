// The night over HTTP on loopback: the view as JSON, the graph as SVG, records of an instance, acts. Every request needs a person's token; the act is
// done in that person's name. Bad requests get a status and a sentence; nothing of the inside is shown.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { graphSvg } from './graph-svg.ts';
import type { Night } from './night.ts';
import { actFaults, doAct, nightAct } from './night-acts.ts';
import { nightView } from './night-view.ts';
import type { People } from './people.ts';

const BODY_BYTES_MAX = 65_536;
const REQUEST_MILLIS = 10_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** What the server needs. `acted` is called after each act, so that the runner looks again. */
export interface NightServerParts {
  readonly night: Night;
  readonly people: People;
  readonly acted: () => void;
  /** Static files of the console: body and content type by path; undefined where there is none. */
  readonly file: (path: string) => { readonly body: Uint8Array; readonly contentType: string } | undefined;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
} as const;
const json = (status: number, value: object): Answer => ({ status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` });

/** Listens; resolves to the server. Rejects when the port cannot be had. */
export function serveNight(parts: NightServerParts, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(parts, request).then((result) => write(response, result));
  });
  server.requestTimeout = REQUEST_MILLIS;
  server.headersTimeout = REQUEST_MILLIS;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function answer(parts: NightServerParts, request: IncomingMessage): Promise<Answer> {
  try {
    return await route(parts, request, new URL(request.url ?? '/', 'http://night'));
  } catch (error) {
    if (error instanceof Refusal) return json(error.status, { error: error.message });
    // What an act may not do now is a RangeError with what would be needed.
    if (error instanceof RangeError) return json(409, { error: error.message });
    process.stderr.write(`${JSON.stringify({ level: 'error', path: request.url, error: String(error) })}\n`);
    return json(500, { error: 'the request failed inside tarazu-batch; its log has the reason' });
  }
}

async function route(parts: NightServerParts, request: IncomingMessage, url: URL): Promise<Answer> {
  const { night } = parts;
  const { method = 'GET' } = request;
  if (url.pathname === '/healthz') return json(200, { status: 'ok' });
  if (!url.pathname.startsWith('/v1/')) return staticFile(parts, method, url.pathname);
  const by = person(parts.people, request);
  if (url.pathname === '/v1/night/acts' && method === 'POST') return act(parts, await body(request), by);
  if (method !== 'GET') throw new Refusal(405, `${method} is not offered here`);
  switch (url.pathname) {
    case '/v1/me':
      return json(200, { name: by });
    case '/v1/night':
      return json(200, nightView(night, dateOf(url)));
    case '/v1/night/runs':
      return json(200, { runs: night.store.runsFrom().map((run) => ({ ...run, isGreen: night.runner.isGreen(run.id) })) });
    case '/v1/night/records':
      return json(200, { records: night.store.recordsOfInstance(needed(url, 'run'), needed(url, 'key')) });
    case '/v1/night/graph.svg': {
      const run = nightView(night, dateOf(url)).runs.find(({ run: { phase } }) => phase === needed(url, 'phase'));
      if (run === undefined) throw new Refusal(404, 'that phase was not run on that date');
      return { status: 200, contentType: 'image/svg+xml', body: graphSvg(run.instances, run.run.id) };
    }
    default:
      throw new Refusal(404, 'there is nothing at this path');
  }
}

function act({ night, acted }: NightServerParts, value: unknown, by: string): Answer {
  if (typeof value !== 'object' || value === null) throw new Refusal(400, 'an act is an object');
  const parsed = nightAct.safeParse({ ...value, by });
  if (!parsed.success) throw new Refusal(422, actFaults(parsed.error));
  const said = doAct(night, parsed.data);
  acted();
  return json(200, { said });
}

function staticFile({ file }: NightServerParts, method: string, path: string): Answer {
  if (method !== 'GET' && method !== 'HEAD') throw new Refusal(405, `${method} is not offered here`);
  const found = file(path);
  if (found === undefined) throw new Refusal(404, 'there is nothing at this path');
  return { status: 200, contentType: found.contentType, body: method === 'HEAD' ? '' : found.body };
}

function person(people: People, request: IncomingMessage): string {
  const header = request.headers.authorization ?? '';
  const name = header.startsWith('Bearer ') ? people.nameOf(header.slice('Bearer '.length)) : undefined;
  if (name === undefined) throw new Refusal(401, 'this needs Authorization: Bearer TOKEN of a person (tarazu-batch person add NAME)');
  return name;
}

function dateOf(url: URL): string {
  const date = needed(url, 'date');
  if (!DATE.test(date)) throw new Refusal(400, 'date must be YYYY-MM-DD');
  return date;
}

function needed(url: URL, name: string): string {
  const value = url.searchParams.get(name);
  if (value === null || value === '') throw new Refusal(400, `${name} is needed`);
  return value;
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > BODY_BYTES_MAX) throw new Refusal(413, `a body has at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new Refusal(400, `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function write(response: ServerResponse, { status, contentType, body: content }: Answer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': contentType, 'content-length': Buffer.byteLength(content) });
  response.end(content);
}
