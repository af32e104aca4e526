// Turns a command into a DecisionContext: finds the rows it names and sums what the client has working besides. Judges nothing, changes
// nothing in the state.
import type { CommandView } from '../command/command-view.ts';
import { CancelOrder, OrderFlag, PlaceOrder, ReplaceOrder } from '../command/layout.ts';
import { ExchangeSegment, OrdType, Product, Side } from '../instrument.ts';
import { CONTRACT_STRIDE, Contract } from '../margin/contract-row.ts';
import { ClientOrderId } from '../state/client-order-id-table.ts';
import { Client } from '../state/client-table.ts';
import { Holding } from '../state/holding-table.ts';
import { holderOf, isExit, Leg, twinOf } from '../state/linked-orders.ts';
import { deliverableElsewhere, deliverableSameDay, deliveringNet } from '../state/netted-shares.ts';
import { Order } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { fillTerms, heldUnits, heldValue } from '../state/working-terms.ts';
import { valueOfUp } from '../units.ts';
import { type DecisionContext, NO_CONTRACT } from './decision-context.ts';
import { hasLimitPrice } from './has-limit-price.ts';
import { isCashSegment } from './is-cash-segment.ts';

/** Bits of the cash segments of both exchanges. */
const BOTH_EXCHANGES = (1 << ExchangeSegment.NSE) | (1 << ExchangeSegment.BSE);

/** Resolves a PlaceOrder. */
export function resolvePlace(d: DecisionContext, state: SlotState, command: CommandView): void {
  start(d, state, command, PlaceOrder.account, PlaceOrder.clOrdId);
  d.segment = command.u8(PlaceOrder.segment);
  d.token = command.u32(PlaceOrder.token);
  d.side = command.u8(PlaceOrder.side) === Side.BUY ? Side.BUY : Side.SELL;
  d.ordType = command.u8(PlaceOrder.ordType);
  d.timeInForce = command.u8(PlaceOrder.timeInForce);
  d.product = command.u8(PlaceOrder.product);
  d.quantity = command.f64(PlaceOrder.quantity);
  d.price = hasLimitPrice(d.ordType) ? command.f64(PlaceOrder.price) : 0;
  d.stopPx = command.f64(PlaceOrder.stopPx);
  d.displayQuantity = command.f64(PlaceOrder.displayQuantity);
  if (d.product >= Product.CO) resolveLeg(d);
  resolveInstrument(d);
  resolveWorking(d);
}

/** What part a new order of a linked product plays: a bracket's limit leg is its target. One of a dealer without stop price is no entry: it may only close. */
function resolveLeg(d: DecisionContext): void {
  const { command, state } = d;
  const sequence = command.length >= PlaceOrder.LINKED_BYTES ? command.f64(PlaceOrder.entrySequence) : 0;
  if (sequence > 0) {
    d.leg = d.product === Product.BO && d.ordType === OrdType.LIMIT ? Leg.TARGET : Leg.STOP;
    d.entry = findOrder(state, d.client, sequence, command.bytes, d.clOrdIdAt);
  } else if (d.stopPx !== 0 || (command.u8(PlaceOrder.flags) & OrderFlag.DEALER) === 0) {
    d.leg = Leg.ENTRY;
    d.targetWay = command.u32(PlaceOrder.targetWay);
  }
}

