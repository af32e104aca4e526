// `tarazu kill`: engages the kill switch of the firm or of one account through the running gateway, which journals it. A release takes two persons: one
// asks for it, another approves it with a token of his own.
import { parseArgs } from 'node:util';
import { askGateway } from './gateway-client.ts';

/** What --help prints. */
export const USAGE = `usage: tarazu kill (--firm | --account ID) --reason TEXT [--release] [--token-file FILE] [--config tarazu.json]
       tarazu kill --approve RELEASE_ID --token-file FILE [--config tarazu.json]
`;

interface Target {
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account?: string;
}

/** Exit code 0 when the switch is set in every slot it concerns, or the release waits for the second person. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      firm: { type: 'boolean' },
      account: { type: 'string' },
      reason: { type: 'string' },
      release: { type: 'boolean' },
      approve: { type: 'string' },
      'token-file': { type: 'string' },
    },
  });
  const as = { tokenFile: values['token-file'] };
  if (values.approve !== undefined) {
    const done = (await askGateway(values.config, `/v1/kill-switches/release/${encodeURIComponent(values.approve)}/approve`, {}, as)) as {
      readonly account: string | null;
      readonly by: string;
    };
    process.stdout.write(`kill switch released: ${done.account ?? 'the whole firm'}, by ${done.by}\n`);
    return 0;
  }
  if ((values.firm === true) === (values.account !== undefined) || values.reason === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const target: Target = values.account === undefined ? { scope: 'FIRM' } : { scope: 'ACCOUNT', account: values.account };
  const body = { ...target, reason: values.reason };
  if (values.release === true) {
    const { id } = (await askGateway(values.config, '/v1/kill-switches/release', body, as)) as { readonly id: string };
    process.stdout.write(`release asked for: another person approves it within ten minutes by\n  tarazu kill --approve ${id} --token-file FILE\n`);
    return 0;
  }
  await askGateway(values.config, '/v1/kill-switches', body, as);
  process.stdout.write(`kill switch engaged: ${values.account ?? 'the whole firm'}\n`);
  return 0;
}
