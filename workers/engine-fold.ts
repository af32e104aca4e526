// The engine behind the workers' interface: its fold over its slots, with the parameter tables of this thread.
import { Arena, accountsOf, type CommandView, type EventWriter, Fold, Origin, ReadAhead, SlotMemory, SlotState } from '../engine/index.ts';
import { answerQuery } from './queries.ts';
import type { LastNumber, SlotFold, TableSource } from './slot-fold.ts';

/** The real fold. */
export class EngineFold implements SlotFold<SlotState> {
  readonly readAhead: ReadAhead;
  private readonly engine: Fold;
  private readonly tables: TableSource;
  private readonly memory: SlotMemory;

  /** `memory` for all slots made here; by default one that starts small, for a look at a slot or two. */
  constructor(tables: TableSource, memory: SlotMemory = new SlotMemory()) {
    this.tables = tables;
    this.memory = memory;
    this.readAhead = new ReadAhead(memory);
    this.engine = new Fold(tables);
  }

  create(slot: number): SlotState {
    return new SlotState(slot, this.memory);
  }

  rebuild(state: SlotState): void {
    const hash = state.parametersHash;
    const table = hash === '' ? undefined : this.tables(hash);
    if (hash !== '' && table === undefined) throw new RangeError(`slot ${state.slot} needs parameter table ${hash}, which is not stored`);
    state.rebuild(table);
  }

  hasTable(hash: string): boolean {
    return this.tables(hash) !== undefined;
  }

  fold(state: SlotState, command: CommandView, body: unknown, events: EventWriter): void {
    this.engine.fold(state, command, body, events);
  }

  accounts(state: SlotState): readonly string[] {
    return accountsOf(state);
  }

  origins(state: SlotState): readonly LastNumber[] {
    const { origins } = state;
    const last: LastNumber[] = [];
    for (let row = 1; row < origins.rows; row++) {
      const originKind = origins.u16(row, Origin.kind);
      const origin = origins.u32(row, Origin.origin);
      if (origins.isLive(row))
        last.push({ originKind, origin, incarnation: origins.u32(row, Origin.incarnation), number: origins.f64(row, Origin.number) });
    }
    return last;
  }

  query(state: SlotState, request: object): unknown {
    return answerQuery(this.engine, state, request);
  }
}

/** The fold of this release for a whole shard, its state in the memory that was reserved for it; for whoever loads it by module. */
export const createFold = (tables: TableSource, memory: SharedArrayBuffer): EngineFold => new EngineFold(tables, new SlotMemory(new Arena(memory)));
