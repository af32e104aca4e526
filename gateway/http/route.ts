// One route: what it takes, who may call it, what it answers, and an example, as one record. The router validates by it, handlers are typed by it, and
// the OpenAPI document is made of it.
import type { z } from 'zod';
import type { HttpRequest } from './adapter/http-adapter.ts';
import type { Principal, Scope } from './auth/principal.ts';
import type { ErrorCode } from './error-code.ts';
import type { HttpError } from './http-error.ts';

/** Who may call: anyone; callers on the same machine; a token with a scope; any token at all. */
export type Access = 'open' | 'loopback' | 'token' | Scope;

/** What a handler is given. */
export interface RouteCall<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The caller; for routes that need no token, one that may do nothing. */
  readonly principal: Principal;
  /** Idempotency-Key of the request; '' when it has none. */
  readonly idempotencyKey: string;
  readonly requestId: string;
  readonly request: HttpRequest;
}

/** What a handler answers: data for the envelope, the next page's cursor, a status other than the route's. */
export interface Reply<Data> {
  readonly data: Data;
  readonly nextCursor?: string | undefined;
  readonly status?: number;
}

/** Text sent as it is, outside the envelope. */
export interface PlainText {
  readonly contentType: string;
  readonly text: string;
  readonly status?: number;
}

/** How a route says no where the house's envelope is not its form. */
export interface RefusalForm {
  /** Status of the answer, from the refusal's own. */
  statusOf(status: number): number;
  body(error: HttpError): object;
  /** JSON Schema of the body. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A route as it is written down. */
export interface RouteSpec<Params, Query, Body, Data> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Literal parts and `:name` parts. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Takes text/csv as well, as { csv }. */
  readonly takesCsv?: boolean;
  /** Schema of data; undefined for plain text. */
  readonly answer?: z.ZodType<Data>;
  /** Content type of a plain text answer. */
  readonly plain?: string;
  /** Status of success; 200 when not said. */
  readonly status?: number;
  /** Does it change anything? Then it takes an Idempotency-Key; 'required': it must have one. */
  readonly mutates?: boolean | 'required';
  /** Counts against the caller's order rate too. */
  readonly isOrder?: boolean;
  /** Errors beyond those every route can have. */
  readonly errors?: readonly ErrorCode[];
  /** The house's envelope when not said. */
  readonly refusal?: RefusalForm;
  readonly example?: { readonly params?: Record<string, string>; readonly query?: Record<string, string | number>; readonly body?: unknown };
  readonly handle: (call: RouteCall<Params, Query, Body>) => Promise<Reply<Data> | PlainText>;
}

/** A route whose types have been checked and forgotten. */
export type Route = Omit<RouteSpec<unknown, unknown, unknown, unknown>, 'handle'> & {
  readonly handle: (call: RouteCall<unknown, unknown, unknown>) => Promise<Reply<unknown> | PlainText>;
};

/** Writes a route down; the schemas type the handler. */
export function route<Params, Query, Body, Data>(spec: RouteSpec<Params, Query, Body, Data>): Route {
  return { ...spec, handle: (call) => spec.handle(call as RouteCall<Params, Query, Body>) } as Route;
}