/** Resolves a ReplaceOrder: the order's terms with the replace's laid over them. */
export function resolveReplace(d: DecisionContext, state: SlotState, command: CommandView): void {
  start(d, state, command, ReplaceOrder.account, ReplaceOrder.clOrdId);
  const { orders } = state;
  const order = findOrder(state, d.client, command.f64(ReplaceOrder.orderSequence), command.bytes, command.at + ReplaceOrder.origClOrdId);
  d.order = order;
  if (order === 0) return;
  const ordType = command.u8(ReplaceOrder.ordType);
  d.segment = orders.u8(order, Order.segment);
  d.token = orders.u32(order, Order.token);
  d.side = orders.u8(order, Order.side);
  d.ordType = ordType === 0 ? orders.u8(order, Order.ordType) : ordType;
  d.timeInForce = ordType === 0 ? orders.u8(order, Order.timeInForce) : command.u8(ReplaceOrder.timeInForce);
  d.product = orders.u8(order, Order.product);
  d.leg = orders.u8(order, Order.leg);
  if (isExit(d.leg)) d.entry = orders.u32(order, Order.link);
  d.filled = orders.f64(order, Order.cumQuantity);
  d.quantity = command.f64(ReplaceOrder.quantity);
  d.price = hasLimitPrice(d.ordType) ? command.f64(ReplaceOrder.price) : 0;
  d.stopPx = command.f64(ReplaceOrder.stopPx);
  if (d.leg === Leg.ENTRY || d.leg === Leg.RELEASED) keepExits(d);
  d.displayQuantity = command.f64(ReplaceOrder.displayQuantity);
  resolveInstrument(d);
  resolveWorking(d);
}

/** An entry is never without its stop-loss: one that is not named stays. The target of a bracket order goes where the price goes. */
function keepExits(d: DecisionContext): void {
  const { orders } = d.state;
  if (d.stopPx === 0) d.stopPx = orders.f64(d.order, Order.stopPx);
  d.targetWay = orders.u32(d.order, Order.targetWay);
}

/** Resolves a CancelOrder: the order and its client are all it needs. */
export function resolveCancel(d: DecisionContext, state: SlotState, command: CommandView): void {
  start(d, state, command, CancelOrder.account, CancelOrder.clOrdId);
  d.order = findOrder(state, d.client, command.f64(CancelOrder.orderSequence), command.bytes, command.at + CancelOrder.origClOrdId);
  if (d.order === 0) return;
  d.segment = state.orders.u8(d.order, Order.segment);
  d.token = state.orders.u32(d.order, Order.token);
  d.side = state.orders.u8(d.order, Order.side);
  d.leg = state.orders.u8(d.order, Order.leg);
}

/** Order row of a client by OrderID, else by a ClOrdID of its chain at `at`; 0 = none. */
export function findOrder(state: SlotState, client: number, sequence: number, bytes: Uint8Array, at: number): number {
  if (client === 0) return 0;
  if (sequence > 0) {
    const order = state.orders.find(sequence);
    return order !== 0 && state.orders.u32(order, Order.client) === client ? order : 0;
  }
  return findOrderById(state, client, bytes, at);
}

function start(d: DecisionContext, state: SlotState, command: CommandView, account: number, clOrdId: number): void {
  d.state = state;
  d.command = command;
  d.accountAt = command.at + account;
  d.clOrdIdAt = command.at + clOrdId;
  const { clients } = state;
  d.client = clients.find(command.bytes, d.accountAt);
  d.cells = clients.arena.f64s;
  d.clientAt = clients.word(d.client);
  d.knownId = d.client === 0 ? 0 : state.clOrdIds.find(d.client, command.bytes, d.clOrdIdAt);
  d.order = 0;
  d.position = 0;
  d.leg = 0;
  d.entry = 0;
  d.instrument = -1;
  d.filled = 0;
  d.removes = false;
  d.requirementBefore = 0;
  d.requirementAfter = 0;
  d.available = 0;
  d.marginBasis = 0;
  d.measure(0, 0, 0);
}

function resolveInstrument(d: DecisionContext): void {
  const { rules } = d.state;
  d.instrument = rules === undefined ? -1 : rules.find(d.segment, d.token);
  d.contracts = rules === undefined || d.instrument < 0 ? NO_CONTRACT : rules.contracts;
  d.contractAt = d.instrument < 0 ? 0 : d.instrument * CONTRACT_STRIDE;
  d.leaves = d.quantity - d.filled;
  d.valuation = d.price;
  if (!hasLimitPrice(d.ordType)) d.valuation = d.contracts[d.contractAt + Contract.bandHigh] as number;
  d.orderValue = valueOfUp(d.valuation, d.quantity);
  d.leavesValue = valueOfUp(d.valuation, d.leaves);
}

