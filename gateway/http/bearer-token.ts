// The bearer token that mutating routes need: read from a file only its owner can read, compared in constant time. The gateway makes the file at
// first start; whoever only talks to a gateway never does.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../workers/index.ts';
import type { Config } from '../config.ts';
import { HttpError } from './http-error.ts';
import type { Authorize } from './router.ts';

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
  let mode: number;
  try {
    ({ mode } = statSync(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`${file}: no token can be read (${code}): the gateway makes it in its data directory when it first starts`);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${file}: others may read this token (mode ${(mode & 0o777).toString(8)}); chmod 600 it`);
  const token = readFileSync(file, 'utf8').trim();
  if (token.length < TOKEN_LENGTH_MIN) throw new Error(`${file}: the token has ${token.length} characters; at least ${TOKEN_LENGTH_MIN} are needed`);
  return token;
}

/** Lets a request pass when it carries `Authorization: Bearer <token>`. */
export function bearer(token: string): Authorize {
  const expected = digest(token);
  return (request) => {
    const header = request.header('authorization');
    const given = header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined;
    if (given === undefined) throw new HttpError(401, 'TZ-TOKEN', 'this route needs Authorization: Bearer TOKEN');
    if (!timingSafeEqual(digest(given), expected)) throw new HttpError(403, 'TZ-TOKEN', 'the token is not the right one');
  };
}

/** Hashing first makes both sides equally long, which timingSafeEqual requires, and hides the length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
