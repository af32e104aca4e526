// `tarazu status`: what a running gateway says of itself.
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';

interface Status {
  readonly ready: boolean;
  readonly missing: readonly string[];
  readonly business_date: number;
  readonly firm_killed: boolean;
  readonly accounts: number;
  readonly parameters: { readonly hash: string; readonly label: string };
  readonly shards: { readonly count: number; readonly folded: number; readonly checkpoint_lag: number };
  readonly sessions: readonly { readonly name: string; readonly logged_on: boolean; readonly next_inbound: number; readonly next_outbound: number }[];
}

/** Prints the status; exit code 1 when the gateway is not ready to judge orders. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', default: 'tarazu.json' }, json: { type: 'boolean' } } });
  const status = (await askGateway(values.config, '/v1/status')) as Status;
  if (values.json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
  else process.stdout.write(statusText(status));
  return status.ready ? 0 : 1;
}

function statusText(status: Status): string {
  const { shards, parameters } = status;
  const lines = [
    status.ready ? `ready, business day ${status.business_date}` : `not ready: ${status.missing.join(', ')} missing`,
    `kill switch  ${status.firm_killed ? 'FIRM KILLED' : 'released'}`,
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
