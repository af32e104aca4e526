// Folds plain commands into one slot of the engine and keeps every event, for the laws.
import { EVENT_BYTES, EventView, EventWriter, Fold, type ParameterTable, SlotState, Verdict } from '../../engine/index.ts';
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
    const rows = tables.map((table) => Array.from({ length: table.rows }, (_, row) => Buffer.from(table.image(row)).toString('base64')));
    return rows.map((each) => each.join(' ')).join('|');
  }

  /** Codes of what-if and explain for an order command; throws when asking changed anything. */
  judge(command: PlainCommand): { whatIf: number; explained: number } {
    const [before, hash] = [this.stored(), this.state.hash()];
    const view = encode(command, this.state.slot);
    const verdict = new Verdict();
    this.fold.whatIf(this.state, view, verdict);
    const explained = this.fold.explain(this.state, view).code;
    if (this.stored() !== before || this.state.hash() !== hash) throw new RangeError('a what-if changed the state');
    return { whatIf: verdict.code, explained };
  }

  /** First event from `index` on. */
  answer(index: number): EventView | undefined {
    return index < this.events.count ? new EventView().wrap(this.events.bytes, this.events.data, index * EVENT_BYTES) : undefined;
  }

  /** Hands the rows changed since the last call to a copy, as a checkpoint does. */
  streamTo(copy: SlotState): void {
    this.state.tables.forEach((table, index) => {
      const target = copy.tables[index];
      table.takeDirty((row) => target?.loadRow(row, table.image(row)));
      target?.settle();
    });
  }
}
