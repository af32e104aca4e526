// What early pay-in makes of a client's margin and funds, worked out from the client's delivery positions whenever one of them moved. Only of clients
// that paid in early; no other client's order or fill comes here. Sources: NSE/INSP/45534 and 57112 (a sale asks no margin once its shares are with
// the clearing corporation, and its value counts as margin from then on), NCL/CMPT/69520 (money paid in early covers what was bought first, from 11
// August 2025).
//   delivered units   count as held, also beyond what is free; min(delivered, sold) of a share count as funds at the average price of what is sold
//   money paid in     is not among the client's funds any more; share by share, first bought first, it covers units at their average cost,
//                     which then ask no margin
// Both end with the close of the day, when sales and purchases become cash. T+0 is no part of either: it settles by itself, that afternoon.
import { Product, Side } from '../instrument.ts';
import { Client, ClientFlag } from './client-table.ts';
import { EarlyPayIn } from './early-pay-in-table.ts';
import { homeOf, leadOf, tellHolding } from './netted-shares.ts';
import { Position } from './position-table.ts';
import type { SlotState } from './slot-state.ts';
import { Trade } from './trade-table.ts';

const TICK_UNITS_PER_PAISA = 100n;
const LAST = Number.MAX_SAFE_INTEGER;

/** A client's delivery positions in one share, whichever exchange it was traded on. */
interface ShareLine {
  /** Position rows, by listing. */
  readonly rows: number[];
  net: bigint;
  /** Tick-units paid for what is held; received for what is short below zero. */
  cost: bigint;
  /** Does the table in force name it? What it does not name asks nothing, so nothing is covered. */
  readonly isNamed: boolean;
  /** Trade row of the first purchase of the day; LAST = none, or nobody asked. */
  bought: number;
}

/** Has the client paid in early today? */
export function hasEarlyPayIn({ clients }: SlotState, client: number): boolean {
  return (clients.u32(client, Client.flags) & ClientFlag.EARLY_PAY_IN) !== 0;
}

/** Units of a delivery position whose purchase is paid for already; they are no part of what the margin book holds as its net. */
export function coveredUnits(state: SlotState, position: number): number {
  const { positions } = state;
  const client = positions.u32(position, Position.client);
  if (positions.u8(position, Position.product) !== Product.CNC || !hasEarlyPayIn(state, client)) return 0;
  const row = state.earlyPayIns.find(client, positions.u8(position, Position.segment), positions.u32(position, Position.token));
  return row === 0 ? 0 : state.earlyPayIns.f64(row, EarlyPayIn.covered);
}

/** Units of a share, by the listing they are told under, that the clearing corporation has of a client ahead of the pay-in. */
export function deliveredEarly(state: SlotState, client: number, segment: number, token: number): number {
  if (!hasEarlyPayIn(state, client)) return 0;
  const row = state.earlyPayIns.find(client, segment, token);
  return row === 0 ? 0 : state.earlyPayIns.f64(row, EarlyPayIn.delivered);
}

/** Paise of a client's early pay-in: value of sales counted among its funds, and money paid in, no longer among them. */
export function earlyAmounts(state: SlotState, client: number): { readonly sales: number; readonly paid: number } {
  const amounts = { sales: 0, paid: 0 };
  if (!hasEarlyPayIn(state, client)) return amounts;
  for (const row of rowsOf(state, client)) {
    const amount = state.earlyPayIns.f64(row, EarlyPayIn.amount);
    if (isMoney(state, row)) amounts.paid += amount;
    else amounts.sales += amount;
  }
  return amounts;
}

/** What early pay-in adds to the client's funds or, below zero, takes; paise. It is part of the cell `adhoc`, which is emptied at the close. */
export function earlyFunds(state: SlotState, client: number): number {
  const { sales, paid } = earlyAmounts(state, client);
  return sales - paid;
}

/** Works a client's early pay-in out anew, after a delivery position or the table in force changed. */
export function restateEarlyPayIn(state: SlotState, client: number): void {
  restateFrom(state, client, earlyFunds(state, client));
}

