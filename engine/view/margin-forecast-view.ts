// What a client's positions will ask on the trading days ahead if nothing is traded and no price moves: delivery margin grows as stock options near their
// expiry, on the expiry day spreads with what expires lose their benefit and sold index options pay more, and what has expired asks no more. The date of
// a day ahead is known where something expires on it; the others go by the rules of today. Files to come are not in it. Reads
// state, changes nothing, allocates; never called while deciding.
import { workPortfolio } from '../margin/portfolio-margin.ts';
import type { ParameterTable } from '../parameters/parameter-table.ts';
import { META_ROW, Meta } from '../state/meta-table.ts';
import { scaleUp } from '../state/scale-up.ts';
import type { SlotState } from '../state/slot-state.ts';
import { roundMicrosToPaise } from '../units.ts';
import { clientView } from './client-view.ts';
import { positionsOf } from './margin-explain-view.ts';

/** Trading days looked ahead. */
const DAYS_AHEAD = 8;

/** One trading day ahead, 0 = today; `date` yyyymmdd, 0 = not known; paise. `rules` are the dated rules that add something that day. */
export interface ForecastDay {
  readonly ahead: number;
  readonly date: number;
  readonly requirement: number;
  readonly shortfall: number;
  readonly added: number;
  readonly rules: readonly string[];
  /** Contracts whose last trading day it is. */
  readonly expiring: readonly string[];
}

/** The days ahead; none when the table does not say how far its expiries are. */
export interface MarginForecast {
  readonly sequence: number;
  readonly available: number;
  readonly days: readonly ForecastDay[];
}

/** Undefined when the slot has no such account, or no parameters. */
export function marginForecast(state: SlotState, account: string): MarginForecast | undefined {
  const client = clientView(state, account);
  const { rules } = state;
  if (client === undefined || rules === undefined) return undefined;
  const { sequence, available, requirement } = client;
  if (!rules.dated.isOn) return { sequence, available, days: [] };
  const { table } = rules;
  const positions = positionsOf(state, account);
  const multiplier = state.meta.f64(META_ROW, Meta.spanMultiplier);
  const totalAt = (ahead: number): { readonly total: number; readonly added: number; readonly rules: readonly string[] } => {
    const living = positions.filter(
      ({ instrument }) => table.expiry[instrument] === 0 || rules.dated.daysTo(table.expiry[instrument] as number) >= ahead,
    );
    const date = dateAhead(table, ahead) || table.businessDate;
    const worked = workPortfolio(table, living, state.cashRateFloor, (expiry) => rules.dated.daysTo(expiry) - ahead, date);
    const own = worked.addOns.filter(({ inExposure, amount }) => !inExposure && amount !== 0);
    const added = own.reduce((sum, { amount }) => sum + amount, 0);
    const addedTo = (underlying: number): number => own.reduce((sum, each) => sum + (each.underlying === underlying ? each.amount : 0), 0);
    // Rounded by underlying, as the live figure is.
    const total = worked.spans.reduce((sum, span) => sum + roundMicrosToPaise(span.total + addedTo(span.underlying)), 0);
    return { total, added: roundMicrosToPaise(added), rules: [...new Set(own.map(({ rule }) => rule))] };
  };
  const today = totalAt(0);
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead): ForecastDay => {
    const then = totalAt(ahead);
    const change = then.total - today.total;
    const scaled = change >= 0 ? scaleUp(change, multiplier) : -scaleUp(-change, multiplier);
    const asked = ahead === 0 ? requirement : Math.max(0, requirement + scaled);
    const expiring = positions.filter(({ instrument }) => rules.dated.daysTo(table.expiry[instrument] as number) === ahead);
    const names = expiring.map(({ instrument }) => table.instrumentName(instrument));
    return {
      ahead,
      date: dateAhead(table, ahead),
      requirement: asked,
      shortfall: Math.max(0, asked - available),
      added: then.added,
      rules: then.rules,
      expiring: names,
    };
  });
  return { sequence, available, days };
}

/** Date of the trading day so far ahead, where the table knows it: today, or a day on which something expires; else 0. */
function dateAhead(table: ParameterTable, ahead: number): number {
  if (ahead === 0) return table.businessDate;
  const found = Object.entries(table.details.tradingDays ?? {}).find(([, days]) => days === ahead);
  return Number(found?.[0] ?? 0);
}
