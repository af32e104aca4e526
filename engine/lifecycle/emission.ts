// Writes the events of one command: header fields that every event shares, and the picture of an order that FIX needs whole. One per Fold,
// pointed at each command in turn; allocates nothing.
import { CommandView } from '../command/command-view.ts';
import { ACCOUNT_BYTES, CLORDID_BYTES, Header, OriginKind } from '../command/layout.ts';
import { EventWriter } from '../event/event-writer.ts';
import { EventField } from '../event/layout.ts';
import { OrdStatus } from '../instrument.ts';
import { BEFORE } from '../margin/margin-book.ts';
import { fillAvailable } from '../state/available-funds.ts';
import { Client } from '../state/client-table.ts';
import { weighHouse } from '../state/house-requirement.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { SlotState } from '../state/slot-state.ts';
import { leavesOf } from '../state/working-terms.ts';
import { Verdict } from '../verdict.ts';

export class Emission {
  state: SlotState = new SlotState(0);
  command: CommandView = new CommandView();
  private events: EventWriter = new EventWriter(1);
  private base = 0;
  private readonly margins: Verdict = new Verdict();
  private touched: Int32Array = new Int32Array(64);
  private touchedCount = 0;

  /** Points at the next command. */
  point(state: SlotState, command: CommandView, events: EventWriter): void {
    this.state = state;
    this.command = command;
    this.events = events;
    this.base = events.count;
    this.touchedCount = 0;
  }

  /** Remembers that the client's requirement or funds may have changed. */
  touch(client: number): void {
    if (this.touchedCount > 0 && this.touched[this.touchedCount - 1] === client) return;
    if (this.touchedCount === this.touched.length) this.growTouched();
    this.touched[this.touchedCount] = client;
    this.touchedCount += 1;
  }

  /** Puts the clients touched in row order, some perhaps twice; returns how many. */
  sortTouched(): number {
    if (this.touchedCount > 1) this.touched.subarray(0, this.touchedCount).sort();
    return this.touchedCount;
  }

  /** One of them, 0 = the first. */
  touchedAt(index: number): number {
    return this.touched[index] as number;
  }

  /** Events of this command so far. */
  get count(): number {
    return this.events.count - this.base;
  }

  /** Starts an event for nobody outside. */
  begin(kind: number): EventWriter {
    const { command, state } = this;
    return this.events
      .begin(kind, this.events.count - this.base)
      .u16(EventField.slot, state.slot)
      .u32(EventField.incarnation, command.incarnation)
      .copyF64(EventField.originNumber, command.data, command.at + Header.originNumber)
      .copyF64(EventField.time, command.data, command.at + Header.time)
      .f64(EventField.slotSequence, state.sequence)
      .u32(EventField.origin, command.origin)
      .u16(EventField.originKind, command.originKind);
  }

  /** Starts an event for the session that sent the command. */
  answer(kind: number): EventWriter {
    const { command } = this;
    return this.begin(kind).u32(EventField.destination, command.originKind === OriginKind.FIX ? command.origin : 0);
  }

  /** Starts an event about an order, for `answer` its asker, else for the session the order came from; fills the order's fields. */
  order(kind: number, order: number, execType: number, answer: boolean): EventWriter {
    const { orders } = this.state;
    const event = answer ? this.answer(kind) : this.begin(kind).u32(EventField.destination, this.sessionOf(order));
    this.account(event, orders.u32(order, Order.client));
    const cum = orders.f64(order, Order.cumQuantity);
    return event
      .copy(EventField.clOrdId, orders.bytes, orders.at(order, Order.clOrdId), CLORDID_BYTES)
      .u32(EventField.token, orders.u32(order, Order.token))
      .u8(EventField.segment, orders.u8(order, Order.segment))
      .u8(EventField.side, orders.u8(order, Order.side))
      .u8(EventField.ordType, orders.u8(order, Order.ordType))
      .u8(EventField.timeInForce, orders.u8(order, Order.timeInForce))
      .u8(EventField.product, orders.u8(order, Order.product))
      .u8(EventField.ordStatus, shownStatus(this.state, order))
      .u8(EventField.execType, execType)
      .u32(EventField.algoId, orders.u32(order, Order.algoId))
      .f64(EventField.orderSequence, orders.f64(order, Order.sequence))
      .f64(EventField.orderQuantity, orders.f64(order, Order.quantity))
      .f64(EventField.price, orders.f64(order, Order.price))
      .f64(EventField.stopPx, orders.f64(order, Order.stopPx))
      .f64(EventField.leavesQuantity, leavesOf(this.state, order))
      .f64(EventField.cumQuantity, cum)
      .f64(EventField.avgPx, cum === 0 ? 0 : orders.f64(order, Order.cumValue) / cum);
  }

  /** Fills the client's account. */
  account(event: EventWriter, client: number): EventWriter {
    const { clients } = this.state;
    if (client === 0) return event;
    return event.copy(EventField.account, clients.bytes, clients.at(client, Client.account), ACCOUNT_BYTES);
  }

  /** Fills code and figures of a decision. */
  verdict(event: EventWriter, verdict: Verdict, code: number): EventWriter {
    return event.verdict(verdict, code);
  }

  /** Remembers what the client must have before the command changes it; margin() tells the difference. */
  note(client: number): void {
    const weighed = weighHouse(this.state, client, null, null);
    this.margins.requirementBefore = weighed === undefined ? 0 : (weighed[BEFORE] as number);
  }

  /** Fills the client's margin as it is now, and the requirement noted before. */
  margin(event: EventWriter, client: number): EventWriter {
    const weighed = weighHouse(this.state, client, null, null);
    this.margins.requirementAfter = weighed === undefined ? 0 : (weighed[BEFORE] as number);
    fillAvailable(this.margins, this.state, client);
    this.touch(client);
    return event.margin(this.margins);
  }

  private growTouched(): void {
    const more = new Int32Array(this.touched.length * 2);
    more.set(this.touched);
    this.touched = more;
  }

  private sessionOf(order: number): number {
    const { orders } = this.state;
    return orders.u8(order, Order.originKind) === OriginKind.FIX ? orders.u32(order, Order.origin) : 0;
  }
}

/** Requirement of a client with the house multiplier, paise; 0 while no parameters are in force. Not for the hot path: it may be boxed. */
export function requirementOf(state: SlotState, client: number): number {
  return weighHouse(state, client, null, null)?.[BEFORE] ?? 0;
}

/** OrdStatus(39) as FIX shows it: a pending request comes before the working status (FIX 4.4 volume 4, order state precedence). */
export function shownStatus(state: SlotState, order: number): number {
  const { orders } = state;
  if (orders.has(order, OrderState.PENDING_CANCEL)) return OrdStatus.PENDING_CANCEL;
  if (orders.has(order, OrderState.PENDING_REPLACE)) return OrdStatus.PENDING_REPLACE;
  return orders.u8(order, Order.status);
}
