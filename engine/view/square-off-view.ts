// Who is due to be squared off, why, and what of theirs: working orders to be cancelled, units to be closed. Six causes: an intraday product's time
// has come, the margin falls short, the day's loss is at its limit, the client is killed or frozen, funded shares (MTF) are not pledged in time or
// have lost most of the money behind them. Says what is due and nothing of how it is done. Reads state, changes nothing, allocates; never called
// while deciding.
import { isCashSegment } from '../checks/is-cash-segment.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { ExchangeSegment, InstrumentKind, Product, Side } from '../instrument.ts';
import { requirementOf } from '../lifecycle/emission.ts';
import type { RuleSegment } from '../rules/margin-rules.ts';
import { productRuleOn } from '../rules/product-rules.ts';
import { availableFunds } from '../state/available-funds.ts';
import { AccountStatus, Client } from '../state/client-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Order, OrderState } from '../state/order-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { Trade } from '../state/trade-table.ts';
import { fundedLoss, fundedRows, lapsedUnits } from './funded-due.ts';
import { type OrderView, orderView } from './order-view.ts';

export type SquareOffCause = 'productTime' | 'marginShortfall' | 'lossLimit' | 'killed' | 'unpledged' | 'fundedLoss';

/**
 * Why. productTime: minutes after midnight, India: now, and when it was due. unpledged: units to be sold, and funded in all. Otherwise paise:
 * requirement and funds, loss and limit; killed: 0.
 */
export interface DueReason {
  readonly cause: SquareOffCause;
  readonly value: number;
  readonly limit: number;
}

/** Units of a position to be closed: above zero to be sold, below to be bought back. Ticks. */
export interface DuePosition {
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly net: number;
  readonly units: number;
  readonly mark: number;
  readonly cause: SquareOffCause;
}

/** One client. */
export interface DueClient {
  readonly account: string;
  readonly reasons: readonly DueReason[];
  readonly requirement: number;
  readonly available: number;
  /** Working orders to be cancelled, oldest first; those with a cancel pending are among them. */
  readonly orders: readonly OrderView[];
  readonly positions: readonly DuePosition[];
}

/**
 * When it is asked: EpochMicros (absent: the slot's last command), and when commodities close today, minutes after midnight. `pledgeLapsed`: last
 * date, yyyymmdd, whose funded purchases must be pledged by now; absent: none.
 */
export interface SquareOffMoment {
  readonly now?: number;
  readonly commodityClose: number;
  readonly pledgeLapsed?: number;
}

const MICROS_PER_MINUTE = 60_000_000;
const INDIA_MINUTES = 330;
const DAY_MINUTES = 1_440;
const TICKS_PER_PAISA = 100;
const INTRADAY: readonly number[] = [Product.MIS, Product.CO, Product.BO];
const MARKETS = ['cash', 'equity derivatives', 'currency derivatives', 'commodity derivatives'] as const;

/** Everybody who is due in the slot, in row order. */
export function squareOffDue(state: SlotState, at: SquareOffMoment): DueClient[] {
  const timed = timesPassed(state, at);
  const intraday = timed.size === 0 ? new Map<number, number>() : intradayUnits(state, timed);
  const lapsed = lapsedUnits(state, at.pledgeLapsed ?? 0);
  const due: DueClient[] = [];
  for (let client = 1; client < state.clients.rows; client++) {
    if (!state.clients.isLive(client)) continue;
    const found = dueClient(state, client, { timed, intraday, lapsed });
    if (found !== undefined) due.push(found);
  }
  return due;
}

/** Products in markets whose intraday time has passed, each with now and that time. */
type TimesPassed = ReadonlyMap<string, DueReason>;

const timeKey = (product: number, market: RuleSegment): string => `${product}/${market}`;

function timesPassed(state: SlotState, { now = state.time, commodityClose }: SquareOffMoment): TimesPassed {
  const date = state.meta.u32(META_ROW, Meta.businessDate);
  const minute = Math.floor(now / MICROS_PER_MINUTE + INDIA_MINUTES) % DAY_MINUTES;
  const passed = new Map<string, DueReason>();
  for (const market of MARKETS) {
    for (const product of INTRADAY) {
      const squareOff = productRuleOn(product, market, date)?.squareOff;
      if (squareOff === undefined || squareOff === null) continue;
      const limit = 'at' in squareOff ? squareOff.at : commodityClose - squareOff.beforeClose;
      if (minute >= limit) passed.set(timeKey(product, market), { cause: 'productTime', value: minute, limit });
    }
  }
  return passed;
}

/** Market of an exchange segment. */
export function marketOf(segment: number): RuleSegment {
  if (isCashSegment(segment)) return 'cash';
  if (segment === ExchangeSegment.MCX) return 'commodity derivatives';
  return segment === ExchangeSegment.CDS || segment === ExchangeSegment.BCD ? 'currency derivatives' : 'equity derivatives';
}

/**
 * Units today's orders of intraday products whose time has come brought into each derivative position: derivatives net whatever the product, so only
 * trades tell.
 */
