// The admin token of the machine itself: a random word in a file only its owner can read, for the command line beside the gateway. The gateway makes
// the file at first start; whoever only talks to a gateway never does.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../../workers/index.ts';
import type { Config } from '../../config.ts';
import { requirePrivate } from './key-file.ts';
import { type Principal, ROLES } from './principal.ts';

const TOKEN_LENGTH_MIN = 24;

/** Path of the token file: the one configured, else `token` in the data directory. */
export const tokenPath = (config: Pick<Config, 'dataDirectory' | 'http'>): string => config.http.tokenFile ?? join(config.dataDirectory, 'token');

/** Makes the token file (mode 0600) when there is none. For the gateway itself: a client's guess would only hide that it asks the wrong one. */
export function ensureToken(file: string): void {
  if (existsSync(file)) return;
  makeDirectory(dirname(file));
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
}

/** Token in `file`. Throws when it cannot be read, when others may read it too, or when it is too short to be a secret. */
export function readToken(file: string): string {
  requirePrivate(file, 'token');
  const token = readFileSync(file, 'utf8').trim();
  if (token.length < TOKEN_LENGTH_MIN) throw new Error(`${file}: the token has ${token.length} characters; at least ${TOKEN_LENGTH_MIN} are needed`);
  return token;
}

const ADMIN: Principal = { subject: 'admin-token', role: 'admin', scopes: new Set(ROLES.admin), accounts: 'all' };

/** Recognises the admin token in constant time: its principal, or undefined for another word. */
export function adminOf(token: string): (given: string) => Principal | undefined {
  const expected = digest(token);
  return (given) => (timingSafeEqual(digest(given), expected) ? ADMIN : undefined);
}

/** Hashing first makes both sides equally long, which timingSafeEqual requires, and hides the length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
