// `tarazu square-off`: who is due, a plan made of it, and how it goes; the dealer's basket when no order system is there.
import { parseArgs } from 'node:util';
import type { DueAnswer, PlanAnswer } from '../risk/square-off-answer.ts';
import { askGateway, askGatewayText } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu square-off [--config tarazu.json]
       tarazu square-off --plan --reason TEXT [--accounts C1,C2] [--causes productTime,marginShortfall,lossLimit,killed,unpledged,fundedLoss] [--token-file FILE]
       tarazu square-off --show ID | --approve ID | --halt ID | --basket ID [--token-file FILE]
`;

/** Exit code 0 when it was done. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      plan: { type: 'boolean', default: false },
      reason: { type: 'string' },
      accounts: { type: 'string' },
      causes: { type: 'string' },
      show: { type: 'string' },
      approve: { type: 'string' },
      halt: { type: 'string' },
      basket: { type: 'string' },
      'token-file': { type: 'string' },
    },
  });
  const as = { tokenFile: values['token-file'] };
  const ask = (path: string, body?: object): Promise<unknown> => askGateway(values.config, `/v1/square-off${path}`, body, as);
  const id = values.show ?? values.approve ?? values.halt ?? values.basket;
  if (values.basket !== undefined)
    return print(await askGatewayText(values.config, `/v1/square-off/plans/${encodeURIComponent(values.basket)}/basket`, as));
  if (id !== undefined) {
    const path = `/plans/${encodeURIComponent(id)}`;
    const done = values.show === undefined ? ask(`${path}/${values.approve === undefined ? 'halt' : 'approve'}`, {}) : ask(path);
    return print(planText((await done) as PlanAnswer));
  }
  if (!values.plan) return print(dueText(((await ask('/due')) as { readonly clients: readonly DueAnswer[] }).clients));
  if (values.reason === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const list = (text: string | undefined, name: string): object => (text === undefined ? {} : { [name]: text.split(',') });
  const body = { reason: values.reason, ...list(values.accounts, 'accounts'), ...list(values.causes, 'causes') };
  return print(planText((await ask('/plans', body)) as PlanAnswer));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

const rupees = (paise: number): string => (paise / 100).toLocaleString('en-IN', { minimumFractionDigits: 2 });
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function why({ cause, value, limit }: DueAnswer['reasons'][number]): string {
  if (cause === 'productTime') return `intraday since ${clock(limit)}`;
  if (cause === 'killed') return 'killed or frozen';
  if (cause === 'unpledged') return `${value} of ${limit} funded units (MTF) not pledged in time`;
  if (cause === 'fundedLoss') return `funded shares (MTF) lost Rs ${rupees(value)}, Rs ${rupees(limit)} may be`;
  return cause === 'lossLimit' ? `loss Rs ${rupees(value)} of Rs ${rupees(limit)}` : `needs Rs ${rupees(value - limit)}`;
}

function dueText(clients: readonly DueAnswer[]): string {
  if (clients.length === 0) return 'nobody is due\n';
  const lines = clients.flatMap(({ account, reasons, orders, positions }) => [
    `${account}  ${reasons.map(why).join('; ')}`,
    ...(orders.length === 0 ? [] : [`  cancel ${orders.join(' ')}`]),
    ...positions.map(
      ({ side, units, symbol, token, mark, unpriced }) =>
        `  ${side.toLowerCase()} ${units} ${symbol === '' ? `#${token}` : symbol} at ${unpriced === '' ? mark : unpriced}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

function planText({ id, state, worth_paise, clients }: PlanAnswer): string {
  const lines = clients.flatMap(({ account, phase, note, cancels, exits }) => [
    `  ${account}  ${phase}${note === '' ? '' : `: ${note}`}${cancels.length === 0 ? '' : `, ${cancels.length} cancels`}`,
    ...exits.map(
      ({ side, units, left, symbol, token, state: leg, note: legNote }) =>
        `    ${side.toLowerCase()} ${units} ${symbol === '' ? `#${token}` : symbol}: ${leg}, ${left} left${legNote === '' ? '' : ` (${legNote})`}`,
    ),
  ]);
  const next = state === 'awaitingApproval' ? `\nanother person: tarazu square-off --approve ${id} --token-file FILE` : '';
  const file = state === 'basket' ? `\nno order system: tarazu square-off --basket ${id} > basket.csv` : '';
  return `plan ${id}: ${state}, worth Rs ${rupees(worth_paise)}\n${lines.join('\n')}${next}${file}\n`;
}
