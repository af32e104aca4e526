// A server that speaks the ticker's binary form over a market that walks: for demos, tests and whoever builds a client. Loopback unless told
// otherwise; takes any credentials, because it has nothing to protect.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Tick } from '../market-data-port.ts';
import { encodeFrame, HEARTBEAT, type TickerMode } from './frame-encoder.ts';
import { exchangeToken, tokenSegment } from './ticker-layout.ts';
import { TOKENS_PER_CONNECTION } from './ticker-source.ts';

const HEARTBEAT_MILLIS = 1_000;
const MESSAGE_BYTES_MAX = 65_536;
/** Unsent bytes above which a client misses frames until it has read. */
const BACKLOG_BYTES_MAX = 1 << 20;
const MODES: readonly string[] = ['ltp', 'quote', 'full'];

/** Fills the tick of an instrument; false when there is none of it. */
export type TickReader = (segment: number, token: number) => Tick | undefined;

export class TickerServer {
  private readonly read: TickReader;
  private readonly http: Server = createServer((_request, response) => response.writeHead(426).end());
  private readonly sockets = new WebSocketServer({ server: this.http, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false });
  private readonly clients = new Map<WebSocket, Map<number, TickerMode>>();
  private readonly beat: NodeJS.Timeout;

  constructor(read: TickReader) {
    this.read = read;
    this.sockets.on('connection', (socket) => this.accept(socket));
    this.beat = setInterval(() => this.eachReady((socket) => socket.send(HEARTBEAT)), HEARTBEAT_MILLIS);
  }

  /** Clients connected now, and instruments they subscribe to, counted once per client. */
  get load(): { readonly clients: number; readonly subscriptions: number } {
    return { clients: this.clients.size, subscriptions: [...this.clients.values()].reduce((sum, { size }) => sum + size, 0) };
  }

  /** Listens; resolves to the port bound. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(port, host, () => resolve());
    });
    return (this.http.address() as AddressInfo).port;
  }

  /** Sends every client its instruments as they are now. */
  publish(): void {
    this.eachReady((socket, wanted) => {
      const entries: { tick: Tick; mode: TickerMode }[] = [];
      for (const [instrument, mode] of wanted) {
        const tick = this.read(tokenSegment(instrument), exchangeToken(instrument));
        if (tick !== undefined) entries.push({ tick, mode });
      }
      if (entries.length > 0) socket.send(encodeFrame(entries));
    });
  }

  /** Sends any bytes to every client, as a broken feed would. */
  sendRaw(frame: Uint8Array): void {
    this.eachReady((socket) => socket.send(frame));
  }

  /** Drops every client without a word. */
  dropClients(): void {
    for (const socket of this.clients.keys()) socket.terminate();
  }

  async close(): Promise<void> {
    clearInterval(this.beat);
    this.dropClients();
    await new Promise<void>((resolve) => this.sockets.close(() => resolve()));
    await new Promise<void>((resolve) => this.http.close(() => resolve()));
  }

  private eachReady(work: (socket: WebSocket, wanted: Map<number, TickerMode>) => void): void {
    for (const [socket, wanted] of this.clients)
      if (socket.readyState === socket.OPEN && socket.bufferedAmount < BACKLOG_BYTES_MAX) work(socket, wanted);
  }

  private accept(socket: WebSocket): void {
    const wanted = new Map<number, TickerMode>();
    this.clients.set(socket, wanted);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.clients.delete(socket));
    socket.on('message', (message, isBinary) => {
      const problem = isBinary ? 'messages are JSON text' : obey(wanted, message.toString());
      if (problem !== '') socket.send(JSON.stringify({ type: 'error', data: problem }));
    });
  }
}

/** Does what a client asks; '' or why not. */
function obey(wanted: Map<number, TickerMode>, text: string): string {
  let message: { a?: unknown; v?: unknown };
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return 'not JSON';
  }
  const isList = (value: unknown): value is number[] => Array.isArray(value) && value.every((token) => Number.isInteger(token) && token >= 0);
  const { a: action, v: value } = message;
  if (action === 'subscribe' && isList(value)) {
    for (const token of value) if (wanted.size < TOKENS_PER_CONNECTION) wanted.set(token, wanted.get(token) ?? 'quote');
    return '';
  }
  if (action === 'unsubscribe' && isList(value)) {
    for (const token of value) wanted.delete(token);
    return '';
  }
  if (action === 'mode' && Array.isArray(value) && MODES.includes(value[0] as string) && isList(value[1])) {
    for (const token of value[1]) if (wanted.has(token)) wanted.set(token, value[0] as TickerMode);
    return '';
  }
  return 'subscribe, unsubscribe or mode, with instrument tokens';
}
