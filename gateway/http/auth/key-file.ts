// The gateway's own signing key: an ES256 pair as JWK in a file only its owner can read. Made by the gateway at its first start; `tarazu token` reads
// it, and never makes one: a token signed by a key no gateway has would only look right.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { makeDirectory } from '../../../workers/index.ts';

/** Algorithm of the gateway's own key. */
export const OWN_ALGORITHM = 'ES256';

/** Path of the key file in a data directory. */
export const keyPath = (dataDirectory: string): string => join(dataDirectory, 'auth-key.json');

/** Makes the key file (mode 0600) when there is none. */
export async function ensureKey(file: string): Promise<void> {
  if (existsSync(file)) return;
  const { privateKey } = await generateKeyPair(OWN_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  makeDirectory(dirname(file));
  writeFileSync(file, `${JSON.stringify({ ...jwk, kid, alg: OWN_ALGORITHM, use: 'sig' })}\n`, { mode: 0o600, flag: 'wx' });
}

/** The private key in `file`. Throws when it cannot be read, is no key, or others may read it too. */
export function readKey(file: string): JWK {
  requirePrivate(file, 'key');
  let jwk: JWK;
  try {
    jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch {
    throw new Error(`${file}: not a JSON Web Key`);
  }
  if (typeof jwk !== 'object' || jwk === null || typeof jwk.d !== 'string' || typeof jwk.kid !== 'string')
    throw new Error(`${file}: not a private JSON Web Key with a kid`);
  return jwk;
}

/** Its public half, as a verifier needs it. */
export function publicHalf(key: JWK): JWK {
  const { kty, crv, x, y, kid, alg, use } = key;
  return Object.fromEntries(Object.entries({ kty, crv, x, y, kid, alg, use }).filter(([, value]) => value !== undefined)) as JWK;
}

/** Throws when `file` cannot be read, or can be by others; `what` is what errors call it. */
export function requirePrivate(file: string, what: string): void {
  let mode: number;
  try {
    ({ mode } = statSync(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(`${file}: no ${what} can be read (${code}): the gateway makes it in its data directory when it first starts`);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${file}: others may read this ${what} (mode ${(mode & 0o777).toString(8)}); chmod 600 it`);
}
