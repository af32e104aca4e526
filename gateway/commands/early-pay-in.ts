// `tarazu early-pay-in`: units or money that the clearing corporation has booked of a client ahead of the pay-in, or has taken back, told to the
// running gateway.
import { parseArgs } from 'node:util';
import { rupees } from './check-figures.ts';
import { askGateway } from './gateway-client.ts';
import { type Standing, standingText } from './standing.ts';

/** What --help prints. */
export const USAGE =
  'usage: tarazu early-pay-in --account ID (--symbol SYMBOL --quantity N [--exchange NSE|BSE] | --funds RUPEES) --reference TEXT [--undo] [--token-file FILE] [--config tarazu.json]\n';

/** Exit code 0 when it was booked; --undo takes back what was booked before. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      account: { type: 'string' },
      exchange: { type: 'string', default: 'NSE' },
      symbol: { type: 'string' },
      quantity: { type: 'string' },
      funds: { type: 'string' },
      reference: { type: 'string' },
      undo: { type: 'boolean', default: false },
      'token-file': { type: 'string' },
    },
  });
  const { account, exchange, symbol, reference, undo } = values;
  const units = /^[1-9]\d{0,8}$/.test(values.quantity ?? '') ? Number(values.quantity) : undefined;
  const paise = /^\d{1,11}(\.\d{1,2})?$/.test(values.funds ?? '') ? Math.round(Number(values.funds) * 100) : undefined;
  const isFunds = values.funds !== undefined;
  const isWhole = isFunds
    ? paise !== undefined && symbol === undefined && values.quantity === undefined
    : symbol !== undefined && units !== undefined;
  if (account === undefined || reference === undefined || !isWhole) {
    process.stderr.write(USAGE);
    return 2;
  }
  const sign = undo ? -1 : 1;
  const what = isFunds ? { way: 'FUNDS', amount_paise: sign * (paise ?? 0) } : { way: 'SECURITIES', exchange, symbol, quantity: sign * (units ?? 0) };
  const path = `/v1/clients/${encodeURIComponent(account)}/early-pay-ins`;
  const after = (await askGateway(values.config, path, { ...what, reference }, { tokenFile: values['token-file'] })) as Standing;
  const told = isFunds ? rupees(paise ?? 0) : `${units} ${symbol}`;
  process.stdout.write(`${account}: ${told} ${undo ? 'taken back' : 'booked early'}; ${standingText(after)}\n`);
  return 0;
}
