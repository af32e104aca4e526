// Signs a token with the gateway's own key: for the demo, for trying, and for houses without an identity provider.
import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { OWN_ALGORITHM, readKey } from './key-file.ts';
import type { Role } from './principal.ts';

/** What the token says. */
export interface TokenRequest {
  readonly subject: string;
  readonly role: Role;
  /** Accounts a trader sees; undefined for the other roles. */
  readonly accounts?: readonly string[] | undefined;
  readonly desk?: string | undefined;
  /** Narrows the role's scopes to these; all of them when undefined. */
  readonly scopes?: readonly string[] | undefined;
  readonly minutes: number;
  readonly issuer: string;
  readonly audience: string;
}

/** A signed token. `now` in milliseconds since 1970. Throws when the key file cannot be used. */
export async function issueToken(keyFile: string, request: TokenRequest, now: number): Promise<string> {
  const jwk = readKey(keyFile);
  const key = await importJWK(jwk, OWN_ALGORITHM);
  const seconds = Math.floor(now / 1_000);
  const { role, accounts, desk, scopes } = request;
  const claims = { role, accounts, desk, scope: scopes?.join(' ') };
  return new SignJWT(Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg: OWN_ALGORITHM, kid: jwk.kid ?? '', typ: 'JWT' })
    .setSubject(request.subject)
    .setIssuer(request.issuer)
    .setAudience(request.audience)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + request.minutes * 60)
    .setJti(randomUUID())
    .sign(key);
}
