// A small client of a running gateway's API for tests: method, path, body, token, and the whole answer.
import type { Gateway } from '../../../gateway/index.ts';

/** An answer of the API, taken apart. */
export interface Answer<Data = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly error: { readonly code: string; readonly message: string; readonly details?: Record<string, unknown> } | null;
  readonly meta: { readonly request_id: string; readonly next_cursor?: string };
}

/** How to ask. */
export interface AskOptions {
  readonly token?: string | undefined;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly type?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

/** Asks a route; the answer is the envelope's. */
export async function askApi<Data = Record<string, unknown>>(
  gateway: Gateway,
  method: string,
  path: string,
  options: AskOptions = {},
): Promise<Answer<Data>> {
  const { token, body, type = 'application/json', key } = options;
  const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const envelope = (text === '' ? { data: null, error: null, meta: {} } : JSON.parse(text)) as Omit<Answer<Data>, 'status' | 'headers'>;
  return { status: response.status, headers: response.headers, ...envelope };
}
