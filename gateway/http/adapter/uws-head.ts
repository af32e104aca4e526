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
      remoteAddress: addressText(new Uint8Array(response.getRemoteAddress())),
      header: (name) => headers.get(name),
    },
  };
}

/** An address of 4 or 16 bytes as Node writes it; the server itself writes IPv6 out in full. '' for no address. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
