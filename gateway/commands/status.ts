// `tarazu status`: what a running gateway says of itself.
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu status [--config tarazu.json] [--json]\n';

interface Status {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly business_date: number;
  readonly firm_killed: boolean;
  readonly segments_held: readonly { readonly segment: string; readonly state: string }[];
  readonly accounts: number;
  readonly parameters: { readonly hash: string; readonly label: string };
  readonly shards: { readonly count: number; readonly folded: number; readonly checkpoint_lag: number };
  readonly sessions: readonly { readonly name: string; readonly logged_on: boolean; readonly next_inbound: number; readonly next_outbound: number }[];
}

/** Accounts whose switch is engaged. */
interface Switches {
  readonly accounts: readonly { readonly account: string; readonly state: string }[];
}

/** Prints the status; exit code 1 when the gateway is not ready to judge orders. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', default: 'tarazu.json' }, json: { type: 'boolean' } } });
  const status = (await askGateway(values.config, '/v1/status')) as Status;
  if (values.json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
  else process.stdout.write(statusText(status, (await askGateway(values.config, '/v1/kill-switches')) as Switches));
  return status.ready ? 0 : 1;
}

function statusText(status: Status, { accounts }: Switches): string {
  const { shards, parameters } = status;
  const killed = accounts.length === 0 ? '' : `, accounts ${accounts.map(({ account, state }) => `${account} ${state}`).join(', ')}`;
  const lines = [
    status.ready ? `ready, business day ${status.business_date}` : `not ready: ${status.missing.join(', ')} missing`,
    `kill switch  ${status.firm_killed ? 'FIRM KILLED' : 'firm released'}${killed}`,
    ...status.segments_held.map(({ segment, state }) => `segment      ${segment} ${state}`),
    `accounts     ${status.accounts}`,
    `parameters   ${parameters.label} ${parameters.hash.slice(0, 12)}`,
    `shards       ${shards.count}, ${shards.folded} commands folded, ${shards.checkpoint_lag} since the checkpoint`,
    ...status.sessions.map(
      ({ name, logged_on, next_inbound, next_outbound }) =>
        `session      ${name} ${logged_on ? 'up' : 'down'}, next in ${next_inbound}, next out ${next_outbound}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
