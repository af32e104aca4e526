// A morning to practise with: a small generated day, a sandbox of it on loopback, and a night whose clock jumps to whatever it waits for.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Night, openNight } from '../../../batch/night/night.ts';
import { nightBodies } from '../../../batch/nodes/index.ts';
import { type InstanceRecord, istMicros, type NodeBody } from '../../../batch/runner/index.ts';
import { type Sandbox, startSandbox } from '../../../batch/sandbox/sandbox.ts';
import { generateDay } from '../../../workers/reference/index.ts';

export const DATE = '2026-11-20';
const JUMPS_MAX = 60;

/** Generates the day into a directory of its own, with BSE beside NSE where asked for. */
export async function makeDay({ bse = false }: { readonly bse?: boolean } = {}): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'day-'));
  await generateDay({ seed: 7, date: 20261120, clients: 25, underlyings: 5, strikes: 3, versions: 1, bse }, directory);
  return directory;
}

/** A sandbox, a data directory and a night over it. */
export class Morning {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'morning-'));
  private micros: number = istMicros(DATE, 6 * 60 + 1);
  private started: Sandbox | undefined;
  private opened: Night | undefined;

  static async begin(day: string, faults = ''): Promise<Morning> {
    const morning = new Morning();
    morning.started = await startSandbox({ dataDirectory: morning.directory, day, seed: 7, faults, clock: () => morning.micros / 1000 });
    return morning;
  }

  get sandbox(): Sandbox {
    if (this.started === undefined) throw new Error('the sandbox was not started');
    return this.started;
  }

  /** The night with these bodies only; default: all. */
  async night(
    only?: (id: string) => boolean,
    onRecord?: (runId: string, key: string, record: InstanceRecord) => void,
    wrap: (body: NodeBody) => NodeBody = (body) => body,
  ): Promise<Night> {
    const bodies = new Map(
      [...nightBodies({ dataDirectory: this.directory })].filter(([id]) => only?.(id) !== false).map(([id, body]) => [id, wrap(body)]),
    );
    this.opened = await openNight({
      dataDirectory: this.directory,
      bodies,
      now: () => this.micros,
      parallel: 4,
      ...(onRecord === undefined ? {} : { onRecord }),
    });
    return this.opened;
  }

  /** Runs a phase to its end, jumping over every wait; returns the run's id. */
  async run(night: Night, phase: 'bod' | 'th' = 'bod'): Promise<string> {
    const { id } = night.runner.open(DATE, phase, 'operations');
    await this.goOn(night);
    return id;
  }

  async goOn({ runner }: Night): Promise<void> {
    for (let jump = 0; jump < JUMPS_MAX; jump++) {
      const wakeAt = await runner.advance();
      if (wakeAt === 0) return;
      this.micros = Math.max(this.micros, wakeAt);
    }
  }

  async end(): Promise<void> {
    await this.opened?.close();
    await this.started?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
