// Where a `tarazu run` that was given port 0 listens: it says so once it does. A port looked for beforehand may be somebody else's by then.
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const UP = /^tarazu is up: FIX \S+:(\d+), HTTP \S+:(\d+)$/m;
const LOOK_MILLIS = 25;

/** Ports of a gateway. */
export interface ChildPorts {
  readonly fixPort: number;
  readonly httpPort: number;
}

/**
 * Resolves once the child, whose stdout is a pipe, is ready by its own words and by /readyz; rejects when it ends before that or takes longer than
 * `limitMillis`.
 */
export async function portsWhenReady(child: ChildProcess, limitMillis: number): Promise<ChildPorts> {
  let said = '';
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
  };
  child.stdout?.on('data', listen);
  const limit = Date.now() + limitMillis;
  try {
    while (Date.now() < limit) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the gateway ended with ${child.exitCode ?? child.signalCode}`);
      const [, fixPort, httpPort] = UP.exec(said) ?? [];
      if (httpPort !== undefined && (await isReady(Number(httpPort)))) return { fixPort: Number(fixPort), httpPort: Number(httpPort) };
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  } finally {
    child.stdout?.off('data', listen);
  }
  throw new Error(`the gateway was not ready within ${limitMillis / 1000} s`);
}

/** A gateway that falls over between its words and the question is told by its end. */
const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

/** Writes into a gateway's tarazu.json where it listens, for commands that find it by that file. */
export function tellPorts(configFile: string, { fixPort, httpPort }: ChildPorts): void {
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as Record<'fix' | 'http', object>;
  const told = { ...config, fix: { ...config.fix, SocketAcceptPort: fixPort }, http: { ...config.http, port: httpPort } };
  writeFileSync(configFile, `${JSON.stringify(told, null, 2)}\n`);
}
