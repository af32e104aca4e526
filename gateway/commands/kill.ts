// `tarazu kill`: engages or releases the kill switch of the firm or of one account, through the running gateway, which journals it.
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';

const USAGE = 'usage: tarazu kill (--firm | --account ID) --reason TEXT [--release] [--config tarazu.json]\n';

/** Exit code 0 when the switch is set in every slot it concerns. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      firm: { type: 'boolean' },
      account: { type: 'string' },
      reason: { type: 'string' },
      release: { type: 'boolean' },
    },
  });
  if ((values.firm === true) === (values.account !== undefined) || values.reason === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const action = values.release === true ? 'release' : 'engage';
  const scope = values.account === undefined ? { scope: 'FIRM' } : { scope: 'ACCOUNT', account: values.account };
  await askGateway(values.config, '/v1/kill-switch', { action, ...scope, reason: values.reason, by: userInfo().username });
  process.stdout.write(`kill switch ${action}d: ${values.account ?? 'the whole firm'}\n`);
  return 0;
}
