// A market small enough to compute by hand, and the commands to trade in it. INFY shares, and a future, a call and a put on INFY.
// Prices read in rupees, quantities in units; both become the layout's integers here.
import {
  buildParameterTable,
  CancelFlag,
  CancelOrder,
  COMMAND_HEADER_BYTES,
  CommandKind,
  type CommandName,
  type CommandView,
  ExchangeSegment,
  ExecType,
  InstrumentKind,
  type InstrumentRow,
  MarkPrices,
  MassCancel,
  newCommandView,
  OrdType,
  OriginKind,
  type ParameterTable,
  PlaceOrder,
  Product,
  RareBody,
  RecordExecution,
  ReplaceOrder,
  Side,
  type TableDetails,
  Tick,
  TimeInForce,
} from '../../engine/index.ts';

/** What a command names an instrument by. */
export interface InstrumentId {
  readonly segment: number;
  readonly token: number;
}

export const EQ: InstrumentId = { segment: ExchangeSegment.NSE, token: 1594 };
export const FUT: InstrumentId = { segment: ExchangeSegment.NFO, token: 53001 };
export const CE: InstrumentId = { segment: ExchangeSegment.NFO, token: 53002 };
export const PE: InstrumentId = { segment: ExchangeSegment.NFO, token: 53003 };
/** A contract without risk array, and one in a ban period. */
export const BARE: InstrumentId = { segment: ExchangeSegment.NFO, token: 53004 };
export const BANNED: InstrumentId = { segment: ExchangeSegment.NFO, token: 53005 };
/** A trade-to-trade share. */
export const T2T: InstrumentId = { segment: ExchangeSegment.NSE, token: 2000 };

/** Rupees to ticks. */
export const rupees = (amount: number): number => Math.round(amount * 10_000);

const NO_ARRAY: readonly number[] = [];
/** Paise lost by one long unit: a straight line in the price move, as a future has. */
const futureArray = (scan: number): number[] =>
  [0, 0, -1, -1, 1, 1, -2, -2, 2, 2, -3, -3, 3, 3, -2.1, 2.1].map((step) => Math.round((scan * step) / 3));

const base: Omit<InstrumentRow, 'segment' | 'token' | 'kind' | 'name' | 'underlying'> = {
  expiry: 0,
  strike: 0,
  lot: 1,
  tickSize: 500,
  freezeQuantity: 100_000,
  bandLow: rupees(900),
  bandHigh: rupees(1100),
  previousClose: rupees(1000),
  price: 100_000,
  delta: 0,
  elmLong: 0,
  elmShort: 0,
  cashRate: 2_000,
  scanTier: 0,
  flags: 0,
  riskArray: NO_ARRAY,
};
const derivative = { ...base, underlying: 'INFY', expiry: 20261224, lot: 100, freezeQuantity: 10_000, delta: 10_000 };
const future = { ...derivative, kind: InstrumentKind.FUT, elmLong: 35_000_000, elmShort: 35_000_000, riskArray: futureArray(15_000) };
const option = { ...derivative, strike: rupees(1000), bandLow: rupees(0.05), bandHigh: rupees(200), previousClose: rupees(40), price: 4_000 };

/** The table's rows; a test may change them before building. */
export function marketRows(): InstrumentRow[] {
  return [
    { ...base, ...EQ, kind: InstrumentKind.EQ, name: 'INFY', underlying: '' },
    { ...base, ...T2T, kind: InstrumentKind.EQ, name: 'SLOW', underlying: '', flags: 2 },
    { ...future, ...FUT, name: 'INFY26DECFUT' },
    {
      ...option,
      ...CE,
      kind: InstrumentKind.CE,
      name: 'INFY26DEC1000CE',
      delta: 5_000,
      elmShort: 35_000_000,
      riskArray: futureArray(7_000).map((x) => Math.min(x, 4_000)),
    },
    {
      ...option,
      ...PE,
      kind: InstrumentKind.PE,
      name: 'INFY26DEC1000PE',
      delta: -5_000,
      elmShort: 35_000_000,
      riskArray: futureArray(-7_000).map((x) => Math.min(x, 4_000)),
    },
    { ...future, ...BARE, name: 'INFY27JANFUT', expiry: 20270128, riskArray: NO_ARRAY },
    { ...future, ...BANNED, name: 'INFY27FEBFUT', expiry: 20270225, flags: 1 },
  ];
}

/** A parameter table over the rows, one combined commodity without spreads; `more` of its details. */
export function market(rows: readonly InstrumentRow[] = marketRows(), more: Partial<TableDetails> = {}): ParameterTable {
  const commodity = {
    symbol: 'INFY',
    currency: 'INR',
    scanTiers: [{ tier: 1, from: 0, to: 0 }],
    intraTiers: [],
    interTiers: [],
    spreads: [],
    spotCharges: [],
    shortOptionMinimum: [],
    somMethod: 'GROSS' as const,
    wfprMethod: 'NORMAL' as const,
    priceScan: 150,
    volScan: 0.1,
    spot: 1000,
    adjustment: 1,
  };
  const underlying = { symbol: 'INFY', somRate: 0, calendarRateMax: 0, spot: rupees(1000), tierCount: 1 };
  return buildParameterTable(20261120, rows, [underlying], { sources: [], commodities: [commodity], clearing: [], ...more });
}

