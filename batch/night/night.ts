// A night that is open: directory locked, store, graph, runner and operator together. One process has it; others ask that process (serve) or wait.
import { join } from 'node:path';
import { lockDirectory, makeDirectory } from '../../workers/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { dayGraph } from '../graph/index.ts';
import { readHouse } from '../nodes/end-of-day/house.ts';
import { type InstanceRecord, NightRunner, NightStore, type NodeBody, Operator } from '../runner/index.ts';
import { ChangeFeed } from './change-feed.ts';

/** What a night is opened with. */
export interface NightOptions {
  readonly dataDirectory: string;
  readonly bodies: ReadonlyMap<string, NodeBody>;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly wait?: (until: number) => Promise<void>;
  readonly onRecord?: (runId: string, key: string, record: InstanceRecord) => void;
  /** Bodies at work at once. */
  readonly parallel?: number;
  /** false: commits are not flushed one by one; for tests only, a power cut may lose the last ones. */
  readonly synced?: boolean;
}

/** See the file's head. */
export interface Night {
  readonly runner: NightRunner;
  readonly operator: Operator;
  readonly store: NightStore;
  readonly calendar: BusinessCalendar;
  /** Counts every record that is stored, and what else callers say happened. */
  readonly feed: ChangeFeed;
  close(): Promise<void>;
}

const PARALLEL = 4;

/** Where the night's own files lie in a data directory. */
export const nightDirectory = (dataDirectory: string): string => join(dataDirectory, 'night');

/** Opens the night of a data directory. Rejects with who has it and what to do when another process has it open. */
export async function openNight(options: NightOptions): Promise<Night> {
  const directory = nightDirectory(options.dataDirectory);
  const { chains } = readHouse(options.dataDirectory);
  makeDirectory(directory);
  const unlock = await locked(directory, options.dataDirectory);
  const store = new NightStore(join(directory, 'state'), { synced: options.synced !== false });
  const calendar = new BusinessCalendar();
  const feed = new ChangeFeed();
  const { bodies, now, wait, onRecord } = options;
  const runner = new NightRunner({
    store,
    graph: dayGraph(chains),
    bodies,
    calendar,
    now,
    parallel: options.parallel ?? PARALLEL,
    ...(wait === undefined ? {} : { wait }),
    onRecord: (runId, key, record) => {
      onRecord?.(runId, key, record);
      feed.bump();
    },
  });
  const close = async (): Promise<void> => {
    await runner.stop();
    await store.close();
    await unlock();
  };
  return { runner, operator: new Operator(runner), store, calendar, feed, close };
}

async function locked(directory: string, dataDirectory: string): Promise<() => Promise<void>> {
  try {
    return await lockDirectory(directory);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DirectoryLocked') throw error;
    const who = /process \d+/.exec(error.message)?.[0] ?? 'another process';
    throw new Error(
      `the night of ${dataDirectory} is open in ${who}: wait until that ends; while "tarazu-batch serve" holds it, commands reach it with a token`,
      { cause: error },
    );
  }
}
