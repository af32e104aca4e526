// A fold small enough to check by hand, behind the interface of the real one: per slot a sum of quantities per account, and one event per
// command (a MassCancel gives `token` events, to fill rings). Lets the workers be tested apart from the engine.
import {
  ACCOUNT_BYTES,
  admitOrigin,
  CommandKind,
  type CommandView,
  EventField,
  EventKind,
  type EventWriter,
  newOriginTable,
  Origin,
  PlaceOrder,
  RowTable,
  StateHash,
} from '../../engine/index.ts';
import type { FoldedSlot, LastNumber, SlotFold, TableSource } from '../../workers/slot-fold.ts';

const META = 1;

class ToySlot implements FoldedSlot {
  readonly slot: number;
  readonly meta: RowTable = new RowTable('meta', 0, 96);
  readonly sums: RowTable = new RowTable('sums', 1, 40);
  readonly origins: ReturnType<typeof newOriginTable> = newOriginTable(2);
  readonly tables: readonly RowTable[] = [this.meta, this.sums, this.origins];
  readonly rowOf: Map<string, number> = new Map();
  constructor(slot: number) {
    this.slot = slot;
    this.meta.allocate();
  }
  get sequence(): number {
    return this.meta.f64(META, 8);
  }
  get time(): number {
    return this.meta.f64(META, 16);
  }
  get parametersHash(): string {
    return this.meta.text(META, 32, 64);
  }
  hash(): string {
    const hash = new StateHash();
    for (const table of this.tables) table.hashInto(hash);
    return hash.digest();
  }
}

class ToyFold implements SlotFold<ToySlot> {
  private readonly tables: TableSource;
  constructor(tables: TableSource) {
    this.tables = tables;
  }
  create(slot: number): ToySlot {
    return new ToySlot(slot);
  }
  rebuild(state: ToySlot): void {
    for (const table of state.tables) table.settle();
    state.origins.reindex();
    state.rowOf.clear();
    for (let row = 1; row < state.sums.rows; row++) state.rowOf.set(state.sums.text(row, 8, ACCOUNT_BYTES), row);
  }
  hasTable(hash: string): boolean {
    return hash === 'toy-table' || this.tables(hash) !== undefined;
  }
  fold(state: ToySlot, command: CommandView, body: unknown, events: EventWriter): void {
    state.meta.setF64(META, 8, state.sequence + 1);
    state.meta.setF64(META, 16, command.time);
    if (command.originNumber > 0 && !admitOrigin(state.origins, command)) return;
    let count = 1;
    if (command.kind === CommandKind.PlaceOrder) this.add(state, command);
    if (command.kind === CommandKind.MassCancel) count = command.u32(104);
    if (command.kind === CommandKind.LoadParameters && typeof body === 'object' && body !== null && 'tableHash' in body) {
      const text = new TextEncoder().encode(String(body.tableHash).padEnd(64, '\0'));
      state.meta.setField(META, 32, text, 0, 64);
    }
    for (let i = 0; i < count; i++) {
      events.begin(command.kind === CommandKind.LoadParameters ? EventKind.ParametersLoaded : EventKind.OrderAccepted, i);
      events.u32(EventField.destination, command.origin).u32(EventField.incarnation, command.incarnation);
      events.f64(EventField.originNumber, command.originNumber).f64(EventField.time, command.time).f64(EventField.value, i);
      if (command.kind === CommandKind.PlaceOrder) events.copy(EventField.account, command.bytes, command.at + PlaceOrder.account, ACCOUNT_BYTES);
    }
  }
  accounts(state: ToySlot): readonly string[] {
    return [...state.rowOf.keys()];
  }
  origins(state: ToySlot): readonly LastNumber[] {
    const { origins } = state;
    return Array.from({ length: origins.live }, (_, i) => ({
      originKind: origins.u16(i + 1, Origin.kind),
      origin: origins.u32(i + 1, Origin.origin),
      incarnation: origins.u32(i + 1, Origin.incarnation),
      number: origins.f64(i + 1, Origin.number),
    }));
  }
  query(state: ToySlot, request: object): unknown {
    return { slot: state.slot, sequence: state.sequence, hash: state.hash(), asked: request };
  }
  private add(state: ToySlot, command: CommandView): void {
    const account = command.text(PlaceOrder.account, ACCOUNT_BYTES);
    let row = state.rowOf.get(account);
    if (row === undefined) {
      row = state.sums.allocate();
      state.sums.setField(row, 8, command.bytes, command.at + PlaceOrder.account, ACCOUNT_BYTES);
      state.rowOf.set(account, row);
    }
    state.sums.addF64(row, 24, command.f64(PlaceOrder.quantity));
    state.sums.addF64(row, 32, 1);
  }
}

/** The toy, as startShards loads it. */
export const createFold = (tables: TableSource): ToyFold => new ToyFold(tables);
/** Its module, for the foldModule option. */
export const toyFoldModule: string = import.meta.url;
