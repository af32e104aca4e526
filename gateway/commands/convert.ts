// `tarazu convert`: units of a client's cash position from intraday to delivery or back, through the running gateway.
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';
import { type Standing, standingText } from './standing.ts';

/** What --help prints. */
export const USAGE =
  'usage: tarazu convert --account ID --symbol SYMBOL --from MIS|CNC|MTF --to CNC|MIS|MTF --quantity N [--exchange NSE|BSE] [--token-file FILE] [--config tarazu.json]\n';

/** Exit code 0 when the units changed product. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      account: { type: 'string' },
      exchange: { type: 'string', default: 'NSE' },
      symbol: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      quantity: { type: 'string' },
      'token-file': { type: 'string' },
    },
  });
  const { account, exchange, symbol, from, to } = values;
  const quantity = Number(values.quantity);
  if (account === undefined || symbol === undefined || from === undefined || to === undefined || !Number.isInteger(quantity)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const body = { exchange, symbol, from, to, quantity };
  const path = `/v1/clients/${encodeURIComponent(account)}/positions/convert`;
  const after = (await askGateway(values.config, path, body, { tokenFile: values['token-file'] })) as Standing;
  process.stdout.write(`${account}: ${quantity} ${symbol} are ${to} now; ${standingText(after)}\n`);
  return 0;
}
