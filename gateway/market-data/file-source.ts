// Market data from a file, replayed at the pace of its times: CSV with a header, or JSON lines. Read as a stream, however long; a line that cannot be
// read is told with its number and left out.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { readFileLine } from './file-line.ts';
import type { MarketDataPort, MarketDataSink } from './market-data-port.ts';

/** Lines delivered before other work gets a turn. */
const LINES_PER_TURN = 256;

/** What to replay. */
export interface FileOptions {
  readonly path: string;
  /** How many times faster than the recorded times; 0 = as fast as it goes. */
  readonly speed: number;
}

export class FileSource implements MarketDataPort {
  readonly kind = 'file';
  readonly counters: Record<'lines' | 'unreadable', number> = { lines: 0, unreadable: 0 };
  state: 'connecting' | 'up' | 'down' | 'ended' = 'connecting';
  detail: string;
  private readonly options: FileOptions;
  private readonly abort = new AbortController();
  private running: Promise<void> | undefined;

  constructor(options: FileOptions) {
    this.options = options;
    this.detail = `reading ${basename(options.path)}`;
  }

  start(sink: MarketDataSink): void {
    this.running ??= this.replay(sink).catch((error: unknown) => {
      if (this.abort.signal.aborted) return;
      this.state = 'down';
      this.detail = `${basename(this.options.path)}: ${error instanceof Error ? error.message : String(error)}`;
      sink.fault(this.detail);
    });
  }

  want(): void {
    // A file delivers what is in it.
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  private async replay(sink: MarketDataSink): Promise<void> {
    const { path, speed } = this.options;
    const { signal } = this.abort;
    const lines = createInterface({ input: createReadStream(path, { signal }), crlfDelay: Number.POSITIVE_INFINITY });
    let header: readonly string[] | undefined;
    let number = 0;
    let began: { readonly wall: number; readonly time: number } | undefined;
    for await (const line of lines) {
      number += 1;
      this.state = 'up';
      if (line.trim() === '') continue;
      if (number === 1 && !line.startsWith('{')) {
        header = line.split(',').map((name) => name.trim());
        continue;
      }
      const entry = this.read(line, header, number, sink);
      if (entry === undefined) continue;
      if (speed > 0 && entry.time > 0) {
        began ??= { wall: performance.now(), time: entry.time };
        const due = began.wall + (entry.time - began.time) / speed - performance.now();
        if (due > 1) await pause(due, undefined, { signal });
      }
      if (number % LINES_PER_TURN === 0) await turn(undefined, { signal });
      this.counters.lines += 1;
      if ('tick' in entry) sink.tick(entry.tick);
      else sink.news(entry.news);
    }
    this.state = 'ended';
    this.detail = `${basename(path)} has been read to its end, ${this.counters.lines} lines`;
  }

  private read(
    line: string,
    header: readonly string[] | undefined,
    number: number,
    sink: MarketDataSink,
  ): ReturnType<typeof readFileLine> | undefined {
    try {
      return readFileLine(line, header);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.counters.unreadable += 1;
      sink.fault(`${basename(this.options.path)} line ${number}: ${error.message}`);
      return undefined;
    }
  }
}
