// The night's part of the command table: running it, looking at it, acting on it.

/** One command, loaded only when asked for. */
interface NightCommand {
  readonly summary: string;
  readonly load: () => Promise<{ run(args: readonly string[]): Promise<number> }>;
}

/** A command that shares its module with others; its own word comes first. */
const word = (name: string, load: NightCommand['load']): NightCommand['load'] => {
  return async () => {
    const module = await load();
    return { run: (args) => module.run([name, ...args]) };
  };
};
const act = (name: string): NightCommand['load'] => word(name, () => import('./act.ts'));
const paper = (name: string): NightCommand['load'] => word(name, () => import('./audit.ts'));

/** Commands by name. */
export const NIGHT_COMMANDS: Readonly<Record<string, NightCommand>> = {
  run: { summary: 'run bod|th|eod|set --date D [--watch]: run what is ready of a phase', load: () => import('./run.ts') },
  serve: { summary: 'hold the night open for clock, console and commands: serve [--port P]', load: () => import('./serve.ts') },
  status: { summary: 'grid of a date against its clocks, and what needs someone: status --date D', load: () => import('./status.ts') },
  graph: { summary: 'graph of a phase with states: graph eod --date D [--svg]', load: () => import('./graph.ts') },
  explain: { summary: 'a node: plan, readings, attempts, calls: explain NODE --date D', load: () => import('./explain.ts') },
  retry: { summary: 'try a failed node again now: retry NODE --run R --by NAME --why TEXT', load: act('retry') },
  clear: { summary: 'run again: clear NODE --run R --scope one|below|failed --by NAME --why TEXT', load: act('clear') },
  hold: { summary: 'keep a node from starting: hold NODE --run R --by NAME --why TEXT', load: act('hold') },
  release: { summary: 'let a held node go', load: act('release') },
  start: { summary: 'propose that a node which needs two persons starts', load: act('start') },
  skip: { summary: 'propose to go on without a node: skip NODE --run R --by NAME --why TEXT', load: act('skip') },
  resolve: { summary: 'propose that a node is done by other means: resolve NODE … --set NAME=VALUE', load: act('resolve') },
  fail: { summary: 'propose that a call in doubt was refused', load: act('fail') },
  again: { summary: 'propose that a call in doubt never arrived and is sent again', load: act('again') },
  'explain-gate': { summary: 'propose to accept two sums that differ, with the reason', load: act('explain-gate') },
  approve: { summary: 'approve what another person proposed: approve NODE --run R --by NAME', load: act('approve') },
  withdraw: { summary: 'take a proposal back', load: act('withdraw') },
  assign: { summary: 'name who looks after a node: assign NODE --run R --by NAME --owner NAME', load: act('assign') },
  correct: { summary: 'open a correction run: correct PHASE --date D --roles A,B --by NAME --why TEXT', load: act('correct') },
  backfill: { summary: 'dates not yet green, and running them: backfill PHASE --from D --to D [--go]', load: paper('backfill') },
  diff: { summary: 'what differs between two runs: diff RUN RUN', load: paper('diff') },
  breaks: { summary: 'trade breaks: breaks --date D, breaks assign|close|correct|approve|withdraw|send ID', load: () => import('./breaks.ts') },
  units: { summary: 'units of securities between runs: units early-pay-in|early-pay-ins|pool', load: () => import('./units.ts') },
  audit: { summary: 'audit pack of a run: audit --run R', load: paper('audit') },
  'demo-day': {
    summary: 'lives days in a row at speed, trading and night: demo-day [--days 1] [--first D] [--data DIR]',
    load: () => import('./demo-day.ts'),
  },
  sandbox: {
    summary: 'play exchange, clearing corporation, depository, bank and mail on loopback: sandbox --day DIR',
    load: () => import('./sandbox.ts'),
  },
  person: { summary: 'tokens of people: person add NAME [--may read|act] | remove NAME | list', load: () => import('./person.ts') },
};
