// Process of the HTTP load: keep-alive connections that write ready-made requests and cut answers by Content-Length. In a window phase each
// connection asks again as soon as it is answered; in an open phase requests have planned times, and latency counts from the plan, however late a
// connection is free for it.
import { connect, type Socket } from 'node:net';
import { Histogram, type LatencySummary } from '../histogram.ts';

/** One phase. perSecond 0: as fast as answers come. */
export interface HttpPhase {
  readonly port: number;
  readonly connections: number;
  /** Whole requests, taken in turn. */
  readonly requests: readonly string[];
  readonly seconds: number;
  readonly perSecond: number;
}

/** What a phase found. */
export interface HttpResult {
  readonly answered: number;
  readonly perSecond: number;
  readonly latency: LatencySummary;
  /** Bytes of the last body. */
  readonly bodyBytes: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const TICK_MS = 1;

class Line {
  busySince = 0;
  private readonly socket: Socket;
  private pending: Buffer = Buffer.alloc(0);
  private readonly onAnswer: (line: Line, bodyBytes: number) => void;

  constructor(port: number, onAnswer: (line: Line, bodyBytes: number) => void, onEnd: (reason: string) => void) {
    this.onAnswer = onAnswer;
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.take(chunk, onEnd));
    this.socket.on('error', (error) => onEnd(error.message));
    this.socket.on('close', () => onEnd('the server closed a connection'));
  }

  connected(): Promise<void> {
    return new Promise((resolve) => this.socket.once('connect', () => resolve()));
  }

  ask(request: Buffer, since: number): void {
    this.busySince = since;
    this.socket.write(request);
  }

  end(): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  private take(chunk: Buffer, onEnd: (reason: string) => void): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const headEnd = this.pending.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.pending.toString('latin1', 0, headEnd).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
    if (this.pending.length < headEnd + 4 + length) return;
    if (!head.startsWith('http/1.1 200')) onEnd(this.pending.toString('latin1', 0, 400));
    this.pending = this.pending.subarray(headEnd + 4 + length);
    this.onAnswer(this, length);
  }
}

class Load {
  private readonly histogram = new Histogram();
  private readonly phase: HttpPhase;
  private readonly requests: readonly Buffer[];
  private readonly lines: Line[] = [];
  private readonly free: Line[] = [];
  /** Planned times of requests no connection was free for. */
  private readonly due: number[] = [];
  private sent = 0;
  private answered = 0;
  private bodyBytes = 0;
  private isOver = false;
  private failed: (error: Error) => void = () => undefined;

  constructor(phase: HttpPhase) {
    this.phase = phase;
    this.requests = phase.requests.map((text) => Buffer.from(text, 'latin1'));
  }

  async run(): Promise<HttpResult> {
    const { port, connections, seconds, perSecond } = this.phase;
    const failure = new Promise<never>((_, reject) => {
      this.failed = reject;
    });
    for (let i = 0; i < connections; i++)
      this.lines.push(
        new Line(
          port,
          (line, bytes) => this.answer(line, bytes),
          (reason) => this.failed(new Error(reason)),
        ),
      );
    await Promise.race([Promise.all(this.lines.map((line) => line.connected())), failure]);
    this.free.push(...this.lines);
    const start = performance.now();
    await Promise.race([perSecond === 0 ? this.window(start, seconds) : this.open(start, seconds, perSecond), failure]);
    const elapsed = (performance.now() - start) / 1_000;
    for (const line of this.lines) line.end();
    return { answered: this.answered, perSecond: this.answered / elapsed, latency: this.histogram.summary(), bodyBytes: this.bodyBytes };
  }

  private async window(start: number, seconds: number): Promise<void> {
    for (const line of this.free.splice(0)) this.ask(line, performance.now());
    await new Promise((resolve) => setTimeout(resolve, start + seconds * 1_000 - performance.now()));
    this.isOver = true;
    while (this.free.length < this.lines.length) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  private async open(start: number, seconds: number, perSecond: number): Promise<void> {
    const count = Math.round(seconds * perSecond);
    this.isOver = true;
    for (let planned = 0; this.answered < count; ) {
      const now = performance.now();
      for (; planned < count && start + (planned * 1_000) / perSecond <= now; planned++) this.due.push(start + (planned * 1_000) / perSecond);
      this.sendDue();
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  private sendDue(): void {
    while (this.due.length > 0 && this.free.length > 0) {
      const line = this.free.pop();
      if (line !== undefined) this.ask(line, this.due.shift() ?? 0);
    }
  }

  private ask(line: Line, since: number): void {
    const request = this.requests[this.sent % this.requests.length];
    this.sent += 1;
    if (request !== undefined) line.ask(request, since);
  }

  private answer(line: Line, bytes: number): void {
    this.histogram.record((performance.now() - line.busySince) * 1e6);
    this.answered += 1;
    this.bodyBytes = bytes;
    if (this.isOver) {
      this.free.push(line);
      this.sendDue();
    } else this.ask(line, performance.now());
  }
}

process.on('message', (phase: HttpPhase) => {
  new Load(phase).run().then(
    (result) => process.send?.(result),
    (error: unknown) => {
      throw error;
    },
  );
});
process.on('disconnect', () => process.exit(0));
