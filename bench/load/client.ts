// Process of the load client: one connection, its phases one after the other. Verdicts are matched to orders by ClOrdID and timed from the planned
// send. Speaks just enough FIX to log on; answers nothing else. Sends its results to the parent and exits.
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { Histogram } from '../histogram.ts';
import { fixTime, OrderStream, orderText } from './order-stream.ts';
import { monotonic, type SenderDone, type SenderTask } from './paced-sender.ts';
import type { LoadPlan, Phase, PhaseResult } from './plan.ts';
import { ReportScanner } from './report-scanner.ts';

const PREFIX = 'L';
/** How long after its last planned send a phase waits for answers, milliseconds. */
const PATIENCE = 10_000;

/** One connection and its counters. */
class LoadClient {
  private readonly scanner = new ReportScanner();
  private readonly histogram = new Histogram();
  private readonly plan: LoadPlan;
  private readonly socket: Socket;
  private nextSequence = 1;
  private nextNumber: number;
  private bytesIn = 0;
  private refused = 0;
  private answered = 0;
  private sample = '';
  private lastAnswer = 0;
  private onVerdict: (number: number, now: number) => void = () => {};
  private onChunk: () => void = () => {};
  private loggedOn: () => void = () => {};

  constructor(plan: LoadPlan, socket: Socket) {
    this.plan = plan;
    this.socket = socket;
    this.nextNumber = plan.firstNumber;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  async run(): Promise<PhaseResult[]> {
    if (this.plan.logon) await this.logOn();
    const results: PhaseResult[] = [];
    for (const phase of this.plan.phases) {
      this.histogram.reset();
      this.bytesIn = 0;
      this.refused = 0;
      this.answered = 0;
      this.sample = '';
      results.push(phase.mode === 'open' ? await this.open(phase) : await this.window(phase));
    }
    return results;
  }

  private read(chunk: Buffer): void {
    // One reading of the clock per chunk: its messages were all there at this instant.
    const now = monotonic();
    this.bytesIn += chunk.length;
    if (this.sample === '') this.sample = chunk.toString('latin1', 0, Math.min(chunk.length, 400)).replaceAll('\x01', '|');
    this.scanner.push(chunk, (type, number) => {
      if (type === 65) this.loggedOn();
      else if (type === 51 || type === 106) this.refused += 1;
      else if (type === 53) throw new Error('the peer logged out in the middle of a phase');
      else if (number >= 0) {
        this.answered += 1;
        this.onVerdict(number, now);
      }
    });
    this.lastAnswer = now;
    this.onChunk();
  }

  private logOn(): Promise<void> {
    return new Promise((resolve) => {
      this.loggedOn = resolve;
      this.socket.write(orderText('A', '1', this.plan, fixTime(Date.now()), '98=0\x01108=60\x01141=Y\x01'), 'latin1');
      this.nextSequence = 2;
    });
  }

  private async open(phase: Phase & { mode: 'open' }): Promise<PhaseResult> {
    const count = Math.round(phase.perSecond * phase.seconds);
    const burst = Math.max(1, Math.round(phase.perSecond / 1000));
    const interval = (burst * 1e9) / phase.perSecond;
    const firstNumber = this.nextNumber;
    const start = monotonic() + 300e6;
    const from = Math.floor(count * this.plan.warmUp);
    this.onVerdict = (number, now) => {
      const index = number - firstNumber;
      if (index >= from) this.histogram.record(now - (start + Math.floor(index / burst) * interval));
    };
    const done = await this.paced(count, { burst, interval, start });
    await this.answers(count);
    const seconds = (this.lastAnswer - (start + Math.floor(from / burst) * interval)) / 1e9;
    return this.result(phase.label, count, done, this.histogram.count / seconds);
  }

  private paced(count: number, pace: { burst: number; interval: number; start: number }): Promise<SenderDone> {
    const fd = (this.socket as unknown as { _handle?: { fd?: number } })._handle?.fd;
    if (fd === undefined || fd < 0) throw new Error('this platform shows no descriptor of a socket: the open-loop sender cannot run');
    const task: SenderTask = {
      fd,
      ids: this.plan,
      prefix: PREFIX,
      orders: this.plan.orders,
      firstSequence: this.nextSequence,
      firstNumber: this.nextNumber,
      count,
      ...pace,
    };
    this.nextSequence += count;
    this.nextNumber += count;
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('paced-sender.ts', import.meta.url), {
        workerData: { ...task, ids: { sender: task.ids.sender, target: task.ids.target } },
      });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  }

  private async window(phase: Phase & { mode: 'window' }): Promise<PhaseResult> {
    const { count, inFlight } = phase;
    const stream = new OrderStream(this.plan, PREFIX, this.plan.orders);
    const bytes = Buffer.alloc(stream.bytesMax * inFlight);
    const sentAt = new Float64Array(count);
    const first = this.nextNumber;
    const from = Math.floor(count * this.plan.warmUp);
    let sent = 0;
    let bytesOut = 0;
    let countedFrom = 0;
    const top = (): void => {
      const room = Math.min(inFlight - (sent - this.answered - this.refused), count - sent);
      if (room <= 0) return;
      const now = monotonic();
      stream.setTime(Date.now());
      let length = 0;
      for (let i = 0; i < room; i++) {
        sentAt[sent] = now;
        length = stream.write(bytes, length, this.nextSequence, this.nextNumber);
        this.nextSequence += 1;
        this.nextNumber += 1;
        sent += 1;
      }
      bytesOut += length;
      this.socket.write(Buffer.from(bytes.subarray(0, length)));
    };
    this.onVerdict = (number, now) => {
      if (this.answered === from + 1) countedFrom = now;
      if (number - first >= from) this.histogram.record(now - (sentAt[number - first] ?? now));
    };
    this.onChunk = top;
    top();
    await this.answers(count);
    this.onChunk = () => {};
    const seconds = (this.lastAnswer - countedFrom) / 1e9;
    return this.result(phase.label, sent, { worstLateness: 0, bytesOut }, (count - from) / seconds);
  }

  /** Resolves when `count` answers are in, or when none came for the time of patience. */
  private answers(count: number): Promise<void> {
    return new Promise((resolve) => {
      let seen = -1;
      let since = Date.now();
      const timer = setInterval(() => {
        const all = this.answered + this.refused;
        if (all !== seen) since = Date.now();
        seen = all;
        if (all < count && Date.now() - since < PATIENCE) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
  }

  private result(label: string, sent: number, done: SenderDone, perSecond: number): PhaseResult {
    const { answered, refused, bytesIn, sample } = this;
    return { label, sent, answered, refused, perSecond, latency: this.histogram.summary(), ...done, bytesIn, sample };
  }
}

process.once('message', (message) => {
  const plan = message as LoadPlan;
  const socket = connect(plan.port, '127.0.0.1', () => {
    new LoadClient(plan, socket).run().then(
      (results) => process.send?.({ results }, () => process.exit(0)),
      (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
    );
  });
  socket.once('error', (error) => process.send?.({ error: `cannot reach port ${plan.port}: ${error.message}` }, () => process.exit(1)));
});
process.once('disconnect', () => process.exit(1));
