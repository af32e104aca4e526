// A served night of the whole plan for tests: every node does nothing unless a script says otherwise, the clock stands until it is moved, people have
// tokens. As in the real thing, whatever became ready is started after each act and each record.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayGraph } from '../../../batch/graph/index.ts';
import { type Night, nightDirectory, openNight } from '../../../batch/night/night.ts';
import { serveNight } from '../../../batch/night/night-server.ts';
import { type May, People } from '../../../batch/night/people.ts';
import { istMicros, type NodeBody, type Outcome, PermanentFault, TransientFault, UnansweredCall } from '../../../batch/runner/index.ts';
import { PageFiles } from '../../../workers/index.ts';
import { ROOT } from '../../house/source-files.ts';

/** The date most tests look at: a Friday. */
export const TONIGHT = '2026-11-20';
/** Of the event loop, in which whatever was begun has come to its end. */
const TURNS = 20;

/** What a node does, by key (`ID`, `ID@SEGMENT`, `ID#n`) or id. */
export type Script = Record<string, NodeBody>;

export class ScriptedNight {
  readonly folder: string;
  readonly night: Night;
  readonly people: People;
  readonly script: Script = {};
  /** Ends bodies that run until they are let go. */
  private readonly held: (() => void)[] = [];
  private server: Server | undefined;
  private readonly clock: { now: number };
  private unlisten: () => void = () => undefined;

  private constructor(folder: string, night: Night, clock: { now: number }) {
    this.folder = folder;
    this.night = night;
    this.clock = clock;
    this.people = new People(nightDirectory(folder));
  }

  static async open(): Promise<ScriptedNight> {
    const folder = mkdtempSync(join(tmpdir(), 'tarazu-night-'));
    const clock = { now: istMicros(TONIGHT, 6 * 60) };
    const bodies = new Map<string, NodeBody>();
    const night = await openNight({ dataDirectory: folder, bodies, now: () => clock.now, parallel: 16, synced: false });
    const scripted = new ScriptedNight(folder, night, clock);
    for (const id of dayGraph().nodes.keys())
      bodies.set(id, async (context) => {
        clock.now += (5 + ((context.key.length * 7) % 40)) * 1e6;
        return (scripted.script[context.key] ?? scripted.script[id] ?? (async (): Promise<Outcome> => ({})))(context);
      });
    return scripted;
  }

  /** Listens; resolves to the port. */
  async serve(more: { readonly requestMillis?: number } = {}): Promise<number> {
    const files = new PageFiles(join(ROOT, 'batch/console'));
    const look = (): void => void this.night.runner.startReady();
    this.unlisten = this.night.feed.listen(() => setImmediate(look));
    this.server = await serveNight(
      {
        night: this.night,
        dataDirectory: this.folder,
        people: this.people,
        incarnation: 'test',
        acted: look,
        file: (path, known) => files.answer(path, known),
        ...more,
      },
      '127.0.0.1',
      this.lastPort,
    );
    this.lastPort = (this.server.address() as AddressInfo).port;
    return this.lastPort;
  }

  private lastPort = 0;

