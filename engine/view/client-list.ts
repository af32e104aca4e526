// Lists over the clients of a slot as plain objects, for the desk: standing with margin, and limits. Reads state, changes nothing, allocates; never
// called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { requirementOf } from '../lifecycle/emission.ts';
import { availableFunds } from '../state/available-funds.ts';
import { AccountKind, AccountStatus, Client } from '../state/client-table.ts';
import { sanctionOf } from '../state/funding.ts';
import type { SlotState } from '../state/slot-state.ts';
import { clientRow } from './order-view.ts';

/** One line of the desk's list. Amounts in paise; gains of the day rounded down. */
export interface ClientSummary {
  readonly slot: number;
  readonly account: string;
  readonly status: string;
  readonly kind: string;
  readonly killed: boolean;
  /** ExchangeSegment numbers the account may trade. */
  readonly segments: readonly number[];
  readonly requirement: number;
  readonly available: number;
  readonly realised: number;
  readonly unrealised: number;
  readonly openOrders: number;
  readonly openOrderValue: number;
  readonly turnover: number;
}

/** Limits of one client; 0 = no limit. Quantities in units, values in paise. */
export interface LimitsView {
  readonly maxOrderQuantity: number;
  readonly maxOrderValue: number;
  readonly maxOpenOrderValue: number;
  readonly maxOpenOrders: number;
  readonly maxNetQuantity: number;
  readonly maxGrossValue: number;
  readonly maxTurnover: number;
  readonly maxLoss: number;
  /** Sanctioned of margin trading funding, paise; 0 = not enabled. */
  readonly maxFunded: number;
}

const TICKS_PER_PAISA = 100;
const SEGMENTS: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
const nameIn = (names: Readonly<Record<string, number>>, value: number): string => Object.keys(names).find((name) => names[name] === value) ?? '';

/** Every client of the slot, in row order. */
export function clientSummaries(state: SlotState): ClientSummary[] {
  const { clients } = state;
  assert(clients.rows > 0, 'clients table without its own row');
  const summaries: ClientSummary[] = [];
  for (let row = 1; row < clients.rows; row++) if (clients.isLive(row)) summaries.push(summaryOf(state, row));
  return summaries;
}

/** One client's line, or undefined when the slot has no such account. */
export function clientSummary(state: SlotState, account: string): ClientSummary | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const row = clientRow(state, account);
  return row === 0 ? undefined : summaryOf(state, row);
}

/** The client's limits, or undefined when the slot has no such account. */
export function limitsView(state: SlotState, account: string): LimitsView | undefined {
  assert(account.length <= ACCOUNT_BYTES, 'account longer than its field');
  const row = clientRow(state, account);
  if (row === 0) return undefined;
  const { clients } = state;
  return {
    maxOrderQuantity: clients.f64(row, Client.maxOrderQuantity),
    maxOrderValue: clients.f64(row, Client.maxOrderValue),
    maxOpenOrderValue: clients.f64(row, Client.maxOpenOrderValue),
    maxOpenOrders: clients.f64(row, Client.maxOpenOrders),
    maxNetQuantity: clients.f64(row, Client.maxNetQuantity),
    maxGrossValue: clients.f64(row, Client.maxGrossValue),
    maxTurnover: clients.f64(row, Client.maxTurnover),
    maxLoss: clients.f64(row, Client.maxLoss),
    maxFunded: sanctionOf(state, row),
  };
}

function summaryOf(state: SlotState, row: number): ClientSummary {
  const { clients } = state;
  const bits = clients.u8(row, Client.segments);
  return {
    slot: state.slot,
    account: clients.text(row, Client.account, ACCOUNT_BYTES),
    status: nameIn(AccountStatus, clients.u8(row, Client.status)),
    kind: nameIn(AccountKind, clients.u8(row, Client.kind)),
    killed: clients.u8(row, Client.killed) !== 0,
    segments: SEGMENTS.filter((segment) => (bits & (1 << segment)) !== 0),
    requirement: requirementOf(state, row),
    available: availableFunds(state, row),
    realised: Math.floor(clients.f64(row, Client.realised) / TICKS_PER_PAISA),
    unrealised: Math.floor(clients.f64(row, Client.unrealised) / TICKS_PER_PAISA),
    openOrders: clients.u32(row, Client.openOrders),
    openOrderValue: clients.f64(row, Client.openOrderValue),
    turnover: clients.f64(row, Client.turnover),
  };
}
