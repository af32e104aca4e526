// Shards in the caller's own thread: the same agents, worked off at every flush. For tests, simulation and one-core machines.
import { ParameterTable } from '../engine/index.ts';
import type { FileJournal } from './journal/file-journal.ts';
import { keepTables, parametersDirectory, type SharedTable, tableSource } from './parameter-files.ts';
import type { ShardAgent } from './shard-agent.ts';
import type { HostListener, ShardHost } from './shard-host.ts';
import type { CompleteOptions } from './shard-options.ts';
import { buildShard, type ShardRecovery, type ShardSetup } from './shard-setup.ts';
import { type FoldedSlot, loadFold } from './slot-fold.ts';

/** How often rows are sent when no command comes by, milliseconds. */
const TIMER_MS = 50;
/** How long rows are sent in one turn of the event loop, milliseconds: an order that comes meanwhile waits no longer. */
const ROWS_MS = 0.3;

export class InlineHost implements ShardHost {
  readonly recoveries: ShardRecovery[] = [];
  private readonly agents: ShardAgent<FoldedSlot>[] = [];
  private readonly journals: FileJournal[] = [];
  private readonly tables = new Map<string, ParameterTable>();
  private readonly listener: HostListener;
  private acknowledged = 0;
  private failed = false;
  private timer: NodeJS.Timeout | undefined;
  private turnWanted = false;
  private readonly nextTurn = (): void => this.sendRows();

  private constructor(listener: HostListener) {
    this.listener = listener;
  }

  static async start(setups: readonly ShardSetup[], options: CompleteOptions, listener: HostListener): Promise<InlineHost> {
    const host = new InlineHost(listener);
    for (const { hash, buffer } of options.tables) host.tables.set(hash, new ParameterTable(buffer));
    for (const setup of setups) {
      const source = tableSource(host.tables, parametersDirectory(setup.dataDir), () => undefined);
      const fold = await loadFold(options.foldModule, source, setup.memory.arena);
      const built = await buildShard(setup, fold, (hash, loaded) => host.parametersLoaded(hash, loaded), options.files);
      host.agents.push(built.agent);
      host.journals.push(built.journal);
      host.recoveries.push(built.recovery);
    }
    host.timer = setInterval(() => host.work(), Math.min(TIMER_MS, options.checkpointMs));
    host.timer.unref();
    return host;
  }

  /** Verdicts first: rows for the checkpoints follow in later turns, when the verdicts are on their way. */
  work(): void {
    if (this.failed) return;
    try {
      for (const agent of this.agents) while (agent.foldAndPublish());
    } catch (error) {
      this.fail(error);
    }
    this.listener.worked();
    this.wantTurn();
  }

  async query(shard: number, slot: number, request: object): Promise<unknown> {
    return this.agents[shard]?.query(slot, request);
  }

  offerTable(table: SharedTable): void {
    this.tables.set(table.hash, new ParameterTable(table.buffer));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.work();
    // The checkpoint thread takes rows while we wait.
    while (!this.failed && this.agents.map((agent) => agent.sendAllRows()).includes(false)) await new Promise((resolve) => setTimeout(resolve, 1));
    for (const journal of this.journals) journal.close();
  }

  private wantTurn(): void {
    if (this.turnWanted || this.failed) return;
    for (const agent of this.agents) if (agent.wantsTurn) this.turnWanted = true;
    if (this.turnWanted) setImmediate(this.nextTurn);
  }

  private sendRows(): void {
    this.turnWanted = false;
    const until = performance.now() + ROWS_MS;
    try {
      for (const agent of this.agents) while (!this.failed && agent.sendRows() && performance.now() < until);
    } catch (error) {
      this.fail(error);
    }
    this.wantTurn();
  }

  private fail(error: unknown): void {
    this.failed = true;
    this.listener.failed(error instanceof Error ? error : new Error(String(error)));
  }

  private parametersLoaded(hash: string, loaded: boolean): void {
    this.acknowledged = (this.acknowledged + 1) % this.agents.length;
    if (loaded && this.acknowledged === 0) keepTables(this.tables, new Set(this.agents.flatMap((agent) => [...agent.tablesInUse])));
    this.listener.parametersLoaded(hash, loaded);
  }
}