/** Where and when a command comes from; number 0 = not deduplicated. */
export interface Stamp {
  readonly slot?: number;
  readonly time?: number;
  readonly session?: number;
  readonly incarnation?: number;
  readonly number?: number;
}

function open(kind: CommandName, bytes: number, stamp: Stamp): CommandView {
  const view = newCommandView(bytes).begin(CommandKind[kind], bytes, stamp.slot ?? 0);
  view.setOrigin(stamp.session === undefined ? OriginKind.SYSTEM : OriginKind.FIX, stamp.session ?? 0, stamp.incarnation ?? 1, stamp.number ?? 0);
  view.time = stamp.time ?? 0;
  return view;
}

/** An order as a trader says it. Defaults: buy 1 lot of the future at 1,000, limit, day, NRML (CNC in shares). */
export interface OrderSpec {
  readonly account?: string;
  readonly id: string;
  readonly of?: InstrumentId;
  readonly side?: 'buy' | 'sell';
  readonly quantity?: number;
  readonly price?: number;
  readonly type?: keyof typeof OrdType;
  readonly validity?: keyof typeof TimeInForce;
  readonly product?: keyof typeof Product;
  readonly stop?: number;
  readonly shown?: number;
  readonly flags?: number;
  /** Sequence of the cover order's entry that an exit leg names. */
  readonly entry?: number;
  /** Price of a bracket order's target. */
  readonly target?: number;
}

export function placeOrder(spec: OrderSpec, stamp: Stamp = {}): CommandView {
  const of = spec.of ?? FUT;
  const view = open('PlaceOrder', spec.entry === undefined ? PlaceOrder.BYTES : PlaceOrder.LINKED_BYTES, stamp);
  const gain = (spec.side === 'sell' ? -1 : 1) * (rupees(spec.target ?? 0) - rupees(spec.price ?? 1000));
  if (spec.target !== undefined) view.setU32(PlaceOrder.targetWay, Math.max(0, gain));
  if (spec.entry !== undefined) view.setF64(PlaceOrder.entrySequence, spec.entry);
  view.setText(PlaceOrder.account, 16, spec.account ?? 'A1');
  view.setText(PlaceOrder.clOrdId, 40, spec.id);
  view.setU32(PlaceOrder.token, of.token);
  view.setU8(PlaceOrder.segment, of.segment);
  view.setU8(PlaceOrder.side, spec.side === 'sell' ? Side.SELL : Side.BUY);
  view.setU8(PlaceOrder.ordType, OrdType[spec.type ?? 'LIMIT']);
  view.setU8(PlaceOrder.timeInForce, TimeInForce[spec.validity ?? 'DAY']);
  view.setU8(PlaceOrder.product, Product[spec.product ?? (of.segment === ExchangeSegment.NSE ? 'CNC' : 'NRML')]);
  view.setU8(PlaceOrder.flags, spec.flags ?? 0);
  view.setF64(PlaceOrder.quantity, spec.quantity ?? 100);
  view.setF64(PlaceOrder.price, rupees(spec.price ?? 1000));
  view.setF64(PlaceOrder.stopPx, rupees(spec.stop ?? 0));
  view.setF64(PlaceOrder.displayQuantity, spec.shown ?? 0);
  return view;
}

/** A replace of the order whose ClOrdID is `orig`. Only what is given is on the wire, as FIX G has it: quantity and price always. */
export interface ReplaceSpec {
  readonly account?: string;
  readonly id: string;
  readonly orig: string;
  readonly quantity: number;
  readonly price?: number;
  readonly type?: keyof typeof OrdType;
  readonly stop?: number;
  readonly token?: number;
  readonly side?: 'buy' | 'sell';
}

export function replaceOrder(spec: ReplaceSpec, stamp: Stamp = {}): CommandView {
  const view = open('ReplaceOrder', ReplaceOrder.BYTES, stamp);
  view.setText(ReplaceOrder.account, 16, spec.account ?? 'A1');
  view.setText(ReplaceOrder.clOrdId, 40, spec.id);
  view.setText(ReplaceOrder.origClOrdId, 40, spec.orig);
  view.setF64(ReplaceOrder.quantity, spec.quantity);
  view.setF64(ReplaceOrder.price, rupees(spec.price ?? 1000));
  view.setF64(ReplaceOrder.stopPx, rupees(spec.stop ?? 0));
  view.setU8(ReplaceOrder.ordType, spec.type === undefined ? 0 : OrdType[spec.type]);
  view.setU32(ReplaceOrder.token, spec.token ?? 0);
  view.setU8(ReplaceOrder.side, spec.side === undefined ? 0 : spec.side === 'buy' ? Side.BUY : Side.SELL);
  return view;
}

