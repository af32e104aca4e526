// The head of a request, copied off the stack of uWebSockets.js while its callback runs.
import type { HttpRequest as UwsRequest, HttpResponse as UwsResponse } from 'uWebSockets.js';
import type { HttpRequest } from './http-adapter.ts';

/** A request without its body, and what it says of that. */
export interface UwsHead {
  readonly method: string;
  /** Content-Length; 0 when it has none or is chunked. */
  readonly length: number;
  /** How often Content-Length is given. */
  readonly lengths: number;
  readonly request: Omit<HttpRequest, 'body'>;
}

/** Copies the head. */
export function headOf(response: UwsResponse, request: UwsRequest): UwsHead {
  const headers = new Map<string, string>();
  let lengths = 0;
  request.forEach((name, value) => {
    if (name === 'content-length') lengths += 1;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  });
  const method = request.getCaseSensitiveMethod();
  const query = request.getQuery();
  return {
    method,
    length: Number(headers.get('content-length') ?? 0),
    lengths,
    request: {
      method,
      path: request.getUrl(),
      query: new URLSearchParams(query),
      remoteAddress: Buffer.from(response.getRemoteAddressAsText()).toString('latin1'),
      header: (name) => headers.get(name),
    },
  };
}
