// The commands by which people act on a run: `tarazu-batch
// retry|hold|release|skip|resolve|fail|again|start|explain-gate|approve|withdraw|assign|clear NODE --run DATE/PHASE/CYCLE --by NAME --why TEXT`, and
// `correct PHASE --date D --roles A,B`. skip, resolve, fail, again, start and explain-gate are proposals that another person approves; both are known
// by their tokens.
import { parseArgs } from 'node:util';
import { actOn, NIGHT_OPTIONS } from '../night/with-night.ts';
import { dayOption } from './day-option.ts';

const OPTIONS = {
  ...NIGHT_OPTIONS,
  run: { type: 'string' },
  why: { type: 'string' },
  owner: { type: 'string' },
  scope: { type: 'string', default: 'one' },
  roles: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;
/** Command words that are proposals, and what they propose. */
const PROPOSALS: Readonly<Record<string, string>> = {
  skip: 'skip',
  resolve: 'resolve',
  fail: 'fail',
  again: 'again',
  start: 'start',
  'explain-gate': 'explain',
};

/** What an act cannot do without, where it is not the node, its run, a name and a reason. */
const NEEDED: Readonly<Record<string, string>> = {
  correct: 'PHASE, --date YYYY-MM-DD, --roles A,B, --by NAME and --why TEXT',
  approve: 'NODE, --run DATE/PHASE/CYCLE and --by NAME',
  assign: 'NODE, --run DATE/PHASE/CYCLE, --by NAME and --owner NAME',
};

/** Runs the act named by the first word. */
export async function run(args: readonly string[]): Promise<number> {
  const [word = '', ...rest] = args;
  const { values, positionals } = parseArgs({ args: rest, options: OPTIONS, allowPositionals: true });
  const [target] = positionals;
  const { run: runId, why: reason, owner, scope, date, roles } = values;
  const given = word === 'correct' ? [date, roles, reason] : [runId, word === 'approve' ? '' : word === 'assign' ? owner : reason];
  if (target === undefined || given.includes(undefined)) {
    process.stderr.write(`tarazu-batch ${word}: ${NEEDED[word] ?? 'NODE, --run DATE/PHASE/CYCLE, --by NAME and --why TEXT'} are needed\n`);
    return 2;
  }
  const day = date === undefined ? undefined : dayOption(date);
  const said = await actOn(values, actNamed(word, { run: runId, key: target, reason, owner, scope, date: day, roles, set: values.set ?? [] }));
  process.stdout.write(values.json ? `${JSON.stringify({ said })}\n` : `${said}\n`);
  return 0;
}

interface Words {
  readonly run: string | undefined;
  readonly key: string;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly scope: string;
  readonly date: string | undefined;
  readonly roles: string | undefined;
  readonly set: readonly string[];
}

function actNamed(word: string, { run: runId, key, reason, owner, scope, date, roles, set }: Words): Parameters<typeof actOn>[1] {
  const on = { run: runId, key };
  const proposal = PROPOSALS[word];
  if (proposal !== undefined) return { act: 'propose', ...on, reason, action: proposal, ...(set.length === 0 ? {} : { outputs: evidence(set) }) };
  switch (word) {
    case 'approve':
      return { act: 'approve', ...on };
    case 'assign':
      return { act: 'assign', ...on, owner };
    case 'clear':
      return { act: 'clear', ...on, reason, scope };
    case 'correct':
      return { act: 'correct', date, phase: key, reason, roles: (roles ?? '').split(',') };
    case 'retry':
    case 'hold':
    case 'release':
    case 'withdraw':
      return { act: word, ...on, reason };
    default:
      throw new Error(`unknown act "${word}"`);
  }
}

/** `--set name=value` pairs. */
function evidence(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Error(`--set ${pair}: must be NAME=VALUE`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
