// The bearer token that mutating routes need: read from a file only its owner can read, compared in constant time. Without a file configured, one
// is made in the data directory at first start.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Authorize, HttpError } from './router.ts';

const TOKEN_LENGTH_MIN = 24;

/** Token in `file`; creates it (mode 0600) when absent. Throws when others may read it or it is too short to be a secret. */
export function readToken(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const { mode } = statSync(file);
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