export function cancelOrder(spec: { account?: string; id: string; orig: string; byHouse?: boolean }, stamp: Stamp = {}): CommandView {
  const view = open('CancelOrder', CancelOrder.BYTES, stamp);
  view.setU8(CancelOrder.flags, spec.byHouse === true ? CancelFlag.HOUSE : 0);
  view.setText(CancelOrder.account, 16, spec.account ?? 'A1');
  view.setText(CancelOrder.clOrdId, 40, spec.id);
  view.setText(CancelOrder.origClOrdId, 40, spec.orig);
  return view;
}

export function massCancel(spec: { account?: string; id: string; of?: InstrumentId; side?: 'buy' | 'sell' }, stamp: Stamp = {}): CommandView {
  const view = open('MassCancel', MassCancel.BYTES, stamp);
  view.setText(MassCancel.account, 16, spec.account ?? 'A1');
  view.setText(MassCancel.clOrdId, 40, spec.id);
  view.setU32(MassCancel.token, spec.of?.token ?? 0);
  view.setU8(MassCancel.segment, spec.of?.segment ?? 0);
  view.setU8(MassCancel.side, spec.side === undefined ? 0 : spec.side === 'buy' ? Side.BUY : Side.SELL);
  return view;
}

/** What the exchange reports. `id` is the ClOrdID it names. */
export interface ReportSpec {
  readonly account?: string;
  readonly id?: string;
  readonly type: keyof typeof ExecType;
  readonly trade?: string;
  readonly ref?: string;
  readonly quantity?: number;
  readonly price?: number;
  readonly orderQuantity?: number;
  readonly orderPrice?: number;
  readonly of?: InstrumentId;
  readonly side?: 'buy' | 'sell';
  readonly product?: keyof typeof Product;
  readonly source?: number;
}

export function exchangeReport(spec: ReportSpec, stamp: Stamp = {}): CommandView {
  const view = open('RecordExecution', RecordExecution.BYTES, stamp);
  view.setText(RecordExecution.account, 16, spec.account ?? 'A1');
  view.setText(RecordExecution.clOrdId, 40, spec.id ?? '');
  view.setU8(RecordExecution.execType, ExecType[spec.type]);
  view.setText(RecordExecution.tradeId, 24, spec.trade ?? '');
  view.setText(RecordExecution.execRefId, 24, spec.ref ?? '');
  view.setU32(RecordExecution.tradeDate, 20261120);
  view.setF64(RecordExecution.lastQuantity, spec.quantity ?? 0);
  view.setF64(RecordExecution.lastPx, rupees(spec.price ?? 0));
  view.setF64(RecordExecution.orderQuantity, spec.orderQuantity ?? 0);
  view.setF64(RecordExecution.price, rupees(spec.orderPrice ?? 0));
  view.setU32(RecordExecution.token, spec.of?.token ?? 0);
  view.setU8(RecordExecution.segment, spec.of?.segment ?? 0);
  view.setU8(RecordExecution.side, spec.side === undefined ? 0 : spec.side === 'buy' ? Side.BUY : Side.SELL);
  view.setU8(RecordExecution.product, spec.product === undefined ? 0 : Product[spec.product]);
  view.setU8(RecordExecution.source, spec.source ?? 0);
  return view;
}

export function marks(prices: readonly (readonly [InstrumentId, number])[], stamp: Stamp = {}): CommandView {
  const view = open('MarkPrices', MarkPrices.entries + prices.length * MarkPrices.ENTRY_BYTES, stamp);
  view.setU32(MarkPrices.count, prices.length);
  prices.forEach(([of, price], index) => {
    const at = MarkPrices.entries + index * MarkPrices.ENTRY_BYTES;
    view.setU32(at, of.token);
    view.setU32(at + 4, of.segment);
    view.setF64(at + 8, rupees(price));
  });
  return view;
}

export function tickAt(time: number, stuckMost?: number): CommandView {
  if (stuckMost === undefined) return open('Tick', COMMAND_HEADER_BYTES, { time });
  const view = open('Tick', Tick.BYTES, { time });
  view.setU32(Tick.stuckMost, stuckMost);
  return view;
}

/** The header of a rare command; the fold takes its body decoded, so the map itself is left out. */
export function rare(kind: CommandName, stamp: Stamp = {}): CommandView {
  return open(kind, RareBody.body, stamp);
}

/** Policy of an ordinary day: 20 % cash floor, exchange margins, Rs 10 crore an order, 5 seconds to confirm. */
export const POLICY = { cashRateFloor: 2_000, spanMultiplier: 10_000, maxOrderValue: 10_000_000_000, confirmWithin: 5_000_000 } as const;
