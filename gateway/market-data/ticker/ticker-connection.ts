// One WebSocket to a ticker: subscribes, reads frames, and when the line drops or goes silent connects again, ever more slowly, and subscribes
// anew. Never gives up and never throws: what is wrong is told.
import { WebSocket } from 'ws';
import type { MarketDataSink } from '../market-data-port.ts';
import { FrameDecoder } from './frame-decoder.ts';
import type { TickerMode } from './frame-encoder.ts';

/** Instruments in one message: longer lists are cut, as servers bound what they read. */
const TOKENS_PER_MESSAGE = 500;
/** Largest frame read: 3,000 full packets are half of it. */
const FRAME_BYTES_MAX = 1 << 20;

/** How a connection behaves. */
export interface ConnectionOptions {
  /** ws: or wss: address, credentials included. */
  readonly url: string;
  readonly mode: TickerMode;
  /** First wait before connecting again, and the longest, milliseconds. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** Silence after which the line is taken for dead: a server beats once a second. */
  readonly silenceMs: number;
}

/** What a connection counts. */
export interface ConnectionCounters {
  connects: number;
  disconnects: number;
  frames: number;
  heartbeats: number;
  malformed: number;
}

export class TickerConnection {
  readonly counters: ConnectionCounters = { connects: 0, disconnects: 0, frames: 0, heartbeats: 0, malformed: 0 };
  /** Why it is not up; '' while it is. */
  problem = 'not connected yet';
  private readonly options: ConnectionOptions;
  private readonly sink: MarketDataSink;
  private readonly decoder = new FrameDecoder();
  private readonly reader: { tick: MarketDataSink['tick']; malformed(problem: string): void };
  private wanted: readonly number[] = [];
  private socket: WebSocket | undefined;
  private attempts = 0;
  private retry: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(options: ConnectionOptions, sink: MarketDataSink) {
    this.options = options;
    this.sink = sink;
    this.reader = {
      tick: (tick) => sink.tick(tick),
      malformed: (problem) => {
        this.counters.malformed += 1;
        sink.fault(`ticker frame ${this.counters.frames}, ${problem}`);
      },
    };
  }

  get isUp(): boolean {
    return this.problem === '';
  }

  /** Connects, and keeps connecting. */
  start(): void {
    if (!this.stopped) this.connect();
  }

  /** Subscribes to exactly these instrument tokens. */
  subscribe(tokens: readonly number[]): void {
    const before = new Set(this.wanted);
    const after = new Set(tokens);
    const [gone, added] = [this.wanted.filter((token) => !after.has(token)), tokens.filter((token) => !before.has(token))];
    this.wanted = tokens;
    if (!this.isUp) return;
    this.say(gone, (list) => ({ a: 'unsubscribe', v: list }));
    this.ask(added);
  }

  /** Closes for good. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.problem = 'stopped';
    this.socket?.terminate();
    this.socket = undefined;
  }

  private connect(): void {
    const socket = new WebSocket(this.options.url, {
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: this.options.silenceMs,
      perMessageDeflate: false,
    });
    this.socket = socket;
    let failure = '';
    socket.on('open', () => {
      this.attempts = 0;
      this.problem = '';
      this.counters.connects += 1;
      this.heard();
      this.ask(this.wanted);
    });
    socket.on('message', (message, isBinary) => this.receive(message as Buffer, isBinary));
    socket.on('error', (error) => {
      failure = error.message;
    });
    socket.on('close', (code, reason) =>
      this.closed(failure !== '' ? failure : `closed with ${code} ${reason.toString('latin1').slice(0, 100)}`.trim()),
    );
  }

  private closed(why: string): void {
    clearTimeout(this.silence);
    this.socket = undefined;
    if (this.stopped) return;
    if (this.isUp) this.counters.disconnects += 1;
    this.problem = why;
    const wait = Math.min(this.options.retryMs * 2 ** this.attempts, this.options.retryMaxMs);
    this.attempts += 1;
    // Jittered, so that many clients of one server do not come back together.
    this.retry = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.terminate(), this.options.silenceMs);
  }

  private receive(message: Buffer, isBinary: boolean): void {
    this.heard();
    if (!isBinary) {
      this.receiveText(message);
      return;
    }
    this.counters.frames += 1;
    if (message.length === 1) this.counters.heartbeats += 1;
    this.decoder.decode(message, this.reader);
  }

  /** Text frames carry order postbacks, which are not ours, and errors and messages, which operations should read. */
  private receiveText(message: Buffer): void {
    try {
      const { type, data } = JSON.parse(message.toString()) as { type?: unknown; data?: unknown };
      if (type === 'error' || type === 'message') this.sink.fault(`ticker says: ${String(data).slice(0, 200)}`);
    } catch {
      this.counters.malformed += 1;
      this.sink.fault('ticker sent a text that is not JSON');
    }
  }

  private ask(tokens: readonly number[]): void {
    this.say(tokens, (list) => ({ a: 'subscribe', v: list }));
    this.say(tokens, (list) => ({ a: 'mode', v: [this.options.mode, list] }));
  }

  private say(tokens: readonly number[], message: (list: readonly number[]) => object): void {
    for (let from = 0; from < tokens.length; from += TOKENS_PER_MESSAGE)
      this.socket?.send(JSON.stringify(message(tokens.slice(from, from + TOKENS_PER_MESSAGE))));
  }
}
