// A real gateway in a process of its own, for benches and crash tests: config written, started through the command line, ready when /readyz says so.
// Killed only by its own pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const COMMAND_LINE = join(import.meta.dirname, '..', 'gateway', 'commands', 'index.ts');
const START_LIMIT = 60_000;

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
  readonly fixPort: number;
  readonly httpPort: number;
  readonly gone: Promise<number | null>;
  output(): string;
}

const TOKEN = 'a-token-for-benches-and-crash-tests';

async function spawnGateway(options: GatewayOptions): Promise<Spawned> {
  const { dataDirectory } = options;
  const [fixPort, httpPort] = [await freePort(), await freePort()];
  mkdirSync(dataDirectory, { recursive: true });
  const tokenFile = join(dataDirectory, '..', 'token');
  writeFileSync(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  const config = {
    dataDirectory,
    durability: options.durability,
    shards: options.shards,
    day: options.day,
    fix: { SocketAcceptPort: fixPort, sessions: [{ SenderCompID: options.target, TargetCompID: options.sender, HeartBtInt: 30 }] },
    http: { port: httpPort, tokenFile, ...options.http },
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
  return { child, fixPort, httpPort, gone, output: () => output };
}

/** Starts and waits until ready; throws with the gateway's own words when it ends before that. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const started = Date.now();
  const { child, fixPort, httpPort, gone, output } = await spawnGateway(options);
  await ready(child, httpPort, output);
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
  const { child, gone } = await spawnGateway(options);
  const timer = setTimeout(() => child.kill('SIGKILL'), millis);
  await gone;
  clearTimeout(timer);
}

async function ready(child: ChildProcess, httpPort: number, output: () => string): Promise<void> {
  const limit = Date.now() + START_LIMIT;
  while (Date.now() < limit) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the gateway ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`);
      if (answer.status === 200) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`the gateway was not ready after ${START_LIMIT} ms:\n${output()}`);
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
