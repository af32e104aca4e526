// `tarazu close-day`: expires what is open and closes the business day of a running gateway.
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = 'usage: tarazu close-day [--config tarazu.json]\n';

/** Exit code 0 when every slot has closed the day. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', default: 'tarazu.json' } } });
  const answer = (await askGateway(values.config, '/v1/day/close', {})) as { readonly closed: number };
  process.stdout.write(`business day ${answer.closed} is closed\n`);
  return 0;
}
