// The demo's tokens, one per role, where only their owner reads them: as a header file for curl (-H @FILE), and as a page that opens the console with the
// token in the link's fragment, which never leaves the browser.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeDirectory } from '../../workers/index.ts';
import { issueToken } from '../http/auth/issue-token.ts';
import { keyPath } from '../http/auth/key-file.ts';
import { ROLES, type Role } from '../http/auth/principal.ts';

const MINUTES = 12 * 60;
/** Accounts of the demo's trader; a generated day has them. */
const TRADER_ACCOUNTS: readonly string[] = ['C000001', 'C000002', 'C000003'];

/** Where the demo's tokens lie. */
export interface DemoTokens {
  /** Header file of a role, for curl -H @FILE. */
  headerFile(role: Role): string;
  /** file: URL of the page that opens the console as a role. */
  consolePage(role: Role): string;
}

/** Writes header file and page of every role below `folder` for the gateway that listens on `port`; earlier ones are replaced. */
export async function writeDemoTokens(folder: string, port: number): Promise<DemoTokens> {
  const directory = join(folder, 'tokens');
  rmSync(directory, { recursive: true, force: true });
  makeDirectory(directory);
  const fileOf = (role: Role, kind: string): string => join(directory, `${role}.${kind}`);
  for (const role of Object.keys(ROLES) as Role[]) {
    const accounts = role === 'trader' ? TRADER_ACCOUNTS : undefined;
    const request = { subject: `demo-${role}`, role, accounts, minutes: MINUTES, issuer: 'tarazu', audience: 'tarazu-api' };
    const token = await issueToken(keyPath(join(folder, 'data')), request, Date.now());
    writeFileSync(fileOf(role, 'header'), `Authorization: Bearer ${token}\n`, { mode: 0o600 });
    writeFileSync(fileOf(role, 'html'), pageOf(`http://127.0.0.1:${port}/#token=${token}`), { mode: 0o600 });
  }
  return {
    headerFile: (role) => fileOf(role, 'header'),
    consolePage: (role) => pathToFileURL(fileOf(role, 'html')).href,
  };
}

function pageOf(link: string): string {
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${link}"><title>tarazu</title>\n`;
}
