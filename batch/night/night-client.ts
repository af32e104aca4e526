// A command's way to a night that another process serves: the address is in a file in the night's directory, written while it serves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NightView } from './night-view.ts';

/** Name of the file with the address, in the night's directory. */
export const SERVING_FILE = 'serving.json';

/** Talks to a serving process. Every method rejects with the server's own sentence. */
export class NightClient {
  private readonly base: string;
  private readonly token: string;

  constructor(port: number, token: string) {
    this.base = `http://127.0.0.1:${port}`;
    this.token = token;
  }

  view(date: string): Promise<NightView> {
    return this.ask(`/v1/night?date=${date}`) as Promise<NightView>;
  }

  async act(act: object): Promise<string> {
    const { said } = (await this.ask('/v1/night/acts', act)) as { said: string };
    return said;
  }

  private async ask(path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${this.base}${path}`, { ...init, headers: { authorization: `Bearer ${this.token}` } });
    const answer = (await response.json()) as { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `status ${response.status}`);
    return answer;
  }
}

/** Port a living process serves the night of this directory on; undefined when none does. */
export function servedPort(directory: string): number | undefined {
  const file = join(directory, SERVING_FILE);
  if (!existsSync(file)) return undefined;
  const { port, pid } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; pid: number };
  try {
    process.kill(pid, 0);
    return port;
  } catch {
    return undefined;
  }
}
