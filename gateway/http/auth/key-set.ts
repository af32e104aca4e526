// The keys tokens may be signed with: the gateway's own, and those of an identity provider, from a file (read again when it changes) or from a URL on
// the same machine. Only public halves are kept.
import { readFileSync, statSync } from 'node:fs';
import {
  type CryptoKey,
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWK,
  type JWSHeaderParameters,
} from 'jose';

/** Finds the key a token's header names; rejects with JWKSNoMatchingKey when there is none. */
export type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** How often a JWKS file is looked at again, milliseconds. */
const LOOK_AGAIN_MS = 5_000;
const FETCH_TIMEOUT_MS = 2_000;

/** Keys of the gateway and of a provider. `file` or `url` may be undefined. Throws when the file cannot be used. */
export function keySet(own: JWK, file: string | undefined, url: string | undefined): FindKey {
  const sets: FindKey[] = [createLocalJWKSet({ keys: [own] })];
  if (file !== undefined) sets.push(fileKeySet(file));
  if (url !== undefined) sets.push(createRemoteJWKSet(new URL(url), { timeoutDuration: FETCH_TIMEOUT_MS }));
  return async (header, token) => {
    let failure: unknown = new errors.JWKSNoMatchingKey();
    for (const set of sets) {
      try {
        return await set(header, token);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
}

function fileKeySet(file: string): FindKey {
  let changed = 0;
  let looked = 0;
  let set: FindKey = read(file);
  return async (header, token) => {
    const now = Date.now();
    if (now - looked > LOOK_AGAIN_MS) {
      looked = now;
      const { mtimeMs } = statSync(file);
      if (changed !== 0 && mtimeMs !== changed) set = read(file);
      changed = mtimeMs;
    }
    return set(header, token);
  };
}

function read(file: string): FindKey {
  let set: JSONWebKeySet;
  try {
    set = JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
  } catch (error) {
    throw new Error(`${file}: not a JSON Web Key Set: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(set.keys)) throw new Error(`${file}: not a JSON Web Key Set: it has no "keys"`);
  if (set.keys.some((key) => key.d !== undefined || key.k !== undefined))
    throw new Error(`${file}: holds a private or shared key; only public keys belong there`);
  return createLocalJWKSet(set);
}
