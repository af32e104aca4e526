// The second pool: night work and looks at the past, so that they never run beside an order on a shard's thread.
import { Piscina } from 'piscina';
import type { ParameterTable } from '../engine/index.ts';
import type { LiveAnswer, LiveQuestion } from './live-margin.ts';
import type { CommandAddress, ExplainedCommand } from './night-task.ts';
import type { DirectoryReplay } from './recovery/replay-directory.ts';
import type { StoodUnder } from './recovery/stand-under.ts';
import { THREAD_START } from './thread-start.ts';

const IDLE_MS = 30_000;

export class NightPool {
  private readonly pool: Piscina;

  /** `threads` at most; threads come when there is work and go when it has ended. */
  constructor(threads = 1) {
    this.pool = new Piscina({
      filename: new URL('./night-task.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      atomics: 'disabled',
      ...THREAD_START,
    });
  }

  /** Every check behind an order's verdict, by folding its slot again to that point; undefined when the journal has no such command. */
  explain(address: CommandAddress): Promise<ExplainedCommand | undefined> {
    return this.pool.run(address, { name: 'explainCommand' }) as Promise<ExplainedCommand | undefined>;
  }

  /** Folds the whole journal of a directory again and compares it with its tables. */
  replay(dataDir: string): Promise<DirectoryReplay> {
    return this.pool.run(dataDir, { name: 'replayAll' }) as Promise<DirectoryReplay>;
  }

  /** Every client of a directory under another parameter table: who must have more, who breaks. */
  standUnder(dataDir: string, { buffer }: ParameterTable): Promise<StoodUnder> {
    return this.pool.run({ dataDir, buffer }, { name: 'standAll' }) as Promise<StoodUnder>;
  }

  /** What clients would have to have if the next file came with the prices of now; undefined when the table is not stored. */
  liveMargin(question: LiveQuestion): Promise<LiveAnswer | undefined> {
    return this.pool.run(question, { name: 'liveMargin' }) as Promise<LiveAnswer | undefined>;
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}
