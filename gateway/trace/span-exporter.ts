// Takes finished spans away from whoever made them: to a file as JSON lines, to an OTLP/HTTP collector, or nowhere. Batches once a second, never more than
// one at a time; what does not fit is dropped and counted. Never blocks and never throws.
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Logger } from '../log.ts';
import { otlpBody, type Span } from './span.ts';
import type { TraceConfig } from './trace-config.ts';

const WAITING_MAX = 4_096;
const BATCH_MAX = 512;
const EVERY_MS = 1_000;
const TIMEOUT_MS = 3_000;

export class SpanExporter {
  exported = 0;
  dropped = 0;
  private readonly url: string | undefined;
  private readonly file: WriteStream | undefined;
  private readonly log: Logger;
  private readonly timer: NodeJS.Timeout | undefined;
  private waiting: Span[] = [];
  private isSending = false;
  private hasComplained = false;

  constructor(config: Pick<TraceConfig, 'file' | 'otlpUrl'>, log: Logger, everyMs: number = EVERY_MS) {
    this.url = config.otlpUrl;
    this.log = log;
    if (config.file !== undefined) {
      this.file = createWriteStream(config.file, { flags: 'a', mode: 0o600 });
      this.file.on('error', (error) => this.complain(error.message));
    }
    if (!this.isOn) return;
    this.timer = setInterval(() => void this.export(), everyMs);
    this.timer.unref();
  }

  /** Do spans go anywhere? */
  get isOn(): boolean {
    return this.url !== undefined || this.file !== undefined;
  }

  /** Takes a span; drops it when too many wait. */
  add(span: Span): void {
    if (!this.isOn) return;
    if (this.waiting.length >= WAITING_MAX) this.dropped += 1;
    else this.waiting.push(span);
  }

  /** Sends what waits and stops. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.export();
    await new Promise<void>((resolve) => (this.file === undefined ? resolve() : this.file.end(() => resolve())));
  }

  /** Sends one batch; the timer calls it. */
  async export(): Promise<void> {
    if (this.isSending || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, BATCH_MAX);
    this.isSending = true;
    try {
      // A file that does not keep up loses lines rather than filling the memory.
      if (this.file !== undefined && !this.file.writableNeedDrain) this.file.write(batch.map((span) => `${JSON.stringify(span)}\n`).join(''));
      if (this.url !== undefined) await this.post(this.url, batch);
      this.exported += batch.length;
      this.hasComplained = false;
    } catch (error) {
      this.dropped += batch.length;
      this.complain(error instanceof Error ? error.message : String(error));
    } finally {
      this.isSending = false;
    }
  }

  private async post(url: string, batch: readonly Span[]): Promise<void> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(otlpBody(batch)),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
  }

  private complain(problem: string): void {
    if (this.hasComplained) return;
    this.hasComplained = true;
    this.log.warn({ problem }, 'spans are lost');
  }
}