function intradayUnits(state: SlotState, timed: TimesPassed): Map<number, number> {
  const { trades, orders } = state;
  const units = new Map<number, number>();
  for (let row = 1; row < trades.rows; row++) {
    const order = trades.u32(row, Trade.order);
    if (order === 0 || trades.u8(row, Trade.busted) !== 0 || isCashSegment(trades.u8(row, Trade.segment))) continue;
    if (!timed.has(timeKey(orders.u8(order, Order.product), marketOf(trades.u8(row, Trade.segment))))) continue;
    const position = trades.u32(row, Trade.position);
    const signed = trades.u8(row, Trade.side) === Side.BUY ? trades.f64(row, Trade.quantity) : -trades.f64(row, Trade.quantity);
    units.set(position, (units.get(position) ?? 0) + signed);
  }
  return units;
}

/** What of the day has come: times of products, what they brought into derivatives, and pledges that lapsed. */
interface Passed {
  readonly timed: TimesPassed;
  readonly intraday: ReadonlyMap<number, number>;
  readonly lapsed: ReadonlyMap<number, number>;
}

function dueClient(state: SlotState, client: number, { timed, intraday, lapsed }: Passed): DueClient | undefined {
  const { clients } = state;
  const requirement = requirementOf(state, client);
  const available = availableFunds(state, client);
  const whole = wholeReasons(state, client, requirement, available);
  const funded = fundedOf(state, client, { requirement, available, lapsed });
  const isDue = (row: number): boolean => whole.length > 0 || isTimed(state, row, timed) || funded.units.has(state.orders.u32(row, Order.position));
  const orders = openOrderRows(state, client).filter(isDue);
  const positions = duePositions(state, client, { timed, intraday, whole, lacking: requirement - available, funded });
  const times = MARKETS.map((market) => timeOf(state, market, { timed, orders, positions })).filter((reason) => reason !== undefined);
  const reasons = [...whole, ...funded.reasons, ...times];
  if (reasons.length === 0 || (orders.length === 0 && positions.length === 0)) return undefined;
  const account = clients.text(client, Client.account, ACCOUNT_BYTES);
  return { account, reasons, requirement, available, orders: orders.map((row) => orderView(state, row)), positions };
}

/** What of the client's funded shares is due. */
interface FundedDue {
  readonly reasons: readonly DueReason[];
  /** Units by position row, and why. */
  readonly units: ReadonlyMap<number, { readonly units: number; readonly cause: SquareOffCause }>;
}

function fundedOf(
  state: SlotState,
  client: number,
  asked: { requirement: number; available: number; lapsed: ReadonlyMap<number, number> },
): FundedDue {
  const units = new Map<number, { units: number; cause: SquareOffCause }>();
  const rows = fundedRows(state, client);
  if (rows.length === 0) return { reasons: [], units };
  const net = (row: number): number => state.positions.f64(row, Position.net);
  const lost = fundedLoss(state, client, asked.requirement, asked.available);
  let unpledged = 0;
  for (const row of rows) {
    const lapsed = asked.lapsed.get(row) ?? 0;
    unpledged += lapsed;
    if (lost !== undefined) units.set(row, { units: net(row), cause: 'fundedLoss' });
    else if (lapsed > 0) units.set(row, { units: lapsed, cause: 'unpledged' });
  }
  const held = rows.reduce((sum, row) => sum + net(row), 0);
  const reasons: DueReason[] = lost === undefined ? [] : [{ cause: 'fundedLoss', value: lost.loss, limit: lost.most }];
  return { reasons: unpledged === 0 ? reasons : [...reasons, { cause: 'unpledged', value: unpledged, limit: held }], units };
}

/** Causes that concern everything of the client. */
function wholeReasons(state: SlotState, client: number, requirement: number, available: number): DueReason[] {
  const { clients, meta } = state;
  const reasons: DueReason[] = [];
  const isStopped = clients.u8(client, Client.killed) !== 0 || clients.u8(client, Client.status) === AccountStatus.FROZEN;
  if (isStopped || meta.u8(META_ROW, Meta.firmKilled) !== 0) reasons.push({ cause: 'killed', value: 0, limit: 0 });
  const loss = -Math.floor((clients.f64(client, Client.realised) + clients.f64(client, Client.unrealised)) / TICKS_PER_PAISA);
  const limit = clients.f64(client, Client.maxLoss);
  if (limit > 0 && loss >= limit) reasons.push({ cause: 'lossLimit', value: loss, limit });
  if (requirement > available) reasons.push({ cause: 'marginShortfall', value: requirement, limit: available });
  return reasons;
}

function openOrderRows(state: SlotState, client: number): number[] {
  const rows: number[] = [];
  const { openOrders } = state.derived;
  for (let row = openOrders.head(client); row !== 0; row = openOrders.next(row)) rows.push(row);
  return rows.filter((row) => !state.orders.has(row, OrderState.CLOSED));
}

