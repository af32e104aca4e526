// A bearer token into a Principal: algorithm from an allow-list, key by kid, issuer, audience, times and claims checked, each failure with a code of
// its own. What was verified is remembered until it expires, so that a busy client costs one signature check.
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { refusal } from '../http-error.ts';
import type { FindKey } from './key-set.ts';
import { type Principal, ROLES, type Role, type Scope } from './principal.ts';

const ALGORITHMS = ['ES256', 'EdDSA', 'RS256'];
const CLOCK_TOLERANCE_SECONDS = 5;
/** Tokens remembered; the oldest goes first. */
const REMEMBERED_MAX = 4_096;
const TOKEN_LENGTH_MAX = 8_192;
/** A remembered token is checked anew after this long, so that a withdrawn key is noticed. */
const TRUSTED_SECONDS = 300;
const ACCOUNT = /^[\x21-\x7e]{1,16}$/;
const ACCOUNTS_MAX = 1_000;

/** What tokens must say. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
}

interface Remembered {
  readonly principal: Principal;
  /** Seconds since 1970. */
  readonly until: number;
}

/** Verifies signed tokens. */
export class TokenVerifier {
  private readonly findKey: FindKey;
  private readonly rules: TokenRules;
  private readonly remembered = new Map<string, Remembered>();

  constructor(findKey: FindKey, rules: TokenRules) {
    this.findKey = findKey;
    this.rules = rules;
  }

  /** The caller a token stands for; throws a 401 refusal that says what is wrong with it. */
  async verify(token: string): Promise<Principal> {
    if (token.length > TOKEN_LENGTH_MAX) throw refusal('TZ-TOKEN-MALFORMED', `a token has at most ${TOKEN_LENGTH_MAX} characters`);
    const now = Date.now() / 1_000;
    const known = this.remembered.get(token);
    if (known !== undefined) {
      if (now < known.until) return known.principal;
      this.remembered.delete(token);
    }
    requireAlgorithm(token);
    const payload = await this.payload(token);
    const principal = principalOf(payload);
    this.remember(token, { principal, until: Math.min(payload.exp ?? 0, now + TRUSTED_SECONDS) });
    return principal;
  }

  private async payload(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.findKey, {
        algorithms: ALGORITHMS,
        issuer: this.rules.issuer,
        audience: this.rules.audience,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      throw refused(error);
    }
  }

  private remember(token: string, entry: Remembered): void {
    if (this.remembered.size >= REMEMBERED_MAX)
      for (const oldest of this.remembered.keys()) {
        this.remembered.delete(oldest);
        break;
      }
    this.remembered.set(token, entry);
  }
}

/** Looked at before any key is: "none" and shared-secret algorithms never reach a verifier. */
function requireAlgorithm(token: string): void {
  let alg: string | undefined;
  try {
    ({ alg } = decodeProtectedHeader(token));
  } catch {
    throw refusal('TZ-TOKEN-MALFORMED', 'the token is not a signed JWT');
  }
  if (alg === undefined || !ALGORITHMS.includes(alg))
    throw refusal('TZ-TOKEN-ALGORITHM', `tokens must be signed by one of ${ALGORITHMS.join(', ')}, not ${String(alg).slice(0, 20)}`);
}

function refused(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return refusal('TZ-TOKEN-EXPIRED', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return refusal('TZ-TOKEN-EARLY', 'the token is not valid yet');
    if (error.claim === 'iss') return refusal('TZ-TOKEN-ISSUER', 'the token was issued by another issuer');
    if (error.claim === 'aud') return refusal('TZ-TOKEN-AUDIENCE', 'the token was issued for another audience');
    return refusal('TZ-TOKEN-CLAIMS', `the claim ${error.claim} of the token is missing or wrong`);
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return refusal('TZ-TOKEN-KEY', 'the token names a key that is not known here');
  if (error instanceof errors.JWKSTimeout) return refusal('TZ-TOKEN-KEY', 'the keys of the identity provider cannot be had now');
  if (error instanceof errors.JOSEAlgNotAllowed) return refusal('TZ-TOKEN-ALGORITHM', 'the algorithm of the token is not allowed');
  if (error instanceof errors.JWSSignatureVerificationFailed) return refusal('TZ-TOKEN-SIGNATURE', 'the signature of the token does not fit');
  if (error instanceof errors.JOSEError) return refusal('TZ-TOKEN-MALFORMED', 'the token is not a signed JWT');
  return refusal('TZ-TOKEN-KEY', 'the keys of the identity provider cannot be had now');
}

function principalOf(payload: JWTPayload): Principal {
  const { sub, role, accounts, scope } = payload;
  if (sub === undefined || sub === '' || sub.length > 64) throw refusal('TZ-TOKEN-CLAIMS', 'the subject of the token must have 1 to 64 characters');
  if (typeof role !== 'string' || !Object.hasOwn(ROLES, role)) throw refusal('TZ-TOKEN-CLAIMS', 'the role of the token is not known here');
  const given: readonly Scope[] = ROLES[role as Role];
  const narrowed = typeof scope === 'string' ? given.filter((each) => scope.split(' ').includes(each)) : given;
  return { subject: sub, role: role as Role, scopes: new Set(narrowed), accounts: accountsOf(role as Role, accounts) };
}

function accountsOf(role: Role, accounts: unknown): ReadonlySet<string> | 'all' {
  if (accounts === undefined && role !== 'trader') return 'all';
  const names = accounts ?? [];
  if (!Array.isArray(names) || names.length > ACCOUNTS_MAX || names.some((name) => typeof name !== 'string' || !ACCOUNT.test(name)))
    throw refusal('TZ-TOKEN-CLAIMS', 'the accounts of the token must be a list of account names');
  return new Set(names as string[]);
}
