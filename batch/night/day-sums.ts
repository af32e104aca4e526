// Days one after the other, each in a line: how its phases stand, how many tie-outs were made and which are open, what it left (notes, files, the
// close of the books). What the page of the loop and the report of a rehearsal show. Reads only.
import { PHASES, type Phase } from '../graph/graph.ts';
import { Ledger } from '../ledger/ledger.ts';
import { NoteStore } from '../notes/note-store.ts';
import { isTerminal, type Run } from '../runner/index.ts';
import type { Night } from './night.ts';
import { brief, type Health } from './past-days.ts';

/** How a phase of a date stands; none: never opened. */
export interface PhaseSum {
  readonly phase: Phase;
  readonly health: Health | 'none';
  readonly done: number;
  readonly total: number;
}

/** Two figures that had to be equal. */
export interface OpenTieOut {
  readonly key: string;
  readonly name: string;
  readonly left: number;
  readonly right: number;
}

/** One date. */
export interface DaySum {
  readonly date: string;
  readonly settlesOn: string;
  readonly phases: readonly PhaseSum[];
  /** Figures that were laid beside each other, in all phases. */
  readonly tieOuts: number;
  /** Those that differ and that nobody has closed. */
  readonly open: readonly OpenTieOut[];
  readonly notes: number;
  /** Input files by role. */
  readonly files: number;
  /** The books' close: root of the trial balance and the sum of its debits, paise as text; absent while the day is open in the books. */
  readonly close?: { readonly root: string; readonly sum: string; readonly accounts: number };
}

/** Sums of the newest `count` dates up to `until` of which any phase was opened, oldest first. */
export function daySums(night: Night, until: string, count: number): DaySum[] {
  const dates = new Set<string>();
  for (const { date } of night.store.runsFrom('')) if (date <= until) dates.add(date);
  return [...dates]
    .sort()
    .slice(-count)
    .map((date) => daySum(night, date));
}

/** Sum of one date. */
export function daySum(night: Night, date: string): DaySum {
  const runs = PHASES.map((phase) => night.runner.states.newest(date, phase));
  const opened = runs.filter((run) => run !== undefined);
  const ties = opened.map((run) => tieOutsOf(night, run));
  const close = new Ledger(night.store.root).closeOf(Number(date.replaceAll('-', '')));
  return {
    date,
    settlesOn: night.calendar.settlementDay(date, 1),
    phases: PHASES.map((phase, at) => phaseSum(night, phase, runs[at])),
    tieOuts: ties.reduce((sum, { made }) => sum + made, 0),
    open: ties.flatMap(({ open }) => open),
    notes: new NoteStore(night.store.root).of(date).length,
    files: new Set(opened.flatMap((run) => [...night.runner.states.of(run.id).values()].flatMap(({ inputs }) => Object.keys(inputs)))).size,
    ...(close === undefined ? {} : { close: { root: close.root, sum: close.sum, accounts: close.accounts } }),
  };
}

function phaseSum(night: Night, phase: Phase, run: Run | undefined): PhaseSum {
  if (run === undefined) return { phase, health: 'none', done: 0, total: 0 };
  const { health, done, total } = brief(night, run, false);
  return { phase, health, done, total };
}

/** Gates of the last time each instance was done. */
function tieOutsOf({ runner, store }: Night, run: Run): { readonly made: number; readonly open: readonly OpenTieOut[] } {
  const open: OpenTieOut[] = [];
  let made = 0;
  for (const [key, state] of runner.states.of(run.id)) {
    const done = store.recordsOfInstance(run.id, key).findLast((record) => record.kind === 'done');
    if (done?.kind === 'done') made += done.gates.length;
    if (!isTerminal(state)) open.push(...state.openGates.map((gate) => ({ key, ...gate })));
  }
  return { made, open };
}
