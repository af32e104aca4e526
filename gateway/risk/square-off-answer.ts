// Who is due and what a plan is doing, as the API shows them. Snake case; prices in rupees, amounts in paise.
import { type DueClient, type DuePosition, Side, type SquareOffCause } from '../../engine/index.ts';
import { type InstrumentName, instrumentName } from './order-answer.ts';
import type { Plan } from './square-off-desk.ts';
import type { Unpriced } from './square-off-plan.ts';
import type { ClientPhase, LegState } from './square-off-run.ts';
import type { SymbolIndex } from './symbol-index.ts';

/** awaitingApproval: a second person is asked for. basket: no order system is there. halted: a person stopped it. needsPerson: some of it failed. */
export type PlanState = 'awaitingApproval' | 'running' | 'basket' | 'halted' | 'done' | 'needsPerson';

export interface DueAnswer {
  readonly account: string;
  readonly reasons: readonly { readonly cause: SquareOffCause; readonly value: number; readonly limit: number }[];
  readonly requirement_paise: number;
  readonly available_paise: number;
  readonly orders: readonly string[];
  readonly positions: readonly (InstrumentName & {
    readonly side: 'BUY' | 'SELL';
    readonly units: number;
    readonly net: number;
    readonly mark: number;
    readonly cause: SquareOffCause;
    /** Why it cannot be priced now; '' when it can. */
    readonly unpriced: string;
  })[];
}

export interface PlanAnswer {
  readonly id: string;
  readonly state: PlanState;
  readonly reason: string;
  readonly by: string;
  readonly approved_by: string | null;
  /** Milliseconds since 1970. */
  readonly made_at: number;
  readonly worth_paise: number;
  readonly clients: readonly {
    readonly account: string;
    readonly cause: SquareOffCause;
    readonly phase: ClientPhase;
    readonly note: string;
    readonly cancels: readonly string[];
    readonly exits: readonly (InstrumentName & {
      readonly side: 'BUY' | 'SELL';
      readonly units: number;
      readonly left: number;
      readonly attempt: number;
      readonly state: LegState;
      readonly note: string;
    })[];
  }[];
}

const TICKS_PER_RUPEE = 10_000;
const sideName = (side: number): 'BUY' | 'SELL' => (side === Side.SELL ? 'SELL' : 'BUY');

/** One due client. */
export function dueAnswer(client: DueClient, symbols: SymbolIndex | undefined, unpriced: (due: DuePosition) => Unpriced | undefined): DueAnswer {
  return {
    account: client.account,
    reasons: client.reasons.map(({ cause, value, limit }) => ({ cause, value, limit })),
    requirement_paise: client.requirement,
    available_paise: client.available,
    orders: client.orders.map(({ slot, sequence }) => `${slot}-${sequence}`),
    positions: client.positions.map((due) => ({
      ...instrumentName(symbols, due.segment, due.token),
      side: sideName(due.units > 0 ? Side.SELL : Side.BUY),
      units: Math.abs(due.units),
      net: due.net,
      mark: due.mark / TICKS_PER_RUPEE,
      cause: due.cause,
      unpriced: unpriced(due) ?? '',
    })),
  };
}

/** One plan. */
export function planAnswer(plan: Plan, symbols: SymbolIndex | undefined, slotOf: (account: string) => number): PlanAnswer {
  return {
    id: plan.id,
    state: plan.state,
    reason: plan.reason,
    by: plan.by,
    approved_by: plan.approvedBy ?? null,
    made_at: plan.madeAt,
    worth_paise: plan.worth,
    clients: plan.run.clients.map(({ account, cause, phase, note, cancels, legs }) => ({
      account,
      cause,
      phase,
      note,
      cancels: [...cancels.keys()].map((sequence) => `${slotOf(account)}-${sequence}`),
      exits: legs.map(({ exit, left, attempt, state, note: legNote }) => ({
        ...instrumentName(symbols, exit.segment, exit.token),
        side: sideName(exit.side),
        units: exit.units,
        left,
        attempt,
        state,
        note: legNote,
      })),
    })),
  };
}
