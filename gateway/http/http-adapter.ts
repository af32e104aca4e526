// What the routes need of an HTTP server, and nothing more, so that another server can take node:http's place without touching a route.

/** One request, body read in full (adapters refuse larger bodies than BODY_BYTES_MAX before a route sees them). */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query, percent-decoding left to the router. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of a header by lower-case name. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** One answer; bodies are complete, small texts. */
export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request; never rejects (the router turns failures into 5xx answers). */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** A server. listen resolves to the port bound (useful with port 0); close stops accepting and resolves when open requests are answered. */
export interface HttpAdapter {
  listen(host: string, port: number, handler: HttpHandler): Promise<number>;
  close(): Promise<void>;
}

/** Largest request body accepted, bytes. */
export const BODY_BYTES_MAX = 65_536;
