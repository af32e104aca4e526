// Tokens of a running gateway for tests: signed with the key it made in its data directory.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueToken } from '../../gateway/http/auth/issue-token.ts';
import { keyPath } from '../../gateway/http/auth/key-file.ts';
import type { Role } from '../../gateway/http/auth/principal.ts';

/** What a test's token says. */
export interface TokenWish {
  readonly role: Role;
  readonly subject?: string;
  readonly accounts?: readonly string[];
  readonly scopes?: readonly string[];
  readonly minutes?: number;
}

/** A token of the gateway whose data directory this is. */
export function tokenFor(dataDirectory: string, wish: TokenWish): Promise<string> {
  const { role, subject = role, accounts, scopes, minutes = 5 } = wish;
  const request = { subject, role, accounts, scopes, minutes, issuer: 'tarazu', audience: 'tarazu-api' };
  return issueToken(keyPath(dataDirectory), request, Date.now());
}

/** The machine's admin token. */
export function adminToken(dataDirectory: string): string {
  return readFileSync(join(dataDirectory, 'token'), 'utf8').trim();
}