  /** Listens no more; whoever is connected is cut off. */
  async unserve(): Promise<void> {
    this.unlisten();
    const { server } = this;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** Token of a person, who is known from now on. */
  token(name: string, may: May = 'act'): string {
    return this.people.add(name, may);
  }

  /** Puts the clock to a minute of a date and starts what that makes ready. */
  at(minute: number, days = 0, date: string = TONIGHT): void {
    this.clock.now = Math.max(this.clock.now, istMicros(date, minute, days));
    if (this.server !== undefined) this.night.runner.startReady();
  }

  /** Runs phases of a date with the clock at its next morning until nothing more starts; two-person steps are started. */
  async runAll(date: string, ...phases: readonly ('bod' | 'th' | 'eod' | 'set')[]): Promise<void> {
    this.clock.now = istMicros(date, 6 * 60);
    for (const phase of phases) this.night.runner.open(date, phase, 'operations');
    this.clock.now = Math.max(this.clock.now, istMicros(date, 11 * 60, 4));
    await this.night.runner.advance();
    for (const run of this.night.store.runsFrom(`${date}/set/`)) {
      for (const key of ['CM', 'FO', 'CD', 'COM'].map((segment) => `SET-PAYIN-EXECUTE@${segment}`)) {
        this.night.operator.propose(run.id, key, 'start', { by: 'asha', reason: 'amounts checked' });
        this.night.operator.approve(run.id, key, 'binod');
      }
    }
    await this.night.runner.advance();
  }

  /** Opens a phase of TONIGHT and lets it run as far as it goes now. */
  async run(phase: 'bod' | 'th' | 'eod' | 'set', minute: number): Promise<void> {
    this.clock.now = istMicros(TONIGHT, minute);
    this.night.runner.open(TONIGHT, phase, 'operations');
    await this.settle();
  }

  /** Starts what is ready until nothing more happens by itself. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      const before = this.night.feed.count;
      this.night.runner.startReady();
      await new Promise((resolve) => setTimeout(resolve, 4));
      // A process that was not let run has had no turn in that time.
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (this.night.feed.count !== before) quiet = -1;
    }
  }

  /** A body that runs until release(). */
  holdUp: NodeBody = () =>
    new Promise((resolve) => {
      this.held.push(() => resolve({}));
    });

  release(): void {
    for (const end of this.held.splice(0)) end();
  }

  async close(): Promise<void> {
    await this.unserve();
    this.release();
    await this.night.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const call = {
  name: 'bank',
  call: async (): Promise<never> => {
    throw new UnansweredCall('no answer in 30 s');
  },
  inquire: async (): Promise<never> => {
    throw new TransientFault('connection refused');
  },
};

/** A night in trouble of every kind: done, running, retry, failed, in doubt, gate, stale, waiting for two. */
export function troubles(night: ScriptedNight): Script {
  return {
    'EOD-TB-CM': async ({ pin }) => {
      pin('trades-CM', 'TradeNSE_CM_20261120.csv', 'a'.repeat(64));
      return { outputs: { trades: 184_223, file: 'TradeNSE_CM_20261120.csv', sha256: 'a'.repeat(64) } };
    },
    'EOD-TB-FO': async ({ now }) => {
      if (now() < istMicros(TONIGHT, 18 * 60)) throw new PermanentFault('TradeNSE_FO_20261120.csv: is 40960 bytes, its checksum file says 81920');
      return { outputs: { trades: 911_402 } };
    },
    'EOD-TB-CD': async () => {
      throw new TransientFault('sftp.clearing.example refused the connection');
    },
    'EOD-PMR-FETCH@CM': async () => {
      throw new PermanentFault('PMR_20261120.csv:1841: column MrgnAmt: "12.5x" is not an amount');
    },
    'EOD-RECON@FO': night.holdUp,
    'EOD-POS-FILE@CM': async () => ({ gates: [{ name: 'positions = trades', left: 184_223, right: 184_219 }] }),
    'BOD-SURV-GSM_LIST': async () => ({ stale: true, note: 'list of 2026-11-19' }),
    'SET-UPSTREAM': async (context) => ({ outputs: await context.call(call, 'upstream', { paise: 48_211_530_000, account: 'USCNBA' }) }),
  };
}

/** Earlier nights, then TONIGHT as far as 18:40 with its troubles. */
export async function troubledNight(): Promise<ScriptedNight> {
  const scripted = await ScriptedNight.open();
  const earlier = ['2026-11-13', '2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19'];
  for (const date of earlier) {
    // One earlier day stays open, as it does in life.
    scripted.script['EOD-CN-DISPATCH'] = async () => {
      if (date === '2026-11-17') throw new PermanentFault('DLT template 1107 was refused');
      return { outputs: { sent: Number(date.slice(8)) * 100 } };
    };
    await scripted.runAll(date, 'bod', 'th', 'eod', 'set');
  }
  Object.assign(scripted.script, troubles(scripted));
  await scripted.run('bod', 6 * 60);
  await scripted.run('th', 9 * 60);
  await scripted.run('eod', 15 * 60 + 41);
  await scripted.run('set', 18 * 60 + 31);
  const eod = `${TONIGHT}/eod/1`;
  const { operator } = scripted.night;
  scripted.at(18 * 60 + 33);
  operator.retry(eod, 'EOD-TB-FO@FO', { by: 'asha', reason: 'the whole file has come' });
  await scripted.settle();
  scripted.at(18 * 60 + 40);
  operator.retry(eod, 'EOD-TB-CD@CD', { by: 'asha', reason: 'the other side says it is back' });
  operator.assign(eod, 'EOD-PMR-FETCH@CM', 'asha', 'binod');
  operator.hold(eod, 'EOD-COMP-REPORT', { by: 'binod', reason: 'template of November is checked' });
  operator.propose(eod, 'EOD-POS-FILE@CM', 'explain', { by: 'asha', reason: 'four auction trades are booked tomorrow' });
  await scripted.settle();
  return scripted;
}
