// Order requests of the API into commands, byte for byte as a FIX order becomes one. What names nothing becomes token 0, which the engine refuses.
import {
  ACCOUNT_BYTES,
  CancelFlag,
  CancelOrder,
  CLORDID_BYTES,
  CommandKind,
  type CommandView,
  ExchangeSegment,
  MassCancel,
  newCommandView,
  OrderFlag,
  OrdType,
  PlaceOrder,
  type Product,
  ReplaceOrder,
  Side,
  TimeInForce,
} from '../../engine/index.ts';
import { productOr, ticksOf, tokenOf } from './order-answer.ts';
import type { SymbolIndex } from './symbol-index.ts';
import { targetWay } from './target-way.ts';

/** An order as a body names it. Prices in rupees, at most four decimals, 0 = none; quantities in units. */
export interface OrderTermsBody {
  readonly account: string;
  readonly exchange: keyof typeof ExchangeSegment;
  readonly symbol?: string | undefined;
  readonly token?: number | undefined;
  readonly side: keyof typeof Side;
  readonly quantity: number;
  readonly order_type: keyof typeof OrdType;
  readonly validity: 'DAY' | 'IOC';
  readonly product?: keyof typeof Product | undefined;
  readonly price: number;
  readonly trigger_price: number;
  /** Of a bracket order's target. */
  readonly target_price?: number | undefined;
  readonly disclosed_quantity: number;
}

/** New terms of an order; the instrument and side stay. */
export interface ReplaceBody {
  readonly quantity: number;
  readonly price: number;
  readonly trigger_price: number;
  readonly disclosed_quantity: number;
  readonly order_type?: keyof typeof OrdType | undefined;
}

/** Which orders a mass cancel takes. */
export interface MassCancelBody {
  readonly account?: string | undefined;
  readonly exchange?: keyof typeof ExchangeSegment | undefined;
  readonly symbol?: string | undefined;
  readonly token?: number | undefined;
  readonly side?: keyof typeof Side | undefined;
}

/** Whose request it is and under which name. */
export interface RequestName {
  readonly account: string;
  readonly clOrdId: string;
  readonly slot: number;
}

const PERMITTED_ALL = 0x37;
const ONE_INSTRUMENT = 0x31;

/** What an order is besides its terms: OrderFlag bits, and for an exit leg the sequence of its entry. */
export interface OrderNature {
  readonly flags: number;
  readonly entry?: number;
}

/** A PlaceOrder. */
export function placeCommand(name: RequestName, body: OrderTermsBody, symbols: SymbolIndex | undefined, { flags, entry }: OrderNature): CommandView {
  const segment = ExchangeSegment[body.exchange];
  const bytes = entry === undefined ? PlaceOrder.BYTES : PlaceOrder.LINKED_BYTES;
  const command = newCommandView(bytes).begin(CommandKind.PlaceOrder, bytes, name.slot);
  if (entry !== undefined) command.setF64(PlaceOrder.entrySequence, entry);
  command.setText(PlaceOrder.account, ACCOUNT_BYTES, name.account);
  command.setText(PlaceOrder.clOrdId, CLORDID_BYTES, name.clOrdId);
  command.setU32(PlaceOrder.token, body.token ?? tokenOf(symbols, segment, body.symbol ?? ''));
  command.setU8(PlaceOrder.segment, segment);
  command.setU8(PlaceOrder.side, Side[body.side]);
  command.setU8(PlaceOrder.ordType, OrdType[body.order_type]);
  command.setU8(PlaceOrder.timeInForce, TimeInForce[body.validity]);
  command.setU8(PlaceOrder.product, productOr(body.product, segment));
  command.setU8(PlaceOrder.flags, flags);
  command.setF64(PlaceOrder.quantity, body.quantity);
  command.setF64(PlaceOrder.price, ticksOf(body.price));
  command.setF64(PlaceOrder.stopPx, ticksOf(body.trigger_price));
  command.setU32(PlaceOrder.targetWay, targetWay(Side[body.side], ticksOf(body.price), ticksOf(body.target_price ?? 0)));
  command.setF64(PlaceOrder.displayQuantity, body.disclosed_quantity);
  return command;
}

/** An order that a dealer enters, or a client: a repeat of its ClOrdID asks for its status. */
export function enteredBy(isDealer: boolean): OrderNature {
  return { flags: OrderFlag.POSS_RESEND | (isDealer ? OrderFlag.DEALER : 0) };
}

/** A ReplaceOrder of the order accepted at `sequence`. */
export function replaceCommand(name: RequestName, sequence: number, body: ReplaceBody): CommandView {
  const command = newCommandView(ReplaceOrder.BYTES).begin(CommandKind.ReplaceOrder, ReplaceOrder.BYTES, name.slot);
  command.setText(ReplaceOrder.account, ACCOUNT_BYTES, name.account);
  command.setText(ReplaceOrder.clOrdId, CLORDID_BYTES, name.clOrdId);
  command.setF64(ReplaceOrder.orderSequence, sequence);
  command.setF64(ReplaceOrder.quantity, body.quantity);
  command.setF64(ReplaceOrder.price, ticksOf(body.price));
  command.setF64(ReplaceOrder.stopPx, ticksOf(body.trigger_price));
  command.setF64(ReplaceOrder.displayQuantity, body.disclosed_quantity);
  command.setU8(ReplaceOrder.ordType, body.order_type === undefined ? 0 : OrdType[body.order_type]);
  return command;
}

/** A CancelOrder of the order accepted at `sequence`; `byHouse`: the house takes it away, an exit leg that is needed too. */
export function cancelCommand(name: RequestName, sequence: number, byHouse = false): CommandView {
  const command = newCommandView(CancelOrder.BYTES).begin(CommandKind.CancelOrder, CancelOrder.BYTES, name.slot);
  command.setU8(CancelOrder.flags, byHouse ? CancelFlag.HOUSE : 0);
  command.setText(CancelOrder.account, ACCOUNT_BYTES, name.account);
  command.setText(CancelOrder.clOrdId, CLORDID_BYTES, name.clOrdId);
  command.setF64(CancelOrder.orderSequence, sequence);
  return command;
}

/** A MassCancel; without account it reaches every slot. */
export function massCancelCommand(name: RequestName, body: MassCancelBody, symbols: SymbolIndex | undefined): CommandView {
  const segment = body.exchange === undefined ? 0 : ExchangeSegment[body.exchange];
  const command = newCommandView(MassCancel.BYTES).begin(CommandKind.MassCancel, MassCancel.BYTES, name.slot);
  command.setText(MassCancel.account, ACCOUNT_BYTES, name.account);
  command.setText(MassCancel.clOrdId, CLORDID_BYTES, name.clOrdId);
  command.setU32(MassCancel.token, body.token ?? (body.symbol === undefined ? 0 : tokenOf(symbols, segment, body.symbol)));
  command.setU8(MassCancel.segment, segment);
  command.setU8(MassCancel.side, body.side === undefined ? 0 : Side[body.side]);
  command.setU8(MassCancel.requestType, body.symbol === undefined && body.token === undefined ? PERMITTED_ALL : ONE_INSTRUMENT);
  return command;
}
