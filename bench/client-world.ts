// Clients, cash and positions in all 256 slots, made by folding the same commands a gateway would send, without threads or journal. Accounts are
// "C" and seven digits; PlaceOrder records are written through the one reused view.
import {
  CommandKind,
  type CommandView,
  EventField,
  EventWriter,
  Fold,
  newCommandView,
  OrdType,
  type ParameterTable,
  PlaceOrder,
  Product,
  RareBody,
  RejectCode,
  Side,
  SlotMemory,
  SlotState,
  slotOf,
} from '../engine/index.ts';
import { writeNumber } from './write-number.ts';

const SLOTS = 256;
const MARKET_OPEN = Date.UTC(2026, 10, 20, 3, 45) * 1000;
const RARE_BYTES = RareBody.body + 8;

/** How large a world is. */
export interface WorldSize {
  readonly clients: number;
  readonly positions: number;
}

export class ClientWorld {
  readonly states: readonly SlotState[];
  readonly memory: SlotMemory = SlotMemory.reserved();
  readonly fold: Fold;
  readonly events: EventWriter = new EventWriter();
  readonly command: CommandView = newCommandView(PlaceOrder.BYTES);
  readonly table: ParameterTable;
  readonly clients: number;
  /** Slot of each client. */
  readonly slotOfClient: Uint8Array;
  private readonly rare = newCommandView(RARE_BYTES);
  private serial = 0;

  /** `tables` by hash: the first is loaded, the others may be swapped in with loadTable. */
  constructor(size: WorldSize, tables: ReadonlyMap<string, ParameterTable>) {
    const [first] = tables;
    if (first === undefined) throw new Error('a world needs a parameter table');
    this.states = Array.from({ length: SLOTS }, (_, index) => new SlotState(index, this.memory));
    this.table = first[1];
    this.clients = size.clients;
    this.slotOfClient = new Uint8Array(size.clients);
    this.fold = new Fold((hash) => tables.get(hash));
    const policy = { cashRateFloor: 2000, spanMultiplier: 10_000, maxOrderValue: 0, confirmWithin: 10_000_000 };
    for (const state of this.states) {
      this.rareCommand(state, CommandKind.OpenDay, { businessDate: 20261120, ruleSet: 1, policy });
      this.rareCommand(state, CommandKind.LoadParameters, { tableHash: first[0], label: 'bench' });
    }
    for (let client = 0; client < size.clients; client++) this.open(client, size.positions);
  }

  /** Swaps the parameter table in every slot. */
  loadTable(hash: string): void {
    for (const state of this.states) this.rareCommand(state, CommandKind.LoadParameters, { tableHash: hash, label: 'bench' });
  }

  /** Writes an order of `client` for one lot of instrument `row` at its close; returns the state it belongs to. Allocates nothing. */
  order(client: number, row: number, side: number): SlotState {
    const { command, table } = this;
    const slot = this.slotOfClient[client] ?? 0;
    command.begin(CommandKind.PlaceOrder, PlaceOrder.BYTES, slot);
    command.time = MARKET_OPEN + this.serial;
    command.bytes[PlaceOrder.account] = 67;
    writeNumber(command.bytes, PlaceOrder.account + 1, client, 7);
    this.serial += 1;
    writeNumber(command.bytes, PlaceOrder.clOrdId, this.serial, 10);
    command.setU32(PlaceOrder.token, table.token[row] ?? 0);
    command.setU8(PlaceOrder.segment, table.segment[row] ?? 0);
    command.setU8(PlaceOrder.side, side);
    command.setU8(PlaceOrder.ordType, OrdType.LIMIT);
    command.setU8(PlaceOrder.product, Product.NRML);
    command.setF64(PlaceOrder.quantity, table.lot[row] ?? 1);
    command.setF64(PlaceOrder.price, table.previousClose[row] ?? 500);
    return this.states[slot] as SlotState;
  }

  /** Instrument row of a client's position `i`. A stride that shares no factor with the count: scattered, four or so to an underlying. */
  instrumentOf(client: number, i: number): number {
    return (client * 7919 + Math.floor(i / 4) * 1543 + i * 3) % this.table.instruments;
  }

  private open(client: number, positions: number): void {
    const account = `C${`${client}`.padStart(7, '0')}`;
    const riskGroup = `group-${client}`;
    const slot = slotOf(riskGroup);
    const state = this.states[slot] as SlotState;
    this.slotOfClient[client] = slot;
    this.rareCommand(state, CommandKind.OpenAccount, { account, riskGroup, status: 'ACTIVE', segments: [1, 2], kind: 'CLIENT' });
    this.rareCommand(state, CommandKind.SetCollateral, { account, cash: 50_00_00_000_00, cashEquivalent: 0, nonCash: 0 });
    const { table } = this;
    for (let i = 0; i < positions; i++) {
      const row = this.instrumentOf(client, i);
      const quantity = (i % 3 === 0 ? -1 : 1) * (table.lot[row] ?? 1);
      const price = table.previousClose[row] ?? 0;
      const body = { account, segment: table.segment[row], token: table.token[row], product: Product.NRML, quantity, price };
      this.rareCommand(state, CommandKind.ImportPosition, body);
    }
  }

  private rareCommand(state: SlotState, kind: number, body: object): void {
    this.rare.begin(kind, RARE_BYTES, state.slot);
    this.rare.time = MARKET_OPEN;
    this.events.reset();
    this.fold.fold(state, this.rare, body, this.events);
    if (this.fold.refusal !== '') throw new Error(`the bench's own command was refused: ${this.fold.refusal}`);
  }
}

/** Reject code of the first event written. */
export const firstRejectCode = (events: EventWriter): number => events.data.getUint16(EventField.rejectCode, true);

/** Name of a reject code. */
export const rejectName = (code: number): string => Object.entries(RejectCode).find(([, value]) => value === code)?.[0] ?? `${code}`;

/** Both sides in turn. */
export const sideOf = (turn: number): number => ((turn & 1) === 0 ? Side.BUY : Side.SELL);
