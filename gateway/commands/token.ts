// `tarazu token`: a bearer token signed with the gateway's own key, on the gateway's own machine. Prints the token and nothing else.
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { issueToken } from '../http/auth/issue-token.ts';
import { keyPath } from '../http/auth/key-file.ts';
import { ROLES, type Role } from '../http/auth/principal.ts';

/** What --help prints. */
export const USAGE: string = `usage: tarazu token --role ${Object.keys(ROLES).join('|')} [--accounts C1,C2] [--subject NAME] [--desk NAME] [--scopes S1,S2] [--minutes 60] [--out FILE] [--config tarazu.json]\n`;
const MINUTES_MAX = 60 * 24 * 31;
const ACCOUNT = /^[\x21-\x2b\x2d-\x7e]{1,16}$/;

/** Exit code 0 when a token was printed, or written to --out (mode 0600). */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'tarazu.json' },
      role: { type: 'string' },
      accounts: { type: 'string' },
      subject: { type: 'string' },
      desk: { type: 'string' },
      scopes: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      out: { type: 'string' },
    },
  });
  const { role } = values;
  const minutes = Number(values.minutes);
  const accounts = values.accounts?.split(',');
  if (role === undefined || !Object.hasOwn(ROLES, role) || !Number.isInteger(minutes) || minutes < 1 || minutes > MINUTES_MAX) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (role === 'trader' && accounts === undefined) throw new Error('a trader token names the accounts it sees: --accounts C1,C2');
  const odd = accounts?.find((account) => !ACCOUNT.test(account));
  if (odd !== undefined) throw new Error(`"${odd}" is no account name: 1 to 16 printable characters without spaces`);
  const config = readConfig(values.config);
  const { issuer, audience } = config.http.auth;
  const subject = values.subject ?? `${userInfo().username}.${role}`;
  const request = { subject, role: role as Role, accounts, desk: values.desk, scopes: values.scopes?.split(','), minutes, issuer, audience };
  const token = await issueToken(keyPath(config.dataDirectory), request, Date.now());
  if (values.out === undefined) process.stdout.write(`${token}\n`);
  else writeFileSync(values.out, `${token}\n`, { mode: 0o600 });
  return 0;
}
