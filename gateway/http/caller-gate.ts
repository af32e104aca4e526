// Who may come in: counts the caller, recognises its token, asks for the scope, all before anything else of the request is looked at. An address pays for
// requests without a token and for tokens that are refused; a principal pays for its own.
import type { HttpRequest } from './adapter/http-adapter.ts';
import type { Authenticate } from './auth/authenticator.ts';
import { type Principal, requireScope } from './auth/principal.ts';
import { HttpError, refusal } from './http-error.ts';
import { type Allowance, addressKey, type RateLimiter, rateHeaders } from './rate-limit.ts';
import type { Route } from './route.ts';

const NOBODY: Principal = { subject: '', role: 'auditor', scopes: new Set(), accounts: new Set() };
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const UNAUTHORIZED = 401;

/** Buckets by kind of caller. */
export interface GateRates {
  readonly address: RateLimiter;
  readonly principal: RateLimiter;
  readonly orders: RateLimiter;
}

export class CallerGate {
  private readonly authenticate: Authenticate;
  private readonly rates: GateRates;

  constructor(authenticate: Authenticate, rates: GateRates) {
    this.authenticate = authenticate;
    this.rates = rates;
  }

  /** The caller of a route; refuses with 401, 403 or 429. Writes the RateLimit headers into `headers`. */
  async admit(route: Route, request: HttpRequest, headers: Record<string, string>): Promise<Principal> {
    if (route.access === 'open' || route.access === 'loopback') {
      if (route.access === 'loopback' && !LOOPBACK.test(request.remoteAddress))
        throw refusal('TZ-LOOPBACK', 'this route answers callers on the same machine only');
      this.countAddress(request, headers);
      return NOBODY;
    }
    const principal = await this.recognise(request, headers);
    const now = Date.now();
    apply(this.rates.principal, this.rates.principal.take(principal.subject, now), headers);
    if (route.isOrder === true) apply(this.rates.orders, this.rates.orders.take(principal.subject, now), headers);
    if (route.access !== 'token') requireScope(principal, route.access);
    return principal;
  }

  /** Takes a token of the address's bucket. */
  countAddress(request: HttpRequest, headers: Record<string, string>): void {
    apply(this.rates.address, this.rates.address.take(addressKey(request.remoteAddress), Date.now()), headers);
  }

  private async recognise(request: HttpRequest, headers: Record<string, string>): Promise<Principal> {
    const address = addressKey(request.remoteAddress);
    // An address that has spent its tokens gets no signature checked.
    apply(this.rates.address, this.rates.address.peek(address, Date.now()), headers);
    try {
      return await this.authenticate(request);
    } catch (error) {
      this.countAddress(request, headers);
      if (!(error instanceof HttpError) || error.status !== UNAUTHORIZED) throw error;
      const { code, message } = error;
      const problem = code === 'TZ-TOKEN-MISSING' ? '' : `, error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
      throw new HttpError(UNAUTHORIZED, code, message, undefined, { 'www-authenticate': `Bearer realm="tarazu"${problem}` });
    }
  }
}

function apply(limiter: RateLimiter, allowance: Allowance | undefined, headers: Record<string, string>): void {
  if (allowance === undefined) return;
  Object.assign(headers, rateHeaders(limiter.name, allowance));
  if (!allowance.passes)
    throw refusal('TZ-RATE', `too many requests of this ${limiter.name}`, {
      headers: { 'retry-after': String(Math.max(1, allowance.resetSeconds)) },
    });
}
