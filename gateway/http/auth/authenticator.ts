// From a request to its Principal: finds the token in Authorization, or in Sec-WebSocket-Protocol for browsers, which cannot set headers on a
// WebSocket. Makes the gateway's secrets at the first start.
import type { Config } from '../../config.ts';
import type { HttpRequest } from '../adapter/http-adapter.ts';
import { refusal } from '../http-error.ts';
import { adminOf, ensureToken, readToken, tokenPath } from './admin-token.ts';
import { ensureKey, keyPath, publicHalf, readKey } from './key-file.ts';
import { keySet } from './key-set.ts';
import type { Principal } from './principal.ts';
import { TokenVerifier } from './token-verifier.ts';

/** The caller of a request; rejects with a 401 refusal. */
export type Authenticate = (request: HttpRequest) => Promise<Principal>;

const SUBPROTOCOL_PREFIX = 'bearer.';

/** Reads or makes the secrets of a gateway and resolves to what recognises its callers. Rejects when a secret file cannot be used. */
export async function openAuthenticator(config: Pick<Config, 'dataDirectory' | 'http'>): Promise<Authenticate> {
  const tokenFile = tokenPath(config);
  ensureToken(tokenFile);
  const admin = adminOf(readToken(tokenFile));
  const keyFile = keyPath(config.dataDirectory);
  await ensureKey(keyFile);
  const { issuer, audience, jwksFile, jwksUrl } = config.http.auth;
  const verifier = new TokenVerifier(keySet(publicHalf(readKey(keyFile)), jwksFile, jwksUrl), { issuer, audience });
  return async (request) => {
    const token = tokenOf(request);
    return admin(token) ?? (await verifier.verify(token));
  };
}

function tokenOf(request: HttpRequest): string {
  const header = request.header('authorization');
  if (header !== undefined) {
    const match = /^Bearer +(\S+)$/i.exec(header);
    if (match?.[1] === undefined) throw refusal('TZ-TOKEN-MALFORMED', 'Authorization must be: Bearer TOKEN');
    return match[1];
  }
  const offered = request.header('sec-websocket-protocol')?.split(',') ?? [];
  const carrier = offered.map((each) => each.trim()).find((each) => each.startsWith(SUBPROTOCOL_PREFIX));
  if (carrier !== undefined) return carrier.slice(SUBPROTOCOL_PREFIX.length);
  throw refusal('TZ-TOKEN-MISSING', 'this route needs Authorization: Bearer TOKEN');
}
