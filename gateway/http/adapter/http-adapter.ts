// What routes and channels need of a server, and nothing more: two servers stand behind it (uWebSockets.js, and node:http with ws), and no route
// knows which. Adapters bound what a client can hold: header and body size, time, buffered bytes.

/** One request, body read in full (adapters refuse larger bodies than BODY_BYTES_MAX before a route sees them). */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query, percent-decoding left to the router. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Address of the peer, as text; '' when it is gone. */
  readonly remoteAddress: string;
  /** Value of a header by lower-case name. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** One answer; bodies are complete. Text goes out as UTF-8. */
export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request; never rejects (the router turns failures into 5xx answers). */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** One WebSocket. Calls after it has closed do nothing. */
export interface Channel {
  /** The subprotocol agreed on; '' when the route has none. */
  readonly protocol: string;
  /** Bytes handed over that the kernel has not taken yet. */
  readonly bufferedBytes: number;
  /**
   * Sends one message: a text frame for a string, a binary frame for bytes, or what `isText` says (bytes in a text frame must be UTF-8: for a
   * message encoded once and sent to many). The bytes may not be changed afterwards.
   */
  send(data: string | Uint8Array, isText?: boolean): void;
  /** Runs `work`; what it sends leaves in as few writes as the server can manage. */
  cork(work: () => void): void;
  /** Starts the closing handshake; the route's closed may be called before it returns. The reason is cut to what a close frame holds. */
  close(code: number, reason: string): void;
}

/**
 * A path that is upgraded to WebSocket. Callbacks never throw; they are called in turn, and closed is the last. A message that is too large (1009), or text
 * that is not UTF-8 (1007), never reaches message: the channel closes.
 */
export interface ChannelRoute {
  readonly path: string;
  /** Subprotocols spoken. Empty: none is negotiated. Otherwise the client's first that is spoken is taken; one that offers none of them is refused with 400. */
  readonly protocols: readonly string[];
  /** Lets a client in: resolves to what open is given. Throws HttpError to refuse with its status, code and message. */
  upgrade(request: HttpRequest): Promise<unknown>;
  open(channel: Channel, data: unknown): void;
  /** A whole message: a string for a text frame, bytes for a binary one. The bytes are the callee's to keep. */
  message(channel: Channel, data: string | Uint8Array): void;
  /** The kernel took bytes that were waiting: bufferedBytes has fallen. */
  drained(channel: Channel): void;
  closed(channel: Channel): void;
}

/** A server. listen resolves to the port bound (useful with port 0); close stops accepting and resolves when open requests are answered and channels closed. */
export interface HttpAdapter {
  listen(host: string, port: number, handler: HttpHandler, channels?: readonly ChannelRoute[]): Promise<number>;
  close(): Promise<void>;
}

/** Largest request body accepted, bytes: a basket of 1,000 legs in Kite's form, indented and with every field Kite knows, is about 420,000. */
export const BODY_BYTES_MAX = 524_288;
