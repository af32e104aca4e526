// A real gateway in a process of its own, for benches and crash tests: config written, started through the command line, ready when /readyz says so.
// Killed only by its own pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { portsWhenReady, tellPorts } from '../gateway/demo/child-ports.ts';

const COMMAND_LINE = join(import.meta.dirname, '..', 'gateway', 'commands', 'index.ts');
const START_LIMIT = 150_000;

/** What to start. */
export interface GatewayOptions {
  /** Data directory; tarazu.json and the log are put beside it. */
  readonly dataDirectory: string;
  /** Market day to open with. */
  readonly day: string;
  readonly shards: number;
  readonly durability: 'process' | 'power';
  readonly sender: string;
  readonly target: string;
  /** More settings of tarazu.json's policy, log and so on, by top-level key. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More settings of tarazu.json's http. */
  readonly http?: Readonly<Record<string, unknown>>;
  /** Flags for Node itself (--cpu-prof). */
  readonly nodeFlags?: readonly string[];
}

/** A started gateway. */
export interface GatewayProcess {
  readonly pid: number;
  readonly fixPort: number;
  readonly httpPort: number;
  readonly token: string;
  /** Milliseconds from spawn to ready. */
  readonly startMillis: number;
  /** What it wrote to stderr and stdout so far. */
  output(): string;
  /** Sends a signal and resolves with the exit code when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

interface Spawned {
  readonly child: ChildProcess;
  readonly configFile: string;
  readonly gone: Promise<number | null>;
  output(): string;
}

const TOKEN = 'a-token-for-benches-and-crash-tests';

function spawnGateway(options: GatewayOptions): Spawned {
  const { dataDirectory } = options;
  mkdirSync(dataDirectory, { recursive: true });
  const tokenFile = join(dataDirectory, '..', 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  const config = {
    dataDirectory,
    durability: options.durability,
    shards: options.shards,
    day: options.day,
    fix: { SocketAcceptPort: 0, sessions: [{ SenderCompID: options.target, TargetCompID: options.sender, HeartBtInt: 30 }] },
    http: { port: 0, tokenFile, ...options.http },
    log: { level: 'warn' },
    ...options.settings,
  };
  const configFile = join(dataDirectory, '..', 'tarazu.json');
  writeFileSync(configFile, JSON.stringify(config, null, 1));
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), COMMAND_LINE, 'run', '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // With the memory that a broker's gateway has, also where the tests' own have less.
    env: { ...process.env, TARAZU_SHARD_MEMORY_MB: '' },
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, configFile, gone, output: () => output };
}

/** Starts and waits until ready; throws with the gateway's own words when it ends before that. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const started = Date.now();
  const { child, configFile, gone, output } = spawnGateway(options);
  const { fixPort, httpPort } = await portsWhenReady(child, START_LIMIT).catch((error: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${error.message}:\n${output()}`);
  });
  tellPorts(configFile, { fixPort, httpPort });
  return {
    pid: child.pid ?? 0,
    fixPort,
    httpPort,
    token: TOKEN,
    startMillis: Date.now() - started,
    output,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return gone;
    },
  };
}

/** Starts and kills with SIGKILL after `millis`, wherever the start is then: recovery must itself survive being killed. */
export async function killDuringStart(options: GatewayOptions, millis: number): Promise<void> {
  const { child, gone } = spawnGateway(options);
  const timer = setTimeout(() => child.kill('SIGKILL'), millis);
  await gone;
  clearTimeout(timer);
}

/** Ports below those that systems give out by themselves (from 32,768 on), twenty to a process: nobody's connection takes one before it is listened on. */
const [LOWEST, PER_PROCESS, PROCESSES] = [10_000, 20, 1_000];
let taken = 0;

/** A port nobody listens on, for who must name one: port 0 is better wherever the port may be told afterwards. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + (process.pid % PROCESSES) * PER_PROCESS + (taken % PER_PROCESS);
    taken += 1;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
