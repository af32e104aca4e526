// A client's margin trading funding (MTF) as plain objects: what it is sanctioned, what it draws, and every lot. Reads state, changes nothing, allocates.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { Product } from '../instrument.ts';
import { Client } from '../state/client-table.ts';
import { FundedLot } from '../state/funded-lot-table.ts';
import { boughtSince, drawnBy, fundedRateOf, houseFundingLimit, lentTo, sanctionOf } from '../state/funding.ts';
import { Funding } from '../state/funding-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { TICK_UNITS_PER_PAISA } from '../units.ts';
import { clientRow } from './order-view.ts';

/** One lot: what is left of a day's purchase of a share. Paise; cost rounded down. */
export interface FundedLotView {
  readonly segment: number;
  readonly token: number;
  /** Business date of the purchase, yyyymmdd. */
  readonly boughtOn: number;
  readonly units: number;
  /** Of the units, those whose pledge the client has accepted. */
  readonly pledged: number;
  readonly cost: number;
  readonly funded: number;
  /** Paise the units are worth at the last mark. */
  readonly value: number;
}

/** A client's funding as of a slot sequence; paise. */
export interface FundingView {
  readonly sequence: number;
  readonly account: string;
  /** The day open, or last open, yyyymmdd. */
  readonly businessDate: number;
  /** What the house lends one client at most (0: it lends nobody) and what this one is sanctioned (0: it is not enabled). */
  readonly houseLimit: number;
  readonly sanctioned: number;
  /** Lent on the lots; and with what was bought since the last close and is being bought. */
  readonly lent: number;
  readonly drawn: number;
  /** Shares bought since the last close, not in lots yet: units, what they cost, the rate their margin is asked at (1/10,000). */
  readonly bought: readonly {
    readonly segment: number;
    readonly token: number;
    readonly units: number;
    readonly cost: number;
    readonly rate: number;
  }[];
  /** By share and day of purchase, the oldest first. */
  readonly lots: readonly FundedLotView[];
}

/** The client's funding, or undefined when the slot has no such account. */
export function fundingView(state: SlotState, account: string): FundingView | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, account);
  if (client === 0) return undefined;
  return {
    sequence: state.sequence,
    account,
    businessDate: state.meta.u32(META_ROW, Meta.businessDate),
    houseLimit: houseFundingLimit(state),
    sanctioned: sanctionOf(state, client),
    lent: lentTo(state, client),
    drawn: drawnBy(state, client),
    bought: boughtToday(state, client),
    lots: lotViews(state, client),
  };
}

/** Funding of every client of the slot that has any: a sanction, lots, or purchases of the day. */
export function fundingViews(state: SlotState): FundingView[] {
  assert(state.meta.rows > META_ROW, 'slot without meta row');
  const { fundings, clients } = state;
  const found = new Set<number>();
  for (let row = 1; row < fundings.rows; row++) if (fundings.u32(row, Funding.client) !== 0) found.add(fundings.u32(row, Funding.client));
  return [...found].sort((a, b) => a - b).flatMap((client) => fundingView(state, clients.text(client, Client.account, ACCOUNT_BYTES)) ?? []);
}

function boughtToday(state: SlotState, client: number): FundingView['bought'] {
  const { positions, derived } = state;
  const bought: FundingView['bought'][number][] = [];
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) {
    if (positions.u8(row, Position.product) !== Product.MTF) continue;
    const { units, value } = boughtSince(state, row);
    if (units === 0) continue;
    const [segment, token] = [positions.u8(row, Position.segment), positions.u32(row, Position.token)];
    bought.push({ segment, token, units, cost: Math.floor(value / TICK_UNITS_PER_PAISA), rate: fundedRateOf(state, derived.instrumentOf(row)) });
  }
  return bought.sort((a, b) => a.segment - b.segment || a.token - b.token);
}

function lotViews(state: SlotState, client: number): FundedLotView[] {
  const { fundedLots } = state;
  const lots: FundedLotView[] = [];
  for (let lot = 1; lot < fundedLots.rows; lot++)
    if (fundedLots.isLive(lot) && fundedLots.u32(lot, FundedLot.client) === client) lots.push(lotView(state, lot));
  return lots.sort((a, b) => a.segment - b.segment || a.token - b.token || a.boughtOn - b.boughtOn);
}

function lotView({ fundedLots, positions }: SlotState, lot: number): FundedLotView {
  const [segment, token] = [fundedLots.u8(lot, FundedLot.segment), fundedLots.u32(lot, FundedLot.token)];
  const units = fundedLots.f64(lot, FundedLot.units);
  const position = positions.find(fundedLots.u32(lot, FundedLot.client), segment, token, Product.MTF);
  return {
    segment,
    token,
    boughtOn: fundedLots.u32(lot, FundedLot.boughtOn),
    units,
    pledged: fundedLots.f64(lot, FundedLot.pledged),
    cost: Math.floor(fundedLots.f64(lot, FundedLot.cost) / TICK_UNITS_PER_PAISA),
    funded: fundedLots.f64(lot, FundedLot.funded),
    value: position === 0 ? 0 : Math.floor((units * positions.f64(position, Position.mark)) / TICK_UNITS_PER_PAISA),
  };
}
