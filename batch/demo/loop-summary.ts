// What days in a row came to, a line a day: phases, tie-outs, what was delivered, short and bought in, the other side's books beside ours. Plain
// lines for a person, and whatever is not as it should be by name.
import { Ledger } from '../ledger/ledger.ts';
import { type DaySum, daySum } from '../night/day-sums.ts';
import { expiriesOf } from '../nodes/end-of-day/physical-delivery.ts';
import { rupees } from '../notes/figures.ts';
import { BreakStore } from '../recon/break-store.ts';
import type { Outputs } from '../runner/index.ts';
import type { DayLoop } from './day-loop.ts';

/** See the file's head. */
export interface LoopSummary {
  readonly days: readonly LoopDay[];
  readonly lines: readonly string[];
  /** Phases that are not green, tie-outs that are open, balances that differ. Empty: all is well. */
  readonly faults: readonly string[];
}

/** What one day saw; units. */
export interface LoopDay extends DaySum {
  /** Shares paid out to clients in its settlement. */
  readonly paidOut: number;
  /** Those paid out by T+0 on the day itself. */
  readonly sameDay: number;
  /** Shares its expired contracts delivered to and from clients, bought in for them or not. */
  readonly delivered: number;
  readonly short: number;
  /** Shortages of the day before settled by auction or close-out. */
  readonly auctioned: number;
  /** Corporate actions with ex date on the day. */
  readonly actions: number;
  readonly openBreaks: number;
  readonly differences: readonly string[];
}

/** Sums up a loop that has run and is still open. */
export function summarise(loop: DayLoop): LoopSummary {
  const days = loop.dates.map((date) => dayOf(loop, date));
  const { clientMoney = 0, differences = [] } = loop.compared.get('') ?? {};
  const faults = [...days.flatMap((day) => faultsOf(loop, day)), ...differences];
  const findings = new Ledger(loop.night.store.root).verify().findings;
  for (const finding of findings) faults.push(`books: ${finding}`);
  // What only waits for something else comes first: whoever sees but the end of a long list sees the causes.
  faults.sort((a, b) => Number(b.endsWith(WAITS)) - Number(a.endsWith(WAITS)));
  const lines = [HEAD, ...days.map(lineOf), '', `client money at the bank: Rs ${rupees(clientMoney)}, in our books and the bank's`];
  return { days, lines: differences.length === 0 ? lines : lines.slice(0, -2), faults };
}

function dayOf(loop: DayLoop, date: string): LoopDay {
  const { root } = loop.night.store;
  const of = (phase: string, key: string): Outputs => loop.night.runner.states.state(`${date}/${phase}/1`, key).outputs;
  const [prepared, received] = [leg(of('set', 'SET-PAYIN-PREP@CM')), leg(of('set', 'SET-PAYOUT-RECV@CM'))];
  const delivered = expiriesOf(of('eod', 'EOD-MTM-EOD@FO')).flatMap(({ delivered: contracts }) => contracts);
  return {
    ...daySum(loop.night, date),
    paidOut: numeric(received['credited']),
    sameDay: numeric(leg(of('set', 'SET-PAYOUT-RECV@T0'))['credited']),
    delivered: delivered.reduce((sum, { units }) => sum + Math.abs(units), 0),
    short: numeric(received['short']),
    auctioned: numeric(prepared['auctioned']),
    actions: numeric(leg(of('bod', 'BOD-EX-CONTRACT_CM@CM'), 'corporate-actions')['rows']),
    openBreaks: new BreakStore(root).of(date).filter(({ state }) => state === 'open').length,
    differences: loop.compared.get(date)?.differences ?? [],
  };
}

const numeric = (value: unknown): number => (typeof value === 'number' ? value : 0);
const leg = (outputs: Outputs, name = 'securities'): Outputs => (outputs[name] ?? {}) as Outputs;

const WAITS = ': waiting';
const COLUMNS = ['phases', 'tie-outs', 'open', 'notes', 'paid out', 'T+0', 'delivered', 'short', 'auctions', 'actions', 'bank'];
const WIDTHS = [26, 9, 5, 6, 9, 5, 10, 7, 9, 8, 8];
const inColumns = (first: string, cells: readonly string[]): string =>
  first.padEnd(12) + cells.map((cell, at) => (at === 0 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0))).join('');
const HEAD = inColumns('', COLUMNS);

function lineOf({ date, phases, tieOuts, open, notes, differences, ...day }: LoopDay): string {
  const states = phases.every(({ health }) => health === 'green')
    ? `${phases.map(({ phase }) => phase).join(' ')} green`
    : phases.map(({ phase, health }) => `${phase} ${health}`).join(' ');
  const figures = [tieOuts, open.length, notes, day.paidOut, day.sameDay, day.delivered, day.short, day.auctioned, day.actions].map((figure) =>
    figure.toLocaleString('en-IN'),
  );
  return inColumns(date, [states, ...figures, differences.length === 0 ? 'equal' : 'DIFFERS']);
}

function faultsOf(loop: DayLoop, { date, phases, openBreaks, differences }: LoopDay): string[] {
  const faults = loop.view(date).runs.flatMap(({ instances }) =>
    instances
      .filter(({ status }) => status !== 'done' && status !== 'skipped')
      .map(({ key, status, error, openGates }) => {
        const gates = openGates.map(({ name, left, right }) => `${name}: ${left} against ${right}`).join('; ');
        return `${date} ${key}: ${status} ${error}${gates}`.trim();
      }),
  );
  for (const { phase, health } of phases) if (health === 'none') faults.push(`${date}: ${phase} was never opened`);
  if (openBreaks > 0) faults.push(`${date}: ${openBreaks} open breaks`);
  return [...faults, ...differences.map((words) => `${date}: ${words}`)];
}