const isTimed = ({ orders }: SlotState, row: number, timed: TimesPassed): boolean =>
  timed.has(timeKey(orders.u8(row, Order.product), marketOf(orders.u8(row, Order.segment))));

/** The earliest time that concerns what the client has in a market; undefined when none does. */
function timeOf(state: SlotState, market: RuleSegment, found: { timed: TimesPassed; orders: readonly number[]; positions: readonly DuePosition[] }) {
  const { timed, orders, positions } = found;
  const isHeld = positions.some(({ segment, cause }) => cause === 'productTime' && marketOf(segment) === market);
  const works = orders.some((row) => marketOf(state.orders.u8(row, Order.segment)) === market && isTimed(state, row, timed));
  if (!isHeld && !works) return undefined;
  const reasons = INTRADAY.map((product) => timed.get(timeKey(product, market))).filter((reason) => reason !== undefined);
  return reasons.reduce<DueReason | undefined>((first, reason) => (first === undefined || reason.limit < first.limit ? reason : first), undefined);
}

interface PositionsAsked {
  readonly timed: TimesPassed;
  readonly intraday: ReadonlyMap<number, number>;
  readonly whole: readonly DueReason[];
  /** Paise. */
  readonly lacking: number;
  readonly funded: FundedDue;
}

/** What is due of the client's positions: buys back first, as closing a bought hedge first would ask more margin for a moment. */
function duePositions(state: SlotState, client: number, asked: PositionsAsked): DuePosition[] {
  const { positions, derived } = state;
  const isAll = asked.whole.some(({ cause }) => cause === 'lossLimit');
  const underlyings = asked.lacking > 0 && !isAll ? underlyingsToClose(state, client, asked.lacking) : new Set<number>();
  const due: DuePosition[] = [];
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) {
    const net = positions.f64(row, Position.net);
    const [segment, product] = [positions.u8(row, Position.segment), positions.u8(row, Position.product)];
    if (net === 0) continue;
    const timed = timedUnits(state, row, asked);
    const isWhole = (isAll && product !== Product.CNC) || underlyings.has(groupOf(state, row));
    const { units, cause } = isWhole
      ? { units: net, cause: isAll ? ('lossLimit' as const) : ('marginShortfall' as const) }
      : (asked.funded.units.get(row) ?? { units: timed, cause: 'productTime' as const });
    if (units === 0) continue;
    due.push({ segment, token: positions.u32(row, Position.token), product, net, units, mark: positions.f64(row, Position.mark), cause });
  }
  return due.sort((a, b) => Math.sign(a.units) - Math.sign(b.units) || a.segment - b.segment || a.token - b.token);
}

/** Units of an intraday product whose time has passed. */
function timedUnits({ positions }: SlotState, row: number, { timed, intraday }: PositionsAsked): number {
  const net = positions.f64(row, Position.net);
  const segment = positions.u8(row, Position.segment);
  if (isCashSegment(segment)) return timed.has(timeKey(positions.u8(row, Position.product), marketOf(segment))) ? net : 0;
  const brought = intraday.get(row) ?? 0;
  if (Math.sign(brought) !== Math.sign(net)) return 0;
  return Math.sign(net) * Math.min(Math.abs(net), Math.abs(brought));
}

/** What a position is margined with: its underlying's row, or (shares) below zero. */
function groupOf(state: SlotState, row: number): number {
  const { rules } = state.derived;
  const instrument = state.derived.instrumentOf(row);
  if (rules === undefined || instrument < 0) return Number.NaN;
  return rules.table.kind[instrument] === InstrumentKind.EQ ? -1 - row : rules.groupOf(instrument);
}

/** Underlyings, dearest first, whose positions are to be closed so that what is left is covered once no order works any more. Delivery shares stay. */
function underlyingsToClose(state: SlotState, client: number, lacking: number): Set<number> {
  const lines = (state.derived.book?.underlyingMargins(client) ?? []).filter(({ positionRequirement }) => positionRequirement > 0);
  const multiplier = state.meta.f64(META_ROW, Meta.spanMultiplier) / 10_000;
  const working = lines.reduce((sum, line) => sum + line.requirement - line.positionRequirement, 0);
  let left = lacking - Math.floor(working * multiplier);
  const chosen = new Set<number>();
  for (const line of lines.sort((a, b) => b.positionRequirement - a.positionRequirement)) {
    if (left <= 0) break;
    if (line.underlying < 0 && line.product === Product.CNC) continue;
    chosen.add(line.underlying >= 0 ? line.underlying : -1 - cashRow(state, client, line.instrument, line.product));
    left -= Math.floor(line.positionRequirement * multiplier);
  }
  return chosen;
}

/** Position row of shares, 0 when there is none. */
function cashRow(state: SlotState, client: number, instrument: number, product: number): number {
  const { parameters } = state.derived;
  if (parameters === undefined) return 0;
  return state.positions.find(client, parameters.segment[instrument] ?? 0, parameters.token[instrument] ?? 0, product);
}