/** The same after a row changed too; `before`: earlyFunds() until then. */
export function restateFrom(state: SlotState, client: number, before: number): void {
  const lines = linesOf(state, client);
  countSales(state, client, lines);
  cover(state, client, lines);
  state.clients.addF64(client, Client.adhoc, earlyFunds(state, client) - before);
}

/** The day is over: nothing is early any more. */
export function lapseEarlyPayIns(state: SlotState): void {
  const { earlyPayIns, clients } = state;
  for (let client = 1; client < clients.rows; client++) {
    if (!clients.isLive(client) || !hasEarlyPayIn(state, client)) continue;
    const before = earlyFunds(state, client);
    const rows = rowsOf(state, client);
    for (const row of rows) {
      earlyPayIns.setF64(row, EarlyPayIn.delivered, 0);
      earlyPayIns.setF64(row, EarlyPayIn.amount, 0);
    }
    restateFrom(state, client, before);
    for (const row of rows) tellHolding(state, client, earlyPayIns.u8(row, EarlyPayIn.segment), earlyPayIns.u32(row, EarlyPayIn.token));
    clients.setU32(client, Client.flags, clients.u32(client, Client.flags) & ~ClientFlag.EARLY_PAY_IN);
  }
  earlyPayIns.clear();
}

/** Is it the row of a client's money? */
export const isMoney = ({ earlyPayIns }: SlotState, row: number): boolean => earlyPayIns.u8(row, EarlyPayIn.segment) === 0;

/** Rows of a client, in the order they were made. */
function rowsOf({ earlyPayIns }: SlotState, client: number): number[] {
  const rows: number[] = [];
  for (let row = 1; row < earlyPayIns.rows; row++) if (earlyPayIns.u32(row, EarlyPayIn.client) === client) rows.push(row);
  return rows;
}

/** Name of a share: its listing, the leading one where the table in force knows two. */
function shareOf(state: SlotState, segment: number, token: number): string {
  const lead = leadOf(state, state.rules?.find(segment, token) ?? -1);
  const table = state.rules?.table;
  return lead < 0 || table === undefined ? `${segment}/${token}` : `${table.segment[lead]}/${table.token[lead]}`;
}

function linesOf(state: SlotState, client: number): Map<string, ShareLine> {
  const { positions, derived } = state;
  const lines = new Map<string, ShareLine>();
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) {
    if (positions.u8(row, Position.product) !== Product.CNC || homeOf(state, derived.instrumentOf(row)) >= 0) continue;
    const share = shareOf(state, positions.u8(row, Position.segment), positions.u32(row, Position.token));
    const line = lines.get(share) ?? { rows: [], net: 0n, cost: 0n, isNamed: derived.instrumentOf(row) >= 0, bought: LAST };
    line.rows.push(row);
    line.net += BigInt(positions.f64(row, Position.net));
    line.cost += BigInt(positions.f64(row, Position.cost));
    lines.set(share, line);
  }
  // The list of a client's positions is in no order that outlives a restart.
  const segmentOf = (row: number): number => positions.u8(row, Position.segment);
  for (const { rows } of lines.values()) rows.sort((a, b) => segmentOf(a) - segmentOf(b));
  return lines;
}

/** Has money to choose what it covers: two shares at least were bought, and it does not reach for all? Else no look at the day's trades is needed. */
function mustChoose(lines: Iterable<ShareLine>, money: bigint): boolean {
  let [shares, cost] = [0, 0n];
  for (const line of lines) {
    if (!line.isNamed || line.net <= 0n || line.cost <= 0n) continue;
    shares += 1;
    cost += line.cost;
  }
  return money > 0n && shares > 1 && cost > money;
}

/** Which share was bought first. */
function notePurchases(state: SlotState, client: number, lines: ReadonlyMap<string, ShareLine>): void {
  const { trades, positions } = state;
  for (let trade = 1; trade < trades.rows; trade++) {
    if (trades.u32(trade, Trade.client) !== client || trades.u8(trade, Trade.side) !== Side.BUY) continue;
    const position = trades.u32(trade, Trade.position);
    const line = lines.get(shareOf(state, positions.u8(position, Position.segment), positions.u32(position, Position.token)));
    if (line !== undefined && line.bought === LAST) line.bought = trade;
  }
}

