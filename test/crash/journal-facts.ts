// What the journal of a killed gateway says, read without the gateway: the events by ExecID, the verdicts by client and ClOrdID, the slot hashes
// folded from the first command, and those a restart would arrive at from tables and tail. Works on copies; the directory itself is not touched.
import { cpSync, rmSync } from 'node:fs';
import { ACCOUNT_BYTES, CLORDID_BYTES, EVENT_BYTES, EventField, EventKind, EventView, type ParameterTable } from '../../engine/index.ts';
import { EngineFold } from '../../workers/engine-fold.ts';
import { parametersDirectory, startShards } from '../../workers/index.ts';
import { replayDirectory } from '../../workers/recovery/replay-directory.ts';
import { walkSegment } from '../../workers/recovery/segment-walk.ts';
import { surveyJournal } from '../../workers/recovery/survey.ts';
import { loadTable } from '../../workers/reference/index.ts';

const VERDICTS: ReadonlySet<number> = new Set([
  EventKind.OrderAccepted,
  EventKind.OrderRejected,
  EventKind.ReplaceAccepted,
  EventKind.ReplaceRejected,
  EventKind.CancelAccepted,
  EventKind.CancelRejected,
]);

/** One journalled event, as far as a report shows it. */
export interface JournalledEvent {
  readonly execId: string;
  readonly kind: number;
  readonly rejectCode: number;
  readonly clOrdId: string;
}

/** Everything the checks need. */
export interface JournalFacts {
  readonly events: ReadonlyMap<string, JournalledEvent>;
  /** Verdict events by "account ClOrdID". */
  readonly verdicts: ReadonlyMap<string, readonly JournalledEvent[]>;
  /** Hash by slot: folded from nothing. */
  readonly folded: ReadonlyMap<number, string>;
  /** Hash by slot: tables and the journal's tail. */
  readonly restored: ReadonlyMap<number, string>;
  /** Slots whose stored tables are not the fold's. */
  readonly differences: readonly string[];
}

/** Reads the data directory of a process that is gone. */
export async function readJournalFacts(dataDir: string): Promise<JournalFacts> {
  const replay = await replayDirectory(dataDir, new EngineFold(tablesOf(parametersDirectory(dataDir))));
  return {
    ...readEvents(dataDir),
    folded: new Map(replay.slots.map(({ slot, hash }) => [slot, hash])),
    restored: await restoredHashes(dataDir),
    differences: replay.differences,
  };
}

/** Tables of a directory, each read once: all slots share it, as in a shard. */
function tablesOf(directory: string): (hash: string) => ParameterTable {
  const known = new Map<string, ParameterTable>();
  return (hash) => {
    const table = known.get(hash) ?? loadTable(directory, hash);
    known.set(hash, table);
    return table;
  };
}

function readEvents(dataDir: string): Pick<JournalFacts, 'events' | 'verdicts'> {
  const events = new Map<string, JournalledEvent>();
  const verdicts = new Map<string, JournalledEvent[]>();
  const view = new EventView();
  for (const segment of surveyJournal(dataDir, { repair: false }).segments) {
    let seen = -1;
    walkSegment(segment, (_slot, _sequence, _command, reader) => {
      if (reader.recordAt === seen) return;
      seen = reader.recordAt;
      for (let i = 0; i < reader.events; i++) {
        view.wrap(reader.bytes, reader.data, reader.eventsAt + i * EVENT_BYTES);
        const clOrdId = view.text(EventField.clOrdId, CLORDID_BYTES);
        const execId = `${view.slot}:${view.slotSequence}${view.index === 0 ? '' : `:${view.index}`}`;
        const event = { execId, kind: view.kind, rejectCode: view.rejectCode, clOrdId };
        events.set(execId, event);
        if (!VERDICTS.has(view.kind)) continue;
        const key = `${view.text(EventField.account, ACCOUNT_BYTES)} ${clOrdId}`;
        verdicts.set(key, [...(verdicts.get(key) ?? []), event]);
      }
    });
  }
  return { events, verdicts };
}

async function restoredHashes(dataDir: string): Promise<Map<number, string>> {
  const copy = `${dataDir}-copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(dataDir, copy, { recursive: true });
  const shards = await startShards({ dataDir: copy, shards: 1, mode: 'inline', durability: 'process', checkpointMs: 2 ** 30 });
  const hashes = new Map<number, string>();
  for (let slot = 0; slot < 256; slot++) {
    const { sequence, hash } = (await shards.query(slot, { type: 'hash' })) as { sequence: number; hash: string };
    if (sequence > 0) hashes.set(slot, hash);
  }
  await shards.stop();
  rmSync(copy, { recursive: true, force: true });
  return hashes;
}
