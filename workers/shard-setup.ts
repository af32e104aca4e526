// Everything a shard is built from, in a form that can cross to another thread, and the building itself: tables, then the journal's
// tail, then a fresh epoch of its own journal. Used alike by threaded and inline shards.
import { SLOT_COUNT } from '../engine/index.ts';
import { RowStream } from './checkpoint/row-stream.ts';
import { type Durability, FileJournal } from './journal/file-journal.ts';
import type { FilePort } from './journal/file-port.ts';
import { journalDirectory } from './journal/segment-files.ts';
import { SlotReplay } from './recovery/replay.ts';
import { openNewestStore, restoreSlots } from './recovery/restore.ts';
import type { JournalSurvey } from './recovery/survey.ts';
import { Doorbell } from './ring/doorbell.ts';
import { RingReader } from './ring/ring-reader.ts';
import { RingWriter } from './ring/ring-writer.ts';
import { ShardAgent } from './shard-agent.ts';
import type { FoldedSlot, LastNumber, SlotFold } from './slot-fold.ts';
import { StageTimes } from './stage-times.ts';

/** Shared memory between a shard and the other threads. */
export interface ShardMemory {
  readonly inbound: SharedArrayBuffer;
  readonly outbound: SharedArrayBuffer;
  /** To the checkpoint thread. */
  readonly rows: SharedArrayBuffer;
  /** Where the shard's state lies. */
  readonly arena: SharedArrayBuffer;
  /** Doorbells: one per shard, then checkpoint, then gateway. */
  readonly bells: SharedArrayBuffer;
  /** Float64 per slot: commands folded; each shard writes its own slots. */
  readonly sequences: SharedArrayBuffer;
  /** StageTimes of this shard. */
  readonly stages: SharedArrayBuffer;
}

export interface ShardSetup {
  readonly dataDir: string;
  readonly shard: number;
  readonly shardCount: number;
  readonly survey: JournalSurvey;
  readonly durability: Durability;
  readonly segmentBytes: number;
  readonly checkpointMs: number;
  readonly memory: ShardMemory;
}

/** What a shard did before it was ready. */
export interface ShardRecovery {
  readonly shard: number;
  /** Commands folded from the journal's tail, once per slot. */
  readonly folded: number;
  readonly seconds: number;
  /** Time of the latest command of its slots. */
  readonly time: number;
  /** Accounts by slot. */
  readonly accounts: readonly { readonly slot: number; readonly accounts: readonly string[] }[];
  readonly origins: readonly LastNumber[];
  /** Parameter tables in force, and in how many of its slots. '' = none yet. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Slots of a shard: every shardCount-th, so that the load spreads. */
function slotsOf(shard: number, shardCount: number): number[] {
  const slots: number[] = [];
  for (let slot = shard; slot < SLOT_COUNT; slot += shardCount) slots.push(slot);
  return slots;
}

/** Recovers the shard's slots and opens its journal. Throws JournalDamage, RangeError (a table that is missing), file errors. */
export async function buildShard<S extends FoldedSlot>(
  setup: ShardSetup,
  fold: SlotFold<S>,
  parametersLoaded: (hash: string, loaded: boolean) => void,
  files?: FilePort,
): Promise<{ agent: ShardAgent<S>; recovery: ShardRecovery; journal: FileJournal }> {
  const { shard, shardCount, memory, survey } = setup;
  const owned = slotsOf(shard, shardCount);
  const started = performance.now();
  const store = openNewestStore(setup.dataDir);
  const states = restoreSlots(store, owned, fold);
  await store?.close();
  const { folded } = new SlotReplay(fold, states).run(survey);
  const seconds = (performance.now() - started) / 1000;
  const sequences = new Float64Array(memory.sequences);
  for (const slot of owned) sequences[slot] = states[slot]?.sequence ?? 0;
  const journal = new FileJournal({
    directory: journalDirectory(setup.dataDir),
    epoch: survey.nextEpoch,
    shard,
    shardCount,
    ownedSlots: owned,
    sequences,
    previousHash: survey.lineage,
    durability: setup.durability,
    segmentBytes: setup.segmentBytes,
    ...(files === undefined ? {} : { files }),
  });
  const rows = new RowStream(new RingWriter(memory.rows), setup.checkpointMs, new Doorbell(memory.bells, shardCount));
  for (const slot of owned) if ((states[slot]?.tables ?? []).some((table) => table.hasDirty) && (sequences[slot] ?? 0) > 0) rows.touch(slot);
  const gatewayBell = new Doorbell(memory.bells, shardCount + 1);
  const agent = new ShardAgent({
    fold,
    states,
    sequences,
    journal,
    inbound: new RingReader(memory.inbound, gatewayBell),
    outbound: new RingWriter(memory.outbound),
    gatewayBell,
    rows,
    stages: new StageTimes(memory.stages),
    parametersLoaded,
    now: () => performance.now(),
  });
  return { agent, journal, recovery: { shard, folded, seconds, ...summaryOf(states, fold) } };
}

function summaryOf<S extends FoldedSlot>(
  states: readonly (S | undefined)[],
  fold: SlotFold<S>,
): Pick<ShardRecovery, 'time' | 'accounts' | 'origins' | 'parameters'> {
  const accounts: { slot: number; accounts: readonly string[] }[] = [];
  const parameters: Record<string, number> = {};
  const origins: LastNumber[] = [];
  let time = 0;
  for (const state of states) {
    if (state === undefined) continue;
    time = Math.max(time, state.time);
    parameters[state.parametersHash] = (parameters[state.parametersHash] ?? 0) + 1;
    const names = fold.accounts(state);
    origins.push(...fold.origins(state));
    if (names.length > 0) accounts.push({ slot: state.slot, accounts: names });
  }
  return { time, accounts, origins, parameters };
}
