// An engine that costs next to nothing: new orders are accepted unseen, everything else is folded as ever. A gateway on it shows what its other parts
// take (FIX, session log, ring, journal, verdict), and so the most that any engine could reach.
import {
  ACCOUNT_BYTES,
  CLORDID_BYTES,
  CommandKind,
  type CommandView,
  EventField,
  EventKind,
  type EventWriter,
  ExecType,
  Header,
  META_ROW,
  Meta,
  OrdStatus,
  PlaceOrder,
  type SlotState,
} from '../../engine/index.ts';
import { createFold as createEngine, type EngineFold } from '../../workers/engine-fold.ts';
import type { LastNumber, SlotFold, TableSource } from '../../workers/slot-fold.ts';

class EnginelessFold implements SlotFold<SlotState> {
  private readonly engine: EngineFold;

  constructor(engine: EngineFold) {
    this.engine = engine;
  }

  create(slot: number): SlotState {
    return this.engine.create(slot);
  }
  rebuild(state: SlotState): void {
    this.engine.rebuild(state);
  }
  hasTable(hash: string): boolean {
    return this.engine.hasTable(hash);
  }
  accounts(state: SlotState): readonly string[] {
    return this.engine.accounts(state);
  }
  origins(state: SlotState): readonly LastNumber[] {
    return this.engine.origins(state);
  }
  query(state: SlotState, request: object): unknown {
    return this.engine.query(state, request);
  }

  fold(state: SlotState, command: CommandView, body: unknown, events: EventWriter): void {
    if (command.kind !== CommandKind.PlaceOrder) {
      this.engine.fold(state, command, body, events);
      return;
    }
    const { data, at, bytes } = command;
    state.meta.addF64(META_ROW, Meta.sequence, 1);
    events
      .begin(EventKind.OrderAccepted, 0)
      .u16(EventField.slot, state.slot)
      .u32(EventField.incarnation, command.incarnation)
      .copyF64(EventField.originNumber, data, at + Header.originNumber)
      .copyF64(EventField.time, data, at + Header.time)
      .f64(EventField.slotSequence, state.sequence)
      .u32(EventField.origin, command.origin)
      .u16(EventField.originKind, command.originKind)
      .u32(EventField.destination, command.origin)
      .copy(EventField.account, bytes, at + PlaceOrder.account, ACCOUNT_BYTES)
      .copy(EventField.clOrdId, bytes, at + PlaceOrder.clOrdId, CLORDID_BYTES)
      .u32(EventField.token, command.u32(PlaceOrder.token))
      .u8(EventField.segment, command.u8(PlaceOrder.segment))
      .u8(EventField.side, command.u8(PlaceOrder.side))
      .u8(EventField.ordType, command.u8(PlaceOrder.ordType))
      .u8(EventField.product, command.u8(PlaceOrder.product))
      .u8(EventField.ordStatus, OrdStatus.NEW)
      .u8(EventField.execType, ExecType.NEW)
      .f64(EventField.orderSequence, state.sequence)
      .copyF64(EventField.orderQuantity, data, at + PlaceOrder.quantity)
      .copyF64(EventField.leavesQuantity, data, at + PlaceOrder.quantity)
      .copyF64(EventField.price, data, at + PlaceOrder.price);
  }
}

/** As workers/engine-fold.ts offers it. */
export function createFold(tables: TableSource, memory: SharedArrayBuffer): EnginelessFold {
  return new EnginelessFold(createEngine(tables, memory));
}