/** What of each share was sold and is delivered counts at the average price of what is sold, rounded down; at its first row. */
function countSales(state: SlotState, client: number, lines: ReadonlyMap<string, ShareLine>): void {
  const { earlyPayIns } = state;
  const places = new Map<string, { readonly row: number; delivered: bigint }>();
  for (const row of rowsOf(state, client)) {
    if (isMoney(state, row)) continue;
    const share = shareOf(state, earlyPayIns.u8(row, EarlyPayIn.segment), earlyPayIns.u32(row, EarlyPayIn.token));
    const place = places.get(share) ?? { row, delivered: 0n };
    place.delivered += BigInt(earlyPayIns.f64(row, EarlyPayIn.delivered));
    places.set(share, place);
    earlyPayIns.setF64(row, EarlyPayIn.amount, 0);
  }
  for (const [share, { row, delivered }] of places) {
    const line = lines.get(share);
    if (line !== undefined) earlyPayIns.setF64(row, EarlyPayIn.amount, saleValue(line, delivered));
  }
}

function saleValue({ net, cost }: ShareLine, delivered: bigint): number {
  if (net >= 0n || cost >= 0n) return 0;
  const units = delivered < -net ? delivered : -net;
  return Number((-cost * units) / (-net * TICK_UNITS_PER_PAISA));
}

/** Spends the client's money on what was bought, and tells the margin book which units ask nothing. */
function cover(state: SlotState, client: number, lines: ReadonlyMap<string, ShareLine>): void {
  const { earlyPayIns } = state;
  const money = earlyPayIns.find(client, 0, 0);
  let left = money === 0 ? 0n : BigInt(earlyPayIns.f64(money, EarlyPayIn.amount)) * TICK_UNITS_PER_PAISA;
  if (mustChoose(lines.values(), left)) notePurchases(state, client, lines);
  for (const line of [...lines.values()].sort((a, b) => sooner(state, a, b))) {
    const units = line.isNamed ? affordable(line, left) : 0n;
    if (units > 0n && line.cost > 0n) left -= (line.cost * units + line.net - 1n) / line.net;
    spread(state, client, line, Number(units));
  }
}

/** First bought first; what no trade of the day brought comes last, by listing. */
function sooner({ positions }: SlotState, a: ShareLine, b: ShareLine): number {
  if (a.bought !== b.bought) return a.bought - b.bought;
  const [one, other] = [a.rows[0] ?? 0, b.rows[0] ?? 0];
  return (
    positions.u8(one, Position.segment) - positions.u8(other, Position.segment) ||
    positions.u32(one, Position.token) - positions.u32(other, Position.token)
  );
}

function affordable({ net, cost }: ShareLine, left: bigint): bigint {
  if (net <= 0n || cost <= 0n) return net <= 0n ? 0n : net;
  const units = (left * net) / cost;
  return units < net ? units : net;
}

/** Gives the covered units of a share to its positions, by listing. */
function spread(state: SlotState, client: number, { rows }: ShareLine, units: number): void {
  const { positions, earlyPayIns, derived } = state;
  let left = units;
  for (const row of rows) {
    const [segment, token] = [positions.u8(row, Position.segment), positions.u32(row, Position.token)];
    const now = Math.min(left, Math.max(0, positions.f64(row, Position.net)));
    left -= now;
    const was = coveredUnits(state, row);
    if (now === was) continue;
    earlyPayIns.setF64(earlyPayIns.find(client, segment, token) || earlyPayIns.add(client, segment, token), EarlyPayIn.covered, now);
    const instrument = derived.instrumentOf(row);
    if (instrument >= 0) derived.book?.addPosition(client, instrument, Product.CNC, was - now);
    tellHolding(state, client, segment, token);
  }
}
