// A night that is open: directory locked, store, graph, runner and operator together. One process has it; others ask that process (serve) or wait.
import { join } from 'node:path';
import { lockDirectory, makeDirectory } from '../../workers/index.ts';
import { BusinessCalendar } from '../calendar/business-calendar.ts';
import { dayGraph } from '../graph/index.ts';
import { type InstanceRecord, NightRunner, NightStore, type NodeBody, Operator } from '../runner/index.ts';

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
}

/** See the file's head. */
export interface Night {
  readonly runner: NightRunner;
  readonly operator: Operator;
  readonly store: NightStore;
  readonly calendar: BusinessCalendar;
  close(): Promise<void>;
}

const PARALLEL = 4;

/** Where the night's own files lie in a data directory. */
export const nightDirectory = (dataDirectory: string): string => join(dataDirectory, 'night');

/** Opens the night of a data directory. Rejects with DirectoryLocked when another process has it. */
export async function openNight(options: NightOptions): Promise<Night> {
  const directory = nightDirectory(options.dataDirectory);
  makeDirectory(directory);
  const unlock = await lockDirectory(directory);
  const store = new NightStore(join(directory, 'state'));
  const calendar = new BusinessCalendar();
  const { bodies, now, wait, onRecord } = options;
  const runner = new NightRunner({
    store,
    graph: dayGraph(),
    bodies,
    calendar,
    now,
    parallel: options.parallel ?? PARALLEL,
    ...(wait === undefined ? {} : { wait }),
    ...(onRecord === undefined ? {} : { onRecord }),
  });
  const close = async (): Promise<void> => {
    await runner.stop();
    await store.close();
    await unlock();
  };
  return { runner, operator: new Operator(runner), store, calendar, close };
}
