// Starts the shards of a data directory: lock, survey, recovery, threads. Puts the parts together and holds none of their work.
import { CheckpointClient } from './checkpoint/checkpoint-client.ts';
import { CommandClock } from './clock.ts';
import { lockDirectory } from './directory-lock.ts';
import { EventWakeups } from './event-wakeups.ts';
import { GatewayRings } from './gateway-rings.ts';
import { InlineHost } from './inline-host.ts';
import { makeDirectory } from './make-directory.ts';
import { ParameterLoading } from './parameter-loading.ts';
import { checkAnchors } from './recovery/anchors.ts';
import { Recovered } from './recovery/recovered.ts';
import { discardUnusableStores, readStoredState } from './recovery/restore.ts';
import { surveyJournal } from './recovery/survey.ts';
import { RunningShards } from './running-shards.ts';
import type { HostListener } from './shard-host.ts';
import { allocateShardBells, allocateShardMemory, completeOptions, type ShardOptions } from './shard-options.ts';
import type { ShardSetup } from './shard-setup.ts';
import type { Shards } from './shards.ts';
import { ThreadHost } from './thread-host.ts';

/**
 * Takes the data directory, recovers what it holds and starts the shards. Rejects with DirectoryLocked when another process has it, with
 * JournalDamage when its journal is not what was written, with the file system's error otherwise.
 */
export async function startShards(given: ShardOptions): Promise<Shards> {
  const options = completeOptions(given);
  makeDirectory(options.dataDir);
  const unlock = await lockDirectory(options.dataDir);
  let checkpoint: CheckpointClient | undefined;
  try {
    await discardUnusableStores(options.dataDir);
    const survey = surveyJournal(options.dataDir, { repair: true });
    checkAnchors(options.dataDir, survey, (await readStoredState(options.dataDir)).anchors);
    const bells = allocateShardBells(options.shards);
    const { dataDir, durability, snapshotSegments, checkpointMs: commitMs } = options;
    const where = { dataDir, durability, snapshotSegments, commitMs };
    checkpoint = new CheckpointClient(where, { memory: bells, shards: options.shards, arenaBytes: options.memoryBytes }, options.onFailure);
    const memory = allocateShardMemory(options, bells, checkpoint);
    const setups = memory.map((own, shard): ShardSetup => {
      const { dataDir, shards: shardCount, durability, segmentBytes, checkpointMs } = options;
      return { dataDir, shard, shardCount, survey, durability, segmentBytes, checkpointMs, memory: own };
    });
    // Set below, once what they need exists.
    const late = { acknowledge: (_hash: string, _loaded: boolean): void => undefined, worked: (): void => undefined };
    const listener: HostListener = {
      parametersLoaded: (hash, loaded) => late.acknowledge(hash, loaded),
      failed: options.onFailure,
      worked: () => late.worked(),
    };
    const host = options.mode === 'threads' ? await ThreadHost.start(setups, options, listener) : await InlineHost.start(setups, options, listener);
    checkpoint.begin();
    const recovered = new Recovered(survey, host.recoveries);
    const { clock } = options;
    const rings = new GatewayRings(memory, clock === undefined ? new CommandClock(recovered.time) : { now: () => Math.max(recovered.time, clock()) });
    const wakeups = new EventWakeups(rings, options.mode === 'inline');
    const shards = new RunningShards({ rings, host, checkpoint, recovered, wakeups, unlock, memory });
    const parameters = new ParameterLoading(options.shards, (record) => shards.broadcastNow(record));
    late.acknowledge = (hash, loaded) => parameters.acknowledge(hash, loaded);
    late.worked = () => wakeups.worked();
    shards.parameters = parameters;
    return shards;
  } catch (error) {
    await checkpoint?.stop();
    await unlock();
    throw error;
  }
}
