// Live SPAN of the clients somebody looks at: each one's requirement by the file and by the prices of now, worked out again and again in the night
// pool. Bounded: one round at a time, some clients a round, those waiting longest first, and three times as long a rest as a round took. Who is no
// longer asked for is forgotten; without fresh prices nothing is worked out.
import type { LastPrice, LiveFigures, PreviewDesk } from './preview-desk.ts';

/** Clients of one round. */
const ROUND_CLIENTS = 32;
/** Milliseconds of rest at least, and how often a round's own time. */
const REST_MS = 1_000;
const REST_TIMES = 3;
/** Milliseconds after which a client nobody asked for is forgotten. */
const FORGET_MS = 30_000;

/** What a watch is made of. */
export interface LiveWatchParts {
  readonly previews: Pick<PreviewDesk, 'previewAll'>;
  readonly lastPrice: LastPrice;
  /** Milliseconds, of any origin. */
  readonly now: () => number;
  /** A client's figures are others than before. */
  readonly changed: (account: string) => void;
  readonly failed: (error: unknown) => void;
}

interface Watched {
  wantedAt: number;
  workedAt: number;
  figures: LiveFigures | null;
}

export class LiveWatch {
  private readonly parts: LiveWatchParts;
  private readonly clients = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(parts: LiveWatchParts) {
    this.parts = parts;
  }

  /** The account's figures as last worked out, null before; asking keeps them coming. */
  of(account: string): LiveFigures | null {
    const wantedAt = this.parts.now();
    const known = this.clients.get(account);
    if (known === undefined) this.clients.set(account, { wantedAt, workedAt: Number.NEGATIVE_INFINITY, figures: null });
    else known.wantedAt = wantedAt;
    this.plan(0);
    return known?.figures ?? null;
  }

  /** No further round begins. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.clients.clear();
  }

  private plan(rest: number): void {
    if (this.timer !== undefined || this.isStopped || this.clients.size === 0) return;
    this.timer = setTimeout(() => {
      void this.round();
    }, rest);
    this.timer.unref();
  }

  /** The timer stands until the rest after the round is over, so that rounds never overlap. */
  private async round(): Promise<void> {
    const { previews, lastPrice, now, failed } = this.parts;
    const started = now();
    for (const [account, { wantedAt }] of this.clients) if (started - wantedAt > FORGET_MS) this.clients.delete(account);
    const accounts = [...this.clients].sort(([, a], [, b]) => a.workedAt - b.workedAt).slice(0, ROUND_CLIENTS);
    try {
      const found = await previews.previewAll(
        accounts.map(([account]) => account),
        lastPrice,
      );
      for (const [account, client] of accounts) this.note(account, client, found.get(account) ?? null);
    } catch (error) {
      failed(error);
    }
    this.timer = undefined;
    this.plan(Math.max(REST_MS, REST_TIMES * (now() - started)));
  }

  private note(account: string, client: Watched, figures: LiveFigures | null): void {
    client.workedAt = this.parts.now();
    const was = client.figures;
    client.figures = figures;
    const isSame = was?.live_paise === figures?.live_paise && was?.as_of_file_paise === figures?.as_of_file_paise && was?.file === figures?.file;
    if (!isSame || was?.live_needs_paise !== figures?.live_needs_paise) this.parts.changed(account);
  }
}
