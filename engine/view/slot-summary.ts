// A slot in figures for the desk: sums over its clients, those that lack most and those that lose most, orders without an answer, rejections. Reads
// state, changes nothing, allocates; never called while deciding.
import { assert } from '../assert.ts';
import { ACCOUNT_BYTES } from '../command/layout.ts';
import { requirementOf } from '../lifecycle/emission.ts';
import { availableFunds } from '../state/available-funds.ts';
import { Client } from '../state/client-table.ts';
import type { SlotState } from '../state/slot-state.ts';
import { stuckViews } from './break-view.ts';
import { type ClientSummary, clientSummary } from './client-list.ts';
import type { OrderView } from './order-view.ts';
import { rejectViews } from './request-view.ts';

/** Sums over the clients of a slot. Amounts in paise. */
export interface SlotTotals {
  readonly clients: number;
  readonly requirement: number;
  readonly available: number;
  /** Clients whose requirement is above their funds, and the sum of what they lack. */
  readonly shortClients: number;
  readonly lacking: number;
  /** Gains and losses of the day, realised and not. */
  readonly gain: number;
  readonly openOrders: number;
}

/** One slot for the desk. */
export interface SlotSummary {
  readonly slot: number;
  readonly totals: SlotTotals;
  /** Clients that lack something, those that lack most first. */
  readonly shortfalls: readonly ClientSummary[];
  /** Clients that lose, those that lose most first. */
  readonly losers: readonly ClientSummary[];
  /** Accounts whose kill switch is engaged. */
  readonly killed: readonly string[];
  readonly stuck: readonly OrderView[];
  /** Rejections of the day by RejectCode. */
  readonly rejects: readonly (readonly [code: number, count: number])[];
}

const TICKS_PER_PAISA = 100;

interface Line {
  readonly account: string;
  readonly lacking: number;
  readonly gain: number;
}

/** The slot's figures, with at most `top` clients or orders in each list. */
export function slotSummary(state: SlotState, top: number): SlotSummary {
  assert(top > 0, 'a list without room');
  const { clients } = state;
  const totals = { clients: 0, requirement: 0, available: 0, shortClients: 0, lacking: 0, gain: 0, openOrders: 0 };
  const lines: Line[] = [];
  const killed: string[] = [];
  for (let row = 1; row < clients.rows; row++) {
    if (!clients.isLive(row)) continue;
    const [requirement, available] = [requirementOf(state, row), availableFunds(state, row)];
    const gain = Math.floor((clients.f64(row, Client.realised) + clients.f64(row, Client.unrealised)) / TICKS_PER_PAISA);
    const lacking = Math.max(0, requirement - available);
    totals.clients += 1;
    totals.requirement += requirement;
    totals.available += available;
    totals.gain += gain;
    totals.openOrders += clients.u32(row, Client.openOrders);
    totals.lacking += lacking;
    if (lacking > 0) totals.shortClients += 1;
    const isKilled = clients.u8(row, Client.killed) !== 0;
    if (lacking === 0 && gain >= 0 && !isKilled) continue;
    const account = clients.text(row, Client.account, ACCOUNT_BYTES);
    lines.push({ account, lacking, gain });
    if (isKilled && killed.length < top) killed.push(account);
  }
  const summaries = (of: readonly Line[]): ClientSummary[] =>
    of.slice(0, top).flatMap(({ account }) => {
      const summary = clientSummary(state, account);
      return summary === undefined ? [] : [summary];
    });
  return {
    slot: state.slot,
    totals,
    shortfalls: summaries(lines.filter(({ lacking }) => lacking > 0).sort((a, b) => b.lacking - a.lacking)),
    losers: summaries(lines.filter(({ gain }) => gain < 0).sort((a, b) => a.gain - b.gain)),
    killed,
    stuck: stuckViews(state).slice(0, top),
    rejects: rejectViews(state, 0).counts,
  };
}
