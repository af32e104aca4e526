// The margin stream itself with states made up on the spot: what fan-out costs with snapshots, deltas, conflation and slow readers, without an engine behind it.
import { JSON_PROTOCOL } from '../../gateway/stream/encoding.ts';
import { MarginStream } from '../../gateway/stream/margin-stream.ts';
import type { TopicSource } from '../../gateway/stream/topic-source.ts';

const TOPICS = 1_000;
const POSITIONS = 20;
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

/** A stream over made-up clients. */
export function streamBed(): { readonly stream: MarginStream; run(seconds: number): Promise<StreamFinding> } {
  const figures = { connections: 0, subscriptions: 0, messages: 0, conflated: 0, gaps: 0, refused: 0 };
  let version = 0;
  const source: TopicSource = {
    silent: ['as_of'],
    restMs: 50,
    recheckMs: 60_000,
    owns: () => true,
    authorize: () => undefined,
    read: async (account) => {
      const positions = Array.from({ length: POSITIONS }, (_, n) => ({
        exchange: 'NFO',
        symbol: `S${n}`,
        product: 'NRML',
        net: 50,
        mtm_paise: n < 3 ? version : 0,
      }));
      return {
        account,
        as_of: version,
        requirement_paise: 1_000_000 + version,
        available_paise: 5_000_000,
        needs_paise: 0,
        positions,
        orders: [],
        underlyings: [],
      };
    },
  };
  const stream = new MarginStream({
    authenticate: async () => ({ subject: 'bench', role: 'admin', scopes: new Set(['stream']), accounts: 'all' }),
    sources: [source],
    figures,
    followed: () => undefined,
    run: 'bench',
    now: () => performance.now(),
  });
  let longestTurnMillis = 0;
  const turn = (): void => {
    const cpu = process.cpuUsage();
    const isCutShort = stream.turn();
    const { user, system } = process.cpuUsage(cpu);
    longestTurnMillis = Math.max(longestTurnMillis, (user + system) / 1_000);
    if (isCutShort) setImmediate(turn);
  };
  setInterval(turn, TURN_MS).unref();
  const run = async (seconds: number): Promise<StreamFinding> => {
    const rssBeforeMiB = process.memoryUsage.rss() / 2 ** 20;
    const [cpu, start, messages] = [process.cpuUsage(), performance.now(), figures.messages];
    longestTurnMillis = 0;
    const change = setInterval(() => {
      version += 1;
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
      longestTurnMillis,
    };
  };
  return { stream, run };
}

/** The subprotocol the bench speaks. */
export const PROTOCOL: string = JSON_PROTOCOL;
