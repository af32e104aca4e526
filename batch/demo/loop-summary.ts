// What days in a row came to: each phase, what is open, and the other side's books beside ours. Plain lines for a person, and whether all of it is as it should be.
import { Ledger } from '../ledger/ledger.ts';
import { rupees } from '../notes/figures.ts';
import { NoteStore } from '../notes/note-store.ts';
import { BreakStore } from '../recon/break-store.ts';
import { PRACTICE_ACCOUNT } from '../sandbox/sandbox.ts';
import type { DayLoop } from './day-loop.ts';

/** See the file's head. */
export interface LoopSummary {
  readonly lines: readonly string[];
  /** Phases that are not green, tie-outs that are open, balances that differ. Empty: all is well. */
  readonly faults: readonly string[];
}

const PHASES = ['bod', 'th', 'eod', 'set'] as const;

/** Sums up a loop that has run and is still open. */
export function summarise(loop: DayLoop): LoopSummary {
  const faults: string[] = [];
  const { root } = loop.night.store;
  const lines = loop.dates.map((date) => {
    const { runs } = loop.view(date);
    const phases = PHASES.map((phase) => {
      const found = runs.find(({ run }) => run.phase === phase);
      for (const { key, status, error, openGates } of found?.instances ?? []) {
        if (status === 'done' || status === 'skipped') continue;
        const gates = openGates.map(({ name, left, right }) => `${name}: ${left} against ${right}`).join('; ');
        faults.push(`${date} ${key}: ${status} ${error}${gates}`.trim());
      }
      if (found === undefined) faults.push(`${date}: ${phase} was never opened`);
      return `${phase} ${found?.isGreen === true ? 'green' : 'OPEN'}`;
    });
    const notes = new NoteStore(root).of(date).length;
    const breaks = new BreakStore(root).of(date).filter(({ state }) => state === 'open').length;
    if (breaks > 0) faults.push(`${date}: ${breaks} open breaks`);
    return `${date}  ${phases.join('  ')}  ${String(notes).padStart(4)} notes  ${breaks} open breaks`;
  });
  const ours = new Ledger(root).account(PRACTICE_ACCOUNT)?.balance ?? 0;
  const theirs = loop.sandbox.books.money.bank.balance(PRACTICE_ACCOUNT);
  if (ours !== theirs) faults.push(`${PRACTICE_ACCOUNT}: our books say ${ours} paise, the bank ${theirs}`);
  lines.push(`client money at the bank: ours Rs ${rupees(ours)}, the bank's Rs ${rupees(theirs)}`);
  return { lines, faults };
}
