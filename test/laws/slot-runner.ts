// Folds plain commands into one slot of the engine and keeps every event, for the laws.
import { EVENT_BYTES, EventWriter, Fold, type ParameterTable, SlotState } from '../../engine/index.ts';
import { encode, type PlainCommand } from '../oracle/commands.ts';

/** One slot and its fold. */
export class SlotRunner {
  readonly events: EventWriter = new EventWriter();
  readonly tables: ReadonlyMap<string, ParameterTable>;
  private readonly fold: Fold;
  state: SlotState;

  constructor(slot: number, tables: ReadonlyMap<string, ParameterTable>) {
    this.tables = tables;
    this.fold = new Fold((hash) => tables.get(hash));
    this.state = new SlotState(slot);
  }

  /** Folds one command; its events are appended to `events`. */
  step(command: PlainCommand): void {
    this.fold.fold(this.state, encode(command, this.state.slot), command.body, this.events);
  }

  all(commands: readonly PlainCommand[]): this {
    for (const command of commands) this.step(command);
    return this;
  }

  /** Stops, and goes on from a snapshot alone. */
  restart(): void {
    this.state = SlotState.restore(this.state.slot, this.state.snapshot());
    this.state.rebuild(this.tables.get(this.state.parametersHash));
  }

  told(): string {
    return Buffer.from(this.events.bytes.subarray(0, this.events.count * EVENT_BYTES)).toString('base64');
  }

  /** Everything a slot stores but its own counters. */
  stored(): string {
    const [, ...tables] = this.state.tables;
    return tables.map((table) => Buffer.from(table.bytes.subarray(0, table.rows * table.stride)).toString('base64')).join('|');
  }
}
