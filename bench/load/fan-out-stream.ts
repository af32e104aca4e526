// The margin stream itself with states made up on the spot: what fan-out costs with snapshots, deltas, conflation and slow readers, without an engine
// behind it.
import type { StreamFigures } from '../../gateway/http/figures.ts';
import { RateLimiter } from '../../gateway/http/rate-limit.ts';
import type { TopicData } from '../../gateway/stream/difference.ts';
import { JSON_PROTOCOL } from '../../gateway/stream/encoding.ts';
import { MarginStream } from '../../gateway/stream/margin-stream.ts';
import type { TopicSource } from '../../gateway/stream/topic-source.ts';

const TOPICS = 1_000;
const POSITIONS = 20;
const MOVING = 3;
/** How often every topic changes, milliseconds. */
const CHANGE_MS = 250;
/** The stream's own rhythm; here each turn is timed. */
const TURN_MS = 50;

/** What a run of the stream showed. */
export interface StreamFinding {
  readonly messages: number;
  readonly gaps: number;
  readonly connections: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssBeforeMiB: number;
  readonly rssAfterMiB: number;
  /** Processor time of the longest turn, milliseconds: how long an order may wait for the stream. */
  readonly longestTurnMillis: number;
}

/** Topic a subscriber follows. */
export const topicOf = (subscriber: number): string => `client:C${String(subscriber % TOPICS).padStart(5, '0')}`;

/** Made-up clients: three of twenty positions move with every version. */
class MadeUpClients implements TopicSource {
  readonly silent: readonly string[] = ['as_of'];
  readonly restMs = 50;
  readonly recheckMs = 60_000;
  version = 0;

  owns(): boolean {
    return true;
  }
  authorize(): void {}

  async read(account: string): Promise<TopicData> {
    const { version } = this;
    const positions = Array.from({ length: POSITIONS }, (_, n) => {
      return { exchange: 'NFO', symbol: `S${n}`, product: 'NRML', net: 50, mtm_paise: n < MOVING ? version : 0 };
    });
    const margin = { requirement_paise: 1_000_000 + version, available_paise: 5_000_000, needs_paise: 0 };
    return { account, as_of: version, ...margin, positions, orders: [], underlyings: [] };
  }
}

/** A stream over made-up clients, whose turns are timed. */
export class StreamBed {
  readonly stream: MarginStream;
  private readonly figures: StreamFigures = { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 };
  private readonly clients = new MadeUpClients();
  private longestTurnMillis = 0;

  constructor() {
    this.stream = new MarginStream({
      authenticate: async () => ({ subject: 'bench', role: 'admin', scopes: new Set(['stream']), accounts: 'all' }),
      sources: [this.clients],
      figures: this.figures,
      refusals: new RateLimiter('address', { perSecond: 0, burst: 1 }),
      failed: () => undefined,
      followed: () => undefined,
      run: 'bench',
      now: () => performance.now(),
    });
    setInterval(() => this.turn(), TURN_MS).unref();
  }

  /** Changes every client again and again for so many seconds. */
  async run(seconds: number): Promise<StreamFinding> {
    const { figures, stream, clients } = this;
    const rssBeforeMiB = process.memoryUsage.rss() / 2 ** 20;
    const [cpu, start, messages] = [process.cpuUsage(), performance.now(), figures.messages];
    this.longestTurnMillis = 0;
    const change = setInterval(() => {
      clients.version += 1;
      for (let n = 0; n < TOPICS; n++) stream.board.touch(topicOf(n));
    }, CHANGE_MS);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    clearInterval(change);
    const { user, system } = process.cpuUsage(cpu);
    return {
      messages: figures.messages - messages,
      gaps: figures.gaps,
      connections: figures.connections,
      seconds: (performance.now() - start) / 1_000,
      cpuSeconds: (user + system) / 1e6,
      rssBeforeMiB,
      rssAfterMiB: process.memoryUsage.rss() / 2 ** 20,
      longestTurnMillis: this.longestTurnMillis,
    };
  }

  private turn(): void {
    const cpu = process.cpuUsage();
    const isCutShort = this.stream.turn();
    const { user, system } = process.cpuUsage(cpu);
    this.longestTurnMillis = Math.max(this.longestTurnMillis, (user + system) / 1_000);
    if (isCutShort) setImmediate(() => this.turn());
  }
}

/** The subprotocol the bench speaks. */
export const PROTOCOL: string = JSON_PROTOCOL;
