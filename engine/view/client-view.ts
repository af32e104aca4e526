// One client as plain objects, for the API: standing, funds, margin by underlying, positions, holdings. Reads state, changes nothing, allocates; never
// called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { InstrumentKind } from '../instrument.ts';
import { requirementOf } from '../lifecycle/emission.ts';
import type { UnderlyingMargin } from '../margin/underlying-margin.ts';
import { crystallisedObligation } from '../rules/order-rules.ts';
import { availableFunds } from '../state/available-funds.ts';
import { marginLinesOf } from '../state/client-margin.ts';
import { AccountKind, AccountStatus, Client } from '../state/client-table.ts';
import { closedGain } from '../state/closed-gain.ts';
import { coveredUnits, deliveredEarly, earlyAmounts } from '../state/early-pay-in.ts';
import { ownInLots } from '../state/funding.ts';
import { Holding } from '../state/holding-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { Position } from '../state/position-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { MICROS_PER_PAISA, MICROS_PER_TICK } from '../units.ts';
import { clientRow } from './order-view.ts';
import { peakView } from './peak-view.ts';

/** Paise, except where a name says otherwise. Premium: bought +, sold -. */
export interface FundsView {
  readonly cash: number;
  readonly cashEquivalent: number;
  readonly nonCash: number;
  /** Limits granted for the day. */
  readonly adhoc: number;
  /** Early pay-in: what sales delivered ahead came to, among the funds until the close; and money paid in ahead, no longer among them. */
  readonly earlySales: number;
  readonly earlyPaid: number;
  /** The client's own money in shares bought with funding (MTF): what they cost less what is lent on them. */
  readonly fundedOwn: number;
  readonly premium: number;
  readonly realised: number;
  readonly unrealised: number;
  /** Of realised: derivatives. A loss among it is paid neither by what is open nor by shares. */
  readonly closedGain: number;
  /** What is owed for premium and for derivatives closed today, net, 0 and more; `available` is without it. */
  readonly crystallised: number;
  /** Options at their marks: long +, short -. No part of realised or unrealised, and nothing to set against the requirement. */
  readonly optionValue: number;
}

/** A client's standing and funds. */
export interface ClientView {
  readonly slot: number;
  /** Slot sequence the view is as of. */
  readonly sequence: number;
  readonly account: string;
  readonly status: string;
  readonly kind: string;
  readonly killed: boolean;
  readonly segments: readonly number[];
  readonly openOrders: number;
  readonly openOrderValue: number;
  readonly turnover: number;
  readonly funds: FundsView;
  /** What counts against the requirement, paise. */
  readonly available: number;
  /** What the client must have, house multiplier included, paise. */
  readonly requirement: number;
  readonly underlyings: readonly UnderlyingMargin[];
  /** Largest requirement and largest shortfall of the day's margin snapshots; zeros before the first. */
  readonly peak: { readonly required: number; readonly shortfall: number };
}

/** One position: signed units, average price and mark in ticks, gains in paise (rounded down). */
export interface PositionView {
  readonly segment: number;
  readonly token: number;
  readonly product: number;
  readonly net: number;
  readonly averagePrice: number;
  readonly mark: number;
  readonly realised: number;
  readonly unrealised: number;
  /** Paise: an option at its mark, long +, short -; 0 for whatever else. */
  readonly optionValue: number;
  readonly workingBuys: number;
  readonly workingSells: number;
  /** Of net, units bought whose purchase is paid in early: they ask no margin. */
  readonly covered: number;
}

/** One holding, units. */
export interface HoldingView {
  readonly segment: number;
  readonly token: number;
  readonly free: number;
  readonly pledged: number;
  readonly t1: number;
  /** Units the clearing corporation has ahead of the pay-in; they are free units still, unless it has more than were free. */
  readonly early: number;
}

const TICKS_PER_PAISA = 100;
const nameIn = (names: Readonly<Record<string, number>>, value: number): string => Object.keys(names).find((name) => names[name] === value) ?? '';
const toPaise = (tickUnits: number): number => Math.floor(tickUnits / TICKS_PER_PAISA);

