// The gateway as a child of the demo: its configuration, its start, its end, and the little HTTP the demo needs of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { portsWhenReady, tellPorts } from './child-ports.ts';

const COMMAND_LINE = join(import.meta.dirname, '..', 'commands', 'index.ts');
const READY_LIMIT = 150_000;
const STOP_LIMIT = 10_000;
/** Rupees the demo's house lends one client at most (MTF). */
const FUNDING_LIMIT = 5_000_000;
/** And all clients together. */
const FUNDING_TOTAL = 200_000_000;

/** The demo's folder and how the gateway is to run. */
export interface ChildGatewayOptions {
  readonly folder: string;
  readonly day: string;
  readonly shards: number;
  /** CompIDs that may log on. */
  readonly senders: readonly string[];
}

/** A running child gateway. */
export interface ChildGateway {
  readonly fixPort: number;
  readonly httpPort: number;
  readonly configFile: string;
  /** Rejects when the gateway ends by itself. */
  readonly failed: Promise<never>;
  /** GET, or POST when there is a body, with the admin token. The decoded JSON answer; throws with the answer's text on an error status. */
  call(path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Writes tarazu.json, starts `tarazu run` and waits until it is ready. Rejects with the end of its log when it is not. */
export async function startChildGateway(options: ChildGatewayOptions): Promise<ChildGateway> {
  const { folder } = options;
  const configFile = join(folder, 'tarazu.json');
  const logFile = join(folder, 'gateway.log');
  const tokenFile = join(folder, 'token');
  const sessions = options.senders.map((sender) => ({ SenderCompID: 'TARAZU', TargetCompID: sender, HeartBtInt: 10 }));
  const config = {
    dataDirectory: join(folder, 'data'),
    durability: 'process',
    shards: options.shards,
    day: options.day,
    policy: { confirmWithinSeconds: 60, fundingLimit: FUNDING_LIMIT, fundingTotal: FUNDING_TOTAL },
    fix: { SocketAcceptPort: await portFrom(9878), sessions },
    ...(options.senders[0] === undefined ? {} : { actionSession: `FIX.4.4:TARAZU->${options.senders[0]}` }),
    http: { port: await portFrom(8080), tokenFile },
  };
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  // Its own process group: Ctrl-C reaches the demo alone, which then stops the OMS first and the gateway after it.
  const child = spawn(process.execPath, [COMMAND_LINE, 'run', '--config', configFile], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  // If the demo falls over, the gateway must not stay behind.
  process.once('exit', () => child.kill('SIGTERM'));
  const log = createWriteStream(logFile);
  const ready = portsWhenReady(child, READY_LIMIT);
  child.stdout.pipe(log);
  child.stderr.pipe(log, { end: false });
  let stopping = false;
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const failed = exited.then((code): never => {
    if (stopping) return new Promise<never>(() => {}) as never;
    throw new Error(`the gateway ended with ${code}; its log is ${logFile}\n${readFileSync(logFile, 'utf8').split('\n').slice(-6).join('\n')}`);
  });
  const { fixPort, httpPort } = await Promise.race([failed, ready]);
  tellPorts(configFile, { fixPort, httpPort });
  return {
    fixPort,
    httpPort,
    configFile,
    failed,
    call: (path, body) => call(httpPort, tokenFile, path, body),
    async stop() {
      stopping = true;
      await stopChild(child, exited);
    },
  };
}

async function stopChild(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
  await exited;
  clearTimeout(timer);
}

async function call(port: number, tokenFile: string, path: string, body: object | undefined): Promise<unknown> {
  const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`, 'content-type': 'application/json' };
  const answer = await fetch(
    `http://127.0.0.1:${port}${path}`,
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** `preferred` if nobody listens there, else 0: any that is free. */
function portFrom(preferred: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen(preferred, '127.0.0.1', () => server.close(() => resolve(preferred)));
  });
}
