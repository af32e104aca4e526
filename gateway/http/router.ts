// Routes as a table: method, path pattern, who may call, schema of the body, handler. Every answer has one envelope {data, error, meta}; nothing
// reaches a handler unvalidated, and a handler's failure never shows its inside to the caller.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { HttpHandler, HttpRequest, HttpResponse } from './adapter/http-adapter.ts';
import { HttpError } from './http-error.ts';

/** What a handler is given. */
export interface RouteCall<Body> {
  /** A named part of the path, percent-decoded, 1 to 64 characters. */
  parameter(name: string): string;
  readonly query: URLSearchParams;
  readonly body: Body;
}

/** Text to be sent as it is, outside the envelope. */
export interface PlainText {
  readonly contentType: string;
  readonly text: string;
  readonly status?: number;
}

/** One route. `path` has literal parts and `:name` parts. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** open: anyone who reaches the port; token: needs the bearer token. */
  readonly access: 'open' | 'token';
  readonly handle: (call: RouteCall<unknown>) => Promise<object | PlainText>;
  readonly body: z.ZodType | undefined;
}

/** A route with a validated body. */
export function post<Schema extends z.ZodType>(
  path: string,
  access: Route['access'],
  body: Schema,
  handle: (call: RouteCall<z.output<Schema>>) => Promise<object>,
): Route {
  return { method: 'POST', path, access, body, handle: (call) => handle(call as RouteCall<z.output<Schema>>) };
}

/** A route without a body. */
export function get(path: string, access: Route['access'], handle: (call: RouteCall<undefined>) => Promise<object | PlainText>): Route {
  return { method: 'GET', path, access, body: undefined, handle: (call) => handle(call as RouteCall<undefined>) };
}

/** Decides whether a request may use a 'token' route; throws HttpError otherwise. */
export type Authorize = (request: HttpRequest) => Promise<unknown>;

const PARAMETER_LENGTH_MAX = 64;

/** The handler an HttpAdapter is started with. */
export function routed(routes: readonly Route[], authorize: Authorize, log: Logger): HttpHandler {
  const table = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return async (request) => {
    const requestId = `tz_${randomUUID()}`;
    try {
      const { route, parameters } = match(table, request);
      if (route.access === 'token') await authorize(request);
      const body = route.body === undefined ? undefined : parseBody(route.body, request.body);
      const answer = await route.handle({
        parameter: (name) => parameters[name] ?? '',
        query: request.query,
        body,
      });
      if ('contentType' in answer && 'text' in answer) {
        const { contentType, text, status } = answer as PlainText;
        return { status: status ?? 200, contentType, body: text };
      }
      return json(200, { data: answer, error: null, meta: { request_id: requestId } });
    } catch (error) {
      return failure(error, requestId, request, log);
    }
  };
}

function match(table: readonly { route: Route; parts: string[] }[], request: HttpRequest): { route: Route; parameters: Record<string, string> } {
  const parts = request.path.split('/');
  let isKnownPath = false;
  for (const { route, parts: pattern } of table) {
    const parameters = matchParts(pattern, parts);
    if (parameters === undefined) continue;
    if (route.method === request.method) return { route, parameters };
    isKnownPath = true;
  }
  if (isKnownPath) throw new HttpError(405, 'TZ-METHOD', `${request.method} is not offered here`);
  throw new HttpError(404, 'TZ-NO-ROUTE', 'there is nothing at this path');
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = parts[index] ?? '';
    if (!expected.startsWith(':')) {
      if (expected !== actual) return undefined;
      continue;
    }
    const value = decodePart(actual);
    if (value === '' || value.length > PARAMETER_LENGTH_MAX)
      throw new HttpError(400, 'TZ-PATH', `${expected.slice(1)} must have 1 to ${PARAMETER_LENGTH_MAX} characters`);
    parameters[expected.slice(1)] = value;
  }
  return parameters;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, 'TZ-PATH', 'the path is not valid percent-encoding');
  }
}

function parseBody(schema: z.ZodType, bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new HttpError(400, 'TZ-JSON', `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ field: z.core.toDotPath(issue.path), message: issue.message }));
  throw new HttpError(422, 'TZ-INVALID', issues.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; '), {
    issues,
  });
}

function json(status: number, value: object): HttpResponse {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function failure(error: unknown, requestId: string, request: HttpRequest, log: Logger): HttpResponse {
  const meta = { request_id: requestId };
  if (error instanceof HttpError) {
    const details = error.details === undefined ? {} : { details: error.details };
    return json(error.status, { data: null, error: { code: error.code, message: error.message, ...details }, meta });
  }
  log.error({ requestId, method: request.method, path: request.path, error }, 'request failed');
  return json(500, {
    data: null,
    error: { code: 'TZ-INTERNAL', message: 'the request failed inside tarazu; the log has it under this request_id' },
    meta,
  });
}
