// From a request to its answer: the route is found, the caller counted and recognised, everything validated, and only then does a handler run. Every
// answer but plain text has one envelope {data, error, meta}; a handler's failure never shows its inside.
import { randomUUID } from 'node:crypto';
import type { Logger } from '../log.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './adapter/http-adapter.ts';
import type { Authenticate } from './auth/authenticator.ts';
import type { Principal } from './auth/principal.ts';
import { CallerGate } from './caller-gate.ts';
import { HttpError, refusal } from './http-error.ts';
import { bodyHash, type IdempotencyStore, idempotencyName, type KeptAnswer } from './idempotency.ts';
import type { RateLimiter } from './rate-limit.ts';
import { bodyOf, paramsOf, queryOf } from './request-input.ts';
import type { PlainText, Reply, Route, RouteCall } from './route.ts';
import { type Match, RouteTable } from './route-table.ts';

/** What the router is made of. */
export interface RouterParts {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly rates: { readonly address: RateLimiter; readonly principal: RateLimiter; readonly orders: RateLimiter };
  readonly idempotency: IdempotencyStore;
  readonly log: Logger;
  /** Files served beside the routes, by path; they cost no token and no count. */
  readonly files?: ((path: string, ifNoneMatch: string | undefined) => HttpResponse | undefined) | undefined;
}

const REQUEST_ID = /^[A-Za-z0-9._:-]{8,64}$/;
const KEY = /^[\x21-\x7e]{1,64}$/;
const SERVER_ERROR = 500;
const TOO_MANY = 429;

/** The handler an HttpAdapter is started with. */
export function routed(parts: RouterParts): HttpHandler {
  const table = new RouteTable(parts.routes);
  const gate = new CallerGate(parts.authenticate, parts.rates);
  return async (request) => {
    const given = request.header('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(given) ? given : `tz_${randomUUID()}`;
    const headers: Record<string, string> = { 'x-request-id': requestId };
    let response: HttpResponse;
    let route: Route | undefined;
    try {
      const file = fileOf(parts, request);
      if (file === undefined) {
        const match = findRoute(table, gate, request, headers);
        route = match.route;
        const principal = await gate.admit(match.route, request, headers);
        response = await answer(parts, match, { request, requestId, principal });
      } else response = file;
    } catch (error) {
      response = failure(error, { requestId, request, route }, parts.log);
    }
    const isHead = request.method === 'HEAD';
    return { ...response, body: isHead ? '' : response.body, headers: { ...headers, ...response.headers } };
  };
}

function fileOf({ files }: RouterParts, request: HttpRequest): HttpResponse | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  return files?.(request.path, request.header('if-none-match'));
}

/** The route of a request; what is no route costs the caller's address a token, so that guessing is bounded too. */
function findRoute(table: RouteTable, gate: CallerGate, request: HttpRequest, headers: Record<string, string>): Match {
  try {
    return table.find(request);
  } catch (error) {
    gate.countAddress(request, headers);
    throw error;
  }
}

interface Admitted {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly principal: Principal;
}

async function answer(parts: RouterParts, { route, parameters }: Match, admitted: Admitted): Promise<HttpResponse> {
  const { request, requestId, principal } = admitted;
  const idempotencyKey = keyOf(route, request);
  const call: RouteCall<unknown, unknown, unknown> = {
    params: paramsOf(route, parameters),
    query: queryOf(route, request.query),
    body: bodyOf(route, request),
    principal,
    idempotencyKey,
    requestId,
    request,
  };
  if (idempotencyKey === '') return rendered(route, await route.handle(call), requestId);
  return once(parts, route, call);
}

/** Runs the handler once per Idempotency-Key; a repeat gets the answer that was given. */
async function once({ idempotency, log }: RouterParts, route: Route, call: RouteCall<unknown, unknown, unknown>): Promise<HttpResponse> {
  const { request, requestId, principal, idempotencyKey } = call;
  const name = idempotencyName(principal.subject, `${route.method} ${route.path}`, idempotencyKey);
  const hash = bodyHash(Buffer.concat([Buffer.from(`${request.path}?${request.query}\n`), request.body]));
  const kept = idempotency.begin(name, hash, Date.now());
  if (kept !== undefined) return replayed(kept);
  let response: HttpResponse;
  try {
    response = rendered(route, await route.handle(call), requestId);
  } catch (error) {
    response = failure(error, { requestId, request, route }, log);
  }
  // Not decided, or nobody knows: the same request may be tried again. Orders are known by their ClOrdID then.
  if (response.status >= SERVER_ERROR || response.status === TOO_MANY) idempotency.release(name);
  else idempotency.settle(name, hash, { status: response.status, body: String(response.body) }, Date.now());
  return response;
}

function replayed({ status, body }: KeptAnswer): HttpResponse {
  return { status, contentType: 'application/json', body, headers: { 'idempotency-replayed': 'true' } };
}

function keyOf(route: Route, request: HttpRequest): string {
  if (route.mutates === undefined || route.mutates === false) return '';
  const key = request.header('idempotency-key');
  if (key === undefined) {
    if (route.mutates === 'required')
      throw refusal('TZ-IDEMPOTENCY-KEY', 'this route needs an Idempotency-Key: a repeat must not place a second order');
    return '';
  }
  if (!KEY.test(key)) throw refusal('TZ-IDEMPOTENCY-KEY', 'Idempotency-Key must be 1 to 64 printable characters without spaces');
  return key;
}

function rendered(route: Route, reply: Reply<unknown> | PlainText, requestId: string): HttpResponse {
  if ('text' in reply) return { status: reply.status ?? 200, contentType: reply.contentType, body: reply.text };
  const { data, nextCursor } = reply;
  const meta = { request_id: requestId, ...(nextCursor === undefined ? {} : { next_cursor: nextCursor }) };
  return json(reply.status ?? route.status ?? 200, { data, error: null, meta });
}

function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n`, headers };
}

/** A request that failed, and the route it was for, as far as one was found. */
interface Failed {
  readonly request: HttpRequest;
  readonly requestId: string;
  readonly route: Route | undefined;
}

function failure(error: unknown, { request, requestId, route }: Failed, log: Logger): HttpResponse {
  const refused =
    error instanceof HttpError ? error : refusal('TZ-INTERNAL', 'the request failed inside tarazu; the log has it under this request_id');
  if (refused !== error) log.error({ requestId, method: request.method, path: request.path, error }, 'request failed');
  const form = route?.refusal;
  if (form !== undefined) return json(form.statusOf(refused.status), form.body(refused), refused.headers);
  const { code, message } = refused;
  const details = refused.details === undefined ? {} : { details: refused.details };
  return json(refused.status, { data: null, error: { code, message, ...details }, meta: { request_id: requestId } }, refused.headers);
}
