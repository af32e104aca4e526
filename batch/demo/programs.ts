// The day's programs as children: `tarazu` reached by its command line only, as anybody would. Each is ended by whoever started it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TARAZU = join(import.meta.dirname, '..', '..', 'gateway', 'bin', 'tarazu.js');
const READY_MILLIS = 150_000;
const LOOK_MILLIS = 40;
const LAST_LINES = 30;
const UP = /^tarazu is up: FIX \S+:(\d+), HTTP \S+:(\d+)$/m;

/** A gateway at work. */
export interface DayGateway {
  readonly fixPort: number;
  /** Milliseconds from spawn to ready. */
  readonly startMillis: number;
  /** Rejects with its last lines once it has ended. */
  readonly died: Promise<never>;
  stop(): Promise<void>;
}

/** Runs `tarazu ARGS` to its end. Rejects with its last lines unless it ends with 0. */
export async function runTarazu(args: readonly string[], log: string): Promise<void> {
  const child = start(args, log);
  const code = await ended(child);
  if (code !== 0) throw new Error(`tarazu ${args[0]} ended with ${code}; its log is ${log}\n${lastLines(log)}`);
}

/** When a rehearsal's clock begins and stands, ISO with offset; `at` is wall time. */
export interface Rehearsal {
  readonly from: string;
  readonly until: string;
  readonly speed: number;
  readonly at?: string;
}

/** An order system at work. */
export interface DayOms {
  /** Nobody trades until resumed; resolves when it is so and the gateway has read everything that was sent. */
  pause(): Promise<void>;
  /** Goes on until this clock stands at its end; trades are listed by it. */
  resume(rehearsal: Rehearsal): Promise<void>;
  /** Nobody trades in these segments any more: withdraws orders, closes the day's positions there. All others pause. */
  close(segments: readonly string[]): Promise<void>;
  /** Withdraws orders, closes the day's positions, logs out. Rejects with its last lines when it cannot. */
  stop(): Promise<void>;
}

/** Starts the simulated order system of the demo; it waits for resume. */
export async function startDayOms(args: readonly string[], log: string): Promise<DayOms> {
  const child = start(['oms', ...args, '--paused'], log, true);
  const gone = ended(child);
  const died = gone.then((code) => {
    throw new Error(`the order system ended with ${code}; its log is ${log}\n${lastLines(log)}`);
  });
  died.catch(() => undefined);
  const ask = (message: object): Promise<void> => {
    const obeyed = heardFrom(child, (answer) => 'obeyed' in answer);
    child.send(message);
    return Promise.race([obeyed, died]);
  };
  const isConnected = ({ view }: { view?: { connected: boolean } }): boolean => view?.connected === true;
  await Promise.race([heardFrom(child, isConnected), died]);
  const stop = async (): Promise<void> => {
    child.send('stop');
    const code = await gone;
    if (code !== 0) throw new Error(`the order system ended with ${code}; its log is ${log}\n${lastLines(log)}`);
  };
  return {
    pause: () => ask({ pause: true }),
    resume: (rehearsal) => ask({ rehearsal, pause: false }),
    close: (segments) => ask({ close: segments }),
    stop,
  };
}

/** Starts a gateway on the data directory as it stands, without a day of its own: the morning opened it. Its day runs by `rehearsal`. */
export async function startDayGateway(folder: string, dataDirectory: string, rehearsal: Rehearsal): Promise<DayGateway> {
  const began = performance.now();
  const config = {
    dataDirectory,
    durability: 'process',
    shards: 0,
    fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: 'TARAZU', TargetCompID: 'OMS', HeartBtInt: 10 }] },
    http: { port: 0, tokenFile: join(folder, 'token') },
    rehearsal,
    log: { level: 'warn' },
  };
  const [configFile, log] = [join(folder, 'tarazu.json'), join(folder, 'gateway.log')];
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  const child = start(['run', '--config', configFile], log);
  const gone = ended(child);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ready = async (): Promise<string[]> => {
    for (const until = performance.now() + READY_MILLIS; performance.now() < until; await sleep(LOOK_MILLIS)) {
      // Port 0 is any that is free; one looked for beforehand may be somebody else's by then.
      const [, ...ports] = UP.exec(said) ?? [];
      const answer = ports.length === 0 ? undefined : await fetch(`http://127.0.0.1:${ports[1]}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return ports;
    }
    throw new Error(`the gateway was not ready within ${READY_MILLIS / 1000} s; its log is ${log}`);
  };
  const died = gone.then((code): never => {
    throw new Error(`the gateway ended with ${code}; its log is ${log}\n${lastLines(log)}`);
  });
  died.catch(() => undefined);
  const [fixPort = 0] = (await Promise.race([ready(), died])).map(Number);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
  };
  return { fixPort, startMillis: performance.now() - began, died, stop };
}

function start(args: readonly string[], log: string, hasChannel = false): ChildProcess {
  const child = spawn(process.execPath, [TARAZU, ...args], { stdio: ['ignore', 'pipe', 'pipe', ...(hasChannel ? ['ipc' as const] : [])] });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  // If this program falls over, none of its children stays behind.
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  child.once('exit', () => {
    process.off('exit', kill);
    file.end();
  });
  return child;
}

/** Resolves when a child has sent such a message. */
function heardFrom(child: ChildProcess, isIt: (message: object) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !isIt(message)) return;
      child.off('message', listen);
      resolve();
    };
    child.on('message', listen);
  });
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('close', (code) => resolve(code)));
const lastLines = (log: string): string => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
