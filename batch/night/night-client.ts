// A command's way to a night that another process serves: the address is in a file in the night's directory, written while it serves. A file left behind
// by a killed server is recognised: nobody, or somebody else, answers at its address.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDifference } from '../runner/index.ts';
import type { BackfillDate } from './backfill.ts';
import type { NightView } from './night-view.ts';
import type { NodeDetail } from './node-detail.ts';

/** Name of the file with the address, in the night's directory. */
export const SERVING_FILE = 'serving.json';

/** What the file says. */
export interface Serving {
  readonly port: number;
  readonly pid: number;
  /** Which start of the server it is. */
  readonly incarnation: string;
}

/** A night that computes answers late; a port nobody has refuses at once. */
const HEALTH_MILLIS = 15_000;
const ANSWER_MILLIS = 30_000;

/** Talks to a serving process. Every method rejects with the server's own sentence. */
export class NightClient {
  readonly port: number;
  private readonly token: string;

  constructor(port: number, token: string) {
    this.port = port;
    this.token = token;
  }

  view(date: string): Promise<NightView> {
    return this.json('/v1/night', { date });
  }

  node(date: string, key: string): Promise<NodeDetail> {
    return this.json('/v1/night/node', { date, key });
  }

  async diff(left: string, right: string): Promise<readonly RunDifference[]> {
    return (await this.json<{ differences: readonly RunDifference[] }>('/v1/night/diff', { left, right })).differences;
  }

  async backfill(phase: string, from: string, to: string): Promise<readonly BackfillDate[]> {
    return (await this.json<{ dates: readonly BackfillDate[] }>('/v1/night/backfill', { phase, from, to })).dates;
  }

  /** The audit pack's lines, as one text. */
  async audit(run: string): Promise<string> {
    return (await this.ask('/v1/night/audit', { run })).text();
  }

  /** Does an act in the token's name; resolves to what it did, in words. */
  act(act: object): Promise<string> {
    return this.post('/v1/night/acts', act);
  }

  /** Does an act on a trade break, likewise. */
  actOnBreak(act: object): Promise<string> {
    return this.post('/v1/breaks/acts', act);
  }

  private async post(path: string, act: object): Promise<string> {
    const response = await this.ask(path, {}, { method: 'POST', body: JSON.stringify(act) });
    return ((await response.json()) as { said: string }).said;
  }

  private async json<Answer>(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    return (await (await this.ask(path, query)).json()) as Answer;
  }

  private async ask(path: string, query: Readonly<Record<string, string>>, init: RequestInit = {}): Promise<Response> {
    const url = `http://127.0.0.1:${this.port}${path}?${new URLSearchParams(query)}`;
    const signal = AbortSignal.timeout(ANSWER_MILLIS);
    const response = await fetch(url, { ...init, signal, headers: { authorization: `Bearer ${this.token}` } }).catch((error: unknown) => {
      throw new Error(`the night's server on port ${this.port} does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (response.ok) return response;
    const { error } = (await response.json().catch(() => ({}))) as { error?: string };
    throw new Error(error ?? `the night's server answered ${response.status}`);
  }
}

/** Where a living process serves the night of this directory; undefined when none does. */
export async function servedAt(directory: string): Promise<Serving | undefined> {
  const serving = readServing(join(directory, SERVING_FILE));
  if (serving === undefined) return undefined;
  try {
    const response = await fetch(`http://127.0.0.1:${serving.port}/healthz`, { signal: AbortSignal.timeout(HEALTH_MILLIS) });
    const { night } = (await response.json()) as { night?: string };
    return night === serving.incarnation ? serving : undefined;
  } catch {
    return undefined;
  }
}

function readServing(file: string): Serving | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Serving;
  } catch {
    return undefined;
  }
}
