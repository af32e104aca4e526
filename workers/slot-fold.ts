// What the workers ask of the engine, as interfaces: a slot's state made of row tables, and the fold over commands. The engine's classes
// satisfy them; so can a toy in a test. Nothing here knows what a row means.
import type { CommandView, EventWriter, ParameterTable } from '../engine/index.ts';

/** Packed rows of one kind; see RowTable in the engine. */
export interface SlotTable {
  readonly name: string;
  readonly id: number;
  /** Bytes of a row. */
  readonly stride: number;
  /** Rows that have ever been used: row numbers lie below it. */
  readonly rows: number;
  readonly hasDirty: boolean;
  /** Bytes of a row, as loadRow takes them; valid until the slot changes. */
  image(row: number): Uint8Array;
  loadRow(row: number, bytes: Uint8Array): void;
  /** Call once after the last loadRow. */
  settle(): void;
  /** Visits each row changed since the last call, once, and forgets them. */
  takeDirty(visit: (row: number) => void): void;
}

/** State of one slot; see SlotState in the engine. */
export interface FoldedSlot {
  readonly slot: number;
  /** Commands folded. */
  readonly sequence: number;
  /** Time of the last command, microseconds. */
  readonly time: number;
  readonly tables: readonly SlotTable[];
  readonly parametersHash: string;
  /** Table the slot's day began under: still needed after another came into force. Absent or '' = none. */
  readonly openingParametersHash?: string;
  hash(): string;
}

/** The exactly-once key of a command without its number. */
export interface OriginKey {
  readonly originKind: number;
  readonly origin: number;
  readonly incarnation: number;
}

/** How far an origin has come. */
export interface LastNumber extends OriginKey {
  readonly number: number;
}

/** Notes up to READ_AHEAD_ORDERS PlaceOrders, then reads for all; see ReadAhead in the engine. */
interface OrdersAhead<S extends FoldedSlot> {
  add(state: S, command: CommandView): void;
  run(bytes: Uint8Array): void;
}

/** The fold and what it needs around it, for states of type S. */
export interface SlotFold<S extends FoldedSlot> {
  /** A slot that has folded nothing. */
  create(slot: number): S;
  /** Rebuilds what is derived, once all rows are loaded. */
  rebuild(state: S): void;
  /** Is the parameter table at hand? LoadParameters is folded only when it is. */
  hasTable(hash: string): boolean;
  /** Applies one command; `body` is the decoded MessagePack map of a rare command, undefined when it could not be decoded. */
  fold(state: S, command: CommandView, body: unknown, events: EventWriter): void;
  /** Accounts of the slot. */
  accounts(state: S): readonly string[];
  /** The last number each origin had folded in the slot. */
  origins(state: S): readonly LastNumber[];
  /** Reads what folding a few new orders will read, for all of them at once; changes nothing. Absent where memory is no matter. */
  readonly readAhead?: OrdersAhead<S>;
  /** Answers a question about the state without changing it. */
  query(state: S, request: object): unknown;
}

/** Finds a parameter table by content hash; undefined when it is nowhere. */
export type TableSource = (hash: string) => ParameterTable | undefined;

/** Loads the fold a module offers; `memory` is zeroed, reserved for its state, and looked after by the checkpoint thread. */
export async function loadFold(module: string, tables: TableSource, memory: SharedArrayBuffer): Promise<SlotFold<FoldedSlot>> {
  const { createFold } = (await import(module)) as { createFold: (source: TableSource, memory: SharedArrayBuffer) => SlotFold<FoldedSlot> };
  return createFold(tables, memory);
}
