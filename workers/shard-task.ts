// The one long-lived task of a shard thread: recover, say so, then work until told to stop. Synchronous once it runs: a parked thread
// has no event loop. An error leaves the task, and the process with it.
import type { MessagePort } from 'node:worker_threads';
import { ParameterTable } from '../engine/index.ts';
import { keepTables, type ParameterFiles, tableSource } from './parameter-files.ts';
import { Doorbell } from './ring/doorbell.ts';
import { ShardControl } from './shard-control.ts';
import { buildShard, type ShardSetup } from './shard-setup.ts';
import { loadFold } from './slot-fold.ts';

/** How often a stopping shard looks whether the checkpoint ring has room again, milliseconds. */
const STOP_POLL_MS = 20;

export interface ShardTask {
  readonly setup: ShardSetup;
  readonly port: MessagePort;
  readonly pending: SharedArrayBuffer;
  readonly parameters: ParameterFiles;
  /** Times to look for work before parking. */
  readonly spins: number;
  /** URL of the module that offers the fold. */
  readonly foldModule: string;
}

/** Runs a shard until it is stopped. Named export for the pool. */
export async function runShard(task: ShardTask): Promise<void> {
  const { setup } = task;
  const tables = new Map<string, ParameterTable>();
  for (const { hash, buffer } of task.parameters.loaded) tables.set(hash, new ParameterTable(buffer));
  const control = new ShardControl(task.port, task.pending, tables);
  const fold = await loadFold(
    task.foldModule,
    tableSource(tables, task.parameters.directory, () => control.receive()),
    setup.memory.arena,
  );
  const { agent, recovery, journal } = await buildShard(setup, fold, (hash, loaded) => {
    if (loaded) keepTables(tables, agent.tablesInUse);
    control.send({ type: loaded ? 'parametersLoaded' : 'parametersRefused', hash });
  });
  const bell = new Doorbell(setup.memory.bells, setup.shard);
  control.send({ type: 'ready', recovery });
  const query = (slot: number, request: object): unknown => agent.query(slot, request);
  const hasWork = (): boolean => control.hasMessages || agent.hasWork();
  while (true) {
    const worked = agent.doWork();
    if (control.hasMessages) {
      control.receive();
      control.answer(query);
    }
    if (worked) continue;
    if (control.isStopping && agent.isIdle) break;
    if (!spin(hasWork, task.spins)) bell.park(hasWork, agent.idleMs());
  }
  while (!agent.sendAllRows()) bell.park(() => false, STOP_POLL_MS);
  journal.close();
  task.port.close();
}

function spin(hasWork: () => boolean, spins: number): boolean {
  for (let i = 0; i < spins; i++) if (hasWork()) return true;
  return false;
}
