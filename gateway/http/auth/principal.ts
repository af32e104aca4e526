// Who is calling and what they may do: roles, the scopes each carries, and the accounts a trader is tied to. Decides nothing about a token.
import { refusal } from '../http-error.ts';

/** Everything a route can ask for, and what it opens. */
export const SCOPES = {
  'margin:read': 'Clients: margin, positions, holdings, funds, limits, peak',
  'orders:read': 'Orders of clients',
  'orders:write': 'Place, replace and cancel orders; what-if',
  explain: 'Why a verdict was what it was',
  'house:read': 'All clients, stuck orders, rejects, breaks, kill switches, sessions, parameters, concentration, feed, alerts',
  'limits:write': 'Limits and standing of clients',
  'kill:engage': 'Engage a kill switch',
  'kill:release': 'Ask for, or approve, the release of a kill switch',
  'segments:write': 'Close or limit an exchange segment; ask for, or approve, its opening',
  'sessions:write': 'Reset a FIX session',
  'parameters:write': 'Bring a risk parameter file into force',
  'day:write': 'Close the business day; take a margin snapshot',
  'squareOff:write': 'Plan, approve and halt a square-off; take its basket',
  'alerts:write': 'Acknowledge an alert',
  stream: 'The margin stream',
  'pii:read': 'Personal data of clients. The state holds none; no route shows any today',
} as const;
export type Scope = keyof typeof SCOPES;

const READS = ['margin:read', 'orders:read', 'explain', 'house:read', 'stream'] as const;

export type Role = 'trader' | 'desk' | 'operations' | 'admin' | 'auditor';

/** Scopes by role. */
export const ROLES: Readonly<Record<Role, readonly Scope[]>> = {
  trader: ['margin:read', 'orders:read', 'orders:write', 'explain', 'stream'],
  desk: [
    ...READS,
    'orders:write',
    'limits:write',
    'squareOff:write',
    'kill:engage',
    'kill:release',
    'segments:write',
    'sessions:write',
    'alerts:write',
  ],
  operations: [...READS, 'parameters:write', 'day:write', 'segments:write', 'sessions:write', 'alerts:write'],
  admin: Object.keys(SCOPES) as Scope[],
  auditor: [...READS],
};

/** The caller of a request or channel. */
export interface Principal {
  readonly subject: string;
  readonly role: Role;
  readonly scopes: ReadonlySet<string>;
  /** Accounts the caller may see; others do not exist for it. */
  readonly accounts: ReadonlySet<string> | 'all';
}

/** May the caller see the account? */
export function seesAccount(principal: Principal, account: string): boolean {
  return principal.accounts === 'all' || principal.accounts.has(account);
}

/** Refuses with 403 unless the caller has the scope. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (!principal.scopes.has(scope)) throw refusal('TZ-SCOPE', `role ${principal.role} with this token does not have the scope ${scope}`);
}

/** Refuses with 404 unless the caller may see the account: whether it exists is not said. */
export function requireAccount(principal: Principal, account: string): void {
  if (!seesAccount(principal, account)) throw refusal('TZ-NOT-FOUND', 'the account is not known here');
}