function resolveWorking(d: DecisionContext): void {
  const { state, client } = d;
  const { positions } = state;
  const cash = isCashSegment(d.segment);
  d.net = 0;
  d.buyLeaves = 0;
  d.sellLeaves = 0;
  d.deliverable = 0;
  d.openOrderValue = 0;
  d.adding.set(d.instrument, d.product, d.side, d.leaves, d.valuation);
  if (client === 0) return;
  d.position = positions.find(client, d.segment, d.token, cash ? d.product : 0);
  d.openOrderValue = d.cells[d.clientAt + (Client.openOrderValue >> 3)] as number;
  if (d.position !== 0) {
    const at = positions.word(d.position);
    d.net = d.cells[at + (Position.net >> 3)] as number;
    d.buyLeaves = d.cells[at + (Position.buyLeaves >> 3)] as number;
    d.sellLeaves = d.cells[at + (Position.sellLeaves >> 3)] as number;
  }
  if (cash && d.product === Product.CNC && d.side === Side.SELL) d.deliverable = deliverableUnits(d);
  if (d.order !== 0) takeOut(d);
  else if (isExit(d.leg) && d.entry !== 0) joinLeg(d);
}

/** Takes the order that is being replaced out of the sums, and has the book hold the worse of both. */
function takeOut(d: DecisionContext): void {
  const { state } = d;
  const order = holderOf(state, d.order);
  takeHeld(d, order);
  d.adding.set(d.instrument, d.product, d.side, d.removes ? d.removing.quantity : 0, d.removing.price);
  if (twinOf(state, order) === 0) d.adding.setAlternative(d.leaves, d.valuation);
  else d.adding.join(d.leaves, d.valuation);
}

/** A leg beside another: the two count as one, so the other is taken out of the sums and the book holds both together. */
function joinLeg(d: DecisionContext): void {
  const { orders } = d.state;
  const other = orders.u32(d.entry, Order.link);
  if (other === 0 || orders.u32(other, Order.position) !== d.position || orders.u8(other, Order.side) !== d.side) return;
  takeHeld(d, holderOf(d.state, other));
  if (d.removes) d.adding.copy(d.removing).join(d.leaves, d.valuation);
}

/** Takes what an order holds out of the sums; `removing` is what the book holds of it. */
function takeHeld(d: DecisionContext, order: number): void {
  const { state } = d;
  const held = heldUnits(state, order);
  if (d.side === Side.BUY) d.buyLeaves -= held;
  else d.sellLeaves -= held;
  d.openOrderValue -= heldValue(state, order);
  d.removes = fillTerms(state, order, d.removing);
}

function deliverableUnits(d: DecisionContext): number {
  const { holdings } = d.state;
  const row = holdings.find(d.client, d.segment, d.token);
  const own = row === 0 ? 0 : holdings.f64(row, Holding.free) + holdings.f64(row, Holding.t1);
  const home = d.contracts[d.contractAt + Contract.home] as number;
  const session = d.contracts[d.contractAt + Contract.session] as number;
  if (home !== 0) return deliverableSameDay(d.state, d.client, home - 1);
  const here = tradesBothExchanges(d) ? own + deliverableElsewhere(d.state, d.client, d.instrument) : own;
  return session === 0 ? here : here + deliveringNet(d.state, d.client, session - 1);
}

/** May the client sell on the other exchange what it holds, too? Most may not, and are asked nothing more. */
function tradesBothExchanges(d: DecisionContext): boolean {
  return (d.state.clients.u8(d.client, Client.segments) & BOTH_EXCHANGES) === BOTH_EXCHANGES;
}

/** Order row a client's ClOrdID belongs to; 0 = none. */
export function findOrderById(state: SlotState, client: number, bytes: Uint8Array, at: number): number {
  if ((bytes[at] ?? 0) === 0) return 0;
  const id = state.clOrdIds.find(client, bytes, at);
  return id === 0 ? 0 : state.clOrdIds.u32(id, ClientOrderId.order);
}
