// `tarazu-batch breaks --date D [--data DIR] [--segment CM] [--all] [--json]`: the work list of trade breaks; `breaks assign ID --to NAME`, `breaks close ID --why TEXT`,
// `breaks approve ID`: who looks after one, and closing it by two persons, each known by a token (--token or TARAZU_TOKEN), not by a name they give. `breaks move ID
// [--to ACCOUNT]`: a trade under the wrong client, whose closing two persons agreed on, goes to the exchange's client or to ACCOUNT (the firm's ERROR account).
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nightDirectory } from '../night/night.ts';
import { People } from '../night/people.ts';
import { systemMicros } from '../night/with-night.ts';
import { moveTrade } from '../nodes/engine/trade-transfer.ts';
import { BreakStore, type StoredBreak } from '../recon/break-store.ts';
import { TRADE_BREAKS, type TradeSide } from '../recon/trade-break.ts';
import { NightStore } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

const OPTIONS = {
  data: { type: 'string', default: 'data' },
  date: { type: 'string' },
  segment: { type: 'string' },
  to: { type: 'string' },
  token: { type: 'string' },
  why: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;
const MICROS_PER_MINUTE = 60_000_000;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
type Act = (breaks: BreakStore, date: string, id: string, values: Values) => StoredBreak;

/** The person whose token it is. Throws when there is none, or it may not act. */
function personOf({ data, token = process.env['TARAZU_TOKEN'] }: Values): string {
  if (token === undefined)
    throw new Error('closing a break is two persons’ act: give --token or TARAZU_TOKEN (tarazu-batch person add NAME makes one)');
  const person = new People(nightDirectory(data)).personOf(token);
  if (person?.may !== 'act') throw new Error('this token is nobody’s who may act');
  return person.name;
}

const ACTS: Readonly<Record<string, { readonly needs: readonly (keyof Values)[]; readonly act: Act }>> = {
  assign: { needs: ['to'], act: (breaks, date, id, { to = '' }) => breaks.assign(date, id, to) },
  close: { needs: ['why'], act: (breaks, date, id, values) => breaks.propose(date, id, personOf(values), values.why ?? '') },
  approve: { needs: [], act: (breaks, date, id, values) => breaks.approve(date, id, personOf(values)) },
};

/** Moves the trade of a closed break of class client in the engine; what was done, in words. */
async function move(breaks: BreakStore, date: string, id: string, values: Values): Promise<string> {
  personOf(values);
  const one = breaks.of(date, values.segment).find((each) => each.id === id);
  if (one === undefined) throw new RangeError(`${date} has no break ${id}`);
  const { class: kind, list, state, ours, theirs, tradeId, side, reason } = one;
  if (kind !== 'client' || list !== 'engine' || ours === undefined || theirs === undefined)
    throw new RangeError(`${id}: only a trade that stands under another client in the engine can be moved`);
  if (state !== 'closed') throw new RangeError(`${id} is ${state}: two persons close it first (breaks close, breaks approve)`);
  const to = values.to ?? theirs.client;
  await moveTrade(values.data, { date, tradeId, side, from: ours.client, to, reason });
  return `${tradeId} ${side} has moved from ${ours.client} to ${to}`;
}

/** Lists, or does one act; exit code 3 while a break is open. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [word, id] = positionals;
  const act = word === undefined ? undefined : ACTS[word];
  const moves = word === 'move';
  const missing = ['date' as const, ...(act?.needs ?? [])].filter((option) => values[option] === undefined);
  if (missing.length > 0 || (word !== undefined && ((act === undefined && !moves) || id === undefined))) {
    process.stderr.write(
      `tarazu-batch breaks: [assign|close|approve|move ID] and ${['date', ...(act?.needs ?? [])].map((name) => `--${name}`).join(', ')} are needed\n`,
    );
    return 2;
  }
  const date = dayOption(values.date ?? '');
  const store = new NightStore(join(nightDirectory(values.data), 'state'), { readOnly: act === undefined });
  try {
    const breaks = new BreakStore(store.root);
    if (act !== undefined) {
      const { state, assigned, reason } = act.act(breaks, date, id ?? '', values);
      process.stdout.write(`${id} is ${state}${assigned === '' ? '' : `, ${assigned}'s`}${reason === '' ? '' : `: ${reason}`}\n`);
      return 0;
    }
    if (moves) {
      process.stdout.write(`${await move(breaks, date, id ?? '', values)}\n`);
      return 0;
    }
    return list(breaks.of(date, values.segment), values);
  } finally {
    await store.close();
  }
}

function list(found: readonly StoredBreak[], { all, json }: Values): number {
  const shown = all ? found : found.filter(({ state }) => state === 'open' || state === 'proposed');
  process.stdout.write(json ? `${JSON.stringify(shown)}\n` : shown.map(lineOf).join('') || 'no open break\n');
  return found.some(({ state }) => state === 'open' || state === 'proposed') ? 3 : 0;
}

function lineOf({ id, segment, class: kind, owner, assigned, state, raisedAt, ours, theirs, reason, proposedBy }: StoredBreak): string {
  const age = Math.max(0, Math.floor((systemMicros() - raisedAt) / MICROS_PER_MINUTE));
  const side = (trade: TradeSide | undefined): string =>
    trade === undefined ? 'nothing' : `${trade.client} ${trade.side} ${trade.quantity} of ${trade.token} at ${trade.price / 10_000}`;
  const closing = state === 'proposed' ? `\n    ${proposedBy} proposes to close it: ${reason}` : '';
  return `${segment} ${id}  ${state}, ${assigned === '' ? owner : assigned}, ${age} min\n    ${TRADE_BREAKS[kind].meaning}: ours ${side(ours)}; theirs ${side(theirs)}${closing}\n`;
}