/** The client, or undefined when the slot has no such account. */
export function clientView(state: SlotState, account: string): ClientView | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const row = clientRow(state, account);
  if (row === 0) return undefined;
  const { clients } = state;
  const bits = clients.u8(row, Client.segments);
  const early = earlyAmounts(state, row);
  return {
    slot: state.slot,
    sequence: state.sequence,
    account,
    status: nameIn(AccountStatus, clients.u8(row, Client.status)),
    kind: nameIn(AccountKind, clients.u8(row, Client.kind)),
    killed: clients.u8(row, Client.killed) !== 0,
    segments: [1, 2, 3, 4, 5, 6, 7].filter((segment) => (bits & (1 << segment)) !== 0),
    openOrders: clients.u32(row, Client.openOrders),
    openOrderValue: clients.f64(row, Client.openOrderValue),
    turnover: clients.f64(row, Client.turnover),
    funds: {
      cash: clients.f64(row, Client.cash),
      cashEquivalent: clients.f64(row, Client.cashEquivalent),
      nonCash: clients.f64(row, Client.nonCash),
      adhoc: clients.f64(row, Client.adhoc) - early.sales + early.paid - ownInLots(state, row),
      fundedOwn: ownInLots(state, row),
      earlySales: early.sales,
      earlyPaid: early.paid,
      premium: toPaise(clients.f64(row, Client.premium)),
      realised: toPaise(clients.f64(row, Client.realised)),
      unrealised: toPaise(clients.f64(row, Client.unrealised)),
      closedGain: toPaise(closedGain(clients, row)),
      crystallised: crystallisedPaise(state, row),
      optionValue: toPaise(optionsOf(state, row)),
    },
    available: availableFunds(state, row),
    requirement: requirementOf(state, row),
    underlyings: marginLinesOf(state, row),
    peak: peakOf(state, account),
  };
}

/** By the rule of the report, as the clearing corporation asks for it; rounded up. */
function crystallisedPaise({ clients, meta }: SlotState, client: number): number {
  const premium = clients.f64(client, Client.premium) * MICROS_PER_TICK;
  const day = { premiumPaid: premium, premiumReceived: 0, realised: closedGain(clients, client) * MICROS_PER_TICK };
  return Math.ceil(crystallisedObligation(day, meta.u32(META_ROW, Meta.businessDate)) / MICROS_PER_PAISA);
}

function peakOf(state: SlotState, account: string): ClientView['peak'] {
  const peak = peakView(state, account);
  return { required: peak?.required ?? 0, shortfall: peak?.shortfall ?? 0 };
}

/** Tick-units: the client's options at their marks. */
function optionsOf(state: SlotState, client: number): number {
  const { positions, derived } = state;
  let sum = 0;
  for (let row = derived.clientPositions.head(client); row !== 0; row = derived.clientPositions.next(row)) sum += optionValue(positions, row);
  return sum;
}

/** Tick-units of an option position at its mark; 0 for whatever else. */
function optionValue(positions: SlotState['positions'], row: number): number {
  const kind = positions.u8(row, Position.kind);
  if (kind !== InstrumentKind.CE && kind !== InstrumentKind.PE) return 0;
  return positions.f64(row, Position.net) * positions.f64(row, Position.mark);
}

/** The client's positions and holdings, or undefined when the slot has no such account. */
export function portfolioView(
  state: SlotState,
  account: string,
): { readonly sequence: number; readonly positions: readonly PositionView[]; readonly holdings: readonly HoldingView[] } | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const client = clientRow(state, account);
  if (client === 0) return undefined;
  const positions: PositionView[] = [];
  for (let row = 1; row < state.positions.rows; row++) {
    if (state.positions.isLive(row) && state.positions.u32(row, Position.client) === client) positions.push(positionView(state, row));
  }
  const holdings: HoldingView[] = [];
  for (let row = 1; row < state.holdings.rows; row++) {
    if (state.holdings.isLive(row) && state.holdings.u32(row, Holding.client) === client) holdings.push(holdingView(state, row));
  }
  return { sequence: state.sequence, positions, holdings };
}

function positionView(state: SlotState, row: number): PositionView {
  const { positions } = state;
  const net = positions.f64(row, Position.net);
  const cost = positions.f64(row, Position.cost);
  const mark = positions.f64(row, Position.mark);
  return {
    segment: positions.u8(row, Position.segment),
    token: positions.u32(row, Position.token),
    product: positions.u8(row, Position.product),
    net,
    averagePrice: net === 0 ? 0 : Math.round(cost / net),
    mark,
    realised: toPaise(positions.f64(row, Position.realised)),
    unrealised: mark === 0 ? 0 : toPaise(net * mark - cost),
    optionValue: toPaise(optionValue(positions, row)),
    workingBuys: positions.f64(row, Position.buyLeaves),
    workingSells: positions.f64(row, Position.sellLeaves),
    covered: Math.min(coveredUnits(state, row), Math.max(0, net)),
  };
}

function holdingView(state: SlotState, row: number): HoldingView {
  const { holdings } = state;
  return {
    segment: holdings.u8(row, Holding.segment),
    token: holdings.u32(row, Holding.token),
    free: holdings.f64(row, Holding.free),
    pledged: holdings.f64(row, Holding.pledged),
    t1: holdings.f64(row, Holding.t1),
    early: deliveredEarly(state, holdings.u32(row, Holding.client), holdings.u8(row, Holding.segment), holdings.u32(row, Holding.token)),
  };
}

/** Every account of the slot, by name; for the gateway's directory after recovery. */
export function accountsOf(state: SlotState): string[] {
  assert(state.slot >= 0, 'slot is negative');
  const accounts: string[] = [];
  for (let row = 1; row < state.clients.rows; row++)
    if (state.clients.isLive(row)) accounts.push(state.clients.text(row, Client.account, ACCOUNT_BYTES));
  return accounts;
}
