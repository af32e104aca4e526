// `tarazu-batch breaks --date D [--data DIR] [--segment CM] [--all] [--json]`: the work list of trade breaks; `breaks assign ID --to NAME`, `breaks
// close ID --why TEXT`: it is left as it is; `breaks correct ID --why TEXT [--to ACCOUNT] [--product CNC|MIS]`: the trade is put right in the engine;
// `breaks approve ID`, `breaks withdraw ID`, `breaks send ID`: again, what was agreed and not yet taken. Two persons, each known by a token (--token
// or TARAZU_TOKEN), not by a name they give.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BreakDesk, breakAct } from '../night/break-desk.ts';
import { nightDirectory } from '../night/night.ts';
import { actFaults } from '../night/night-acts.ts';
import { People } from '../night/people.ts';
import { clientOf, systemMicros } from '../night/with-night.ts';
import { BreakStore, isUnfinished, type StoredBreak } from '../recon/break-store.ts';
import { TRADE_BREAKS, type TradeCorrection, type TradeSide } from '../recon/trade-break.ts';
import { NightStore } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

const OPTIONS = {
  data: { type: 'string', default: 'data' },
  date: { type: 'string' },
  segment: { type: 'string' },
  to: { type: 'string' },
  product: { type: 'string' },
  token: { type: 'string' },
  why: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;
const MICROS_PER_MINUTE = 60_000_000;
const TICKS_PER_RUPEE = 10_000;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
/** Acts by word: options each needs, and what it takes from them. */
const ACTS: Readonly<Record<string, { readonly needs: readonly (keyof Values)[]; readonly fields: (values: Values) => object }>> = {
  assign: { needs: ['to'], fields: ({ to }) => ({ to }) },
  close: { needs: ['why'], fields: ({ why }) => ({ reason: why }) },
  correct: { needs: ['why'], fields: ({ why, to, product }) => ({ reason: why, correction: { ...(to && { to }), ...(product && { product }) } }) },
  approve: { needs: [], fields: () => ({}) },
  withdraw: { needs: [], fields: () => ({}) },
  send: { needs: [], fields: () => ({}) },
};

/** Lists, or does one act; exit code 3 while somebody is still to do something. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [word, id] = positionals;
  const act = word === undefined ? undefined : ACTS[word];
  const missing = ['date' as const, ...(act?.needs ?? [])].filter((option) => values[option] === undefined);
  if (missing.length > 0 || (word !== undefined && (act === undefined || id === undefined))) {
    const needed = ['date', ...(act?.needs ?? [])].map((name) => `--${name}`).join(', ');
    process.stderr.write(`tarazu-batch breaks: [${Object.keys(ACTS).join('|')} ID] and ${needed} are needed\n`);
    return 2;
  }
  const date = dayOption(values.date ?? '');
  if (act === undefined) return list(values, date);
  const said = await actOn(values, { act: word, date, id, ...act.fields(values) });
  process.stdout.write(values.json ? `${JSON.stringify({ said })}\n` : `${said}\n`);
  return 0;
}

/** By the process that serves the night, else here. */
async function actOn(values: Values, act: object): Promise<string> {
  const { data, token } = values;
  const client = await clientOf({ data, token });
  if (client !== undefined) return client.actOnBreak(act);
  const parsed = breakAct.safeParse({ ...act, by: personOf(values) });
  if (!parsed.success) throw new Error(actFaults(parsed.error));
  const store = new NightStore(join(nightDirectory(data), 'state'));
  try {
    return await new BreakDesk(store.root, data).act(parsed.data);
  } finally {
    await store.close();
  }
}

/** The person whose token it is. Throws when there is none, or it may not act. */
function personOf({ data, token = process.env['TARAZU_TOKEN'] }: Values): string {
  if (token === undefined) throw new Error('this is a person’s act: give --token or TARAZU_TOKEN (tarazu-batch person add NAME makes one)');
  const person = new People(nightDirectory(data)).personOf(token);
  if (person?.may !== 'act') throw new Error('this token is nobody’s who may act');
  return person.name;
}

async function list({ data, segment, all, json }: Values, date: string): Promise<number> {
  const store = new NightStore(join(nightDirectory(data), 'state'), { readOnly: true });
  try {
    const found = new BreakStore(store.root).of(date, segment);
    const shown = all ? found : found.filter(isUnfinished);
    process.stdout.write(json ? `${JSON.stringify(shown)}\n` : shown.map(lineOf).join('') || 'no open break\n');
    return found.some(isUnfinished) ? 3 : 0;
  } finally {
    await store.close();
  }
}

function lineOf(one: StoredBreak): string {
  const { id, segment, class: kind, owner, assigned, state, raisedAt, ours, theirs } = one;
  const age = Math.max(0, Math.floor((systemMicros() - raisedAt) / MICROS_PER_MINUTE));
  const side = (trade: TradeSide | undefined): string =>
    trade === undefined ? 'nothing' : `${trade.client} ${trade.side} ${trade.quantity} of ${trade.token} at ${trade.price / TICKS_PER_RUPEE}`;
  const head = `${segment} ${id}  ${state}, ${assigned === '' ? owner : assigned}, ${age} min`;
  return `${head}\n    ${TRADE_BREAKS[kind].meaning}: ours ${side(ours)}; theirs ${side(theirs)}${proposalOf(one)}\n`;
}

function proposalOf({ state, proposedBy, approvedBy, reason, correction }: StoredBreak): string {
  if (state === 'open' || proposedBy === '') return '';
  const what = correction === undefined ? 'leave it as it is' : `correct it${wordsOf(correction)}`;
  return `\n    ${proposedBy} proposes to ${what}: ${reason}${approvedBy === '' ? '' : ` (approved by ${approvedBy})`}`;
}

const wordsOf = ({ to, product }: TradeCorrection): string =>
  `${to === undefined ? '' : `, to ${to}`}${product === undefined ? '' : `, as ${product}`}`;
