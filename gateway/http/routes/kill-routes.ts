// Kill switches: see, engage, ask for a release, approve it as a second person.
import { z } from 'zod';
import type { KillChange, ReleaseRequest } from '../../risk/kill-desk.ts';
import { type Principal, requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, listOf, reason } from '../fields.ts';
import { refusal } from '../http-error.ts';
import { type Route, route } from '../route.ts';

const scope = z.enum(['FIRM', 'ACCOUNT']);
const target = z
  .strictObject({ scope, account: account.optional(), reason })
  .refine((body) => (body.scope === 'ACCOUNT') === (body.account !== undefined), {
    message: 'is needed for scope ACCOUNT, and only there',
    path: ['account'],
  });
const changed: z.ZodType<KillChange> = z.strictObject({
  action: z.enum(['engage', 'release']),
  scope,
  account: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.number().describe('Milliseconds since 1970'),
});
const release: z.ZodType<ReleaseRequest> = z.strictObject({
  id: z.string(),
  scope,
  account: z.string().nullable(),
  reason: z.string(),
  requested_by: z.string(),
  requested_at: z.number().describe('Milliseconds since 1970'),
  expires_at: z.number(),
});
const killState = z.enum(['stopping', 'killed']).describe('killed: the exchange has confirmed that no order works any more');
const switches = z.strictObject({
  firm: z.strictObject({ engaged: z.boolean(), state: killState.nullable(), open_orders: z.int(), last_change: changed.nullable() }),
  accounts: listOf(z.strictObject({ account: z.string(), state: killState, open_orders: z.int(), last_change: changed.nullable() })),
  releases: listOf(release).describe('Waiting for the second person'),
});
const accountTarget = { scope: 'ACCOUNT', account: 'C000001', reason: 'runaway algo' };

function requireTarget(principal: Principal, body: z.output<typeof target>): void {
  if (body.account !== undefined) requireAccount(principal, body.account);
  else if (principal.accounts !== 'all') throw refusal('TZ-SCOPE', 'a token tied to accounts must name one');
}

/** Every kill switch route. */
export function killRoutes({ gateway, kills }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/kill-switches',
      summary: 'Switches that are engaged, and releases that wait for a second person',
      tag: 'kill switches',
      access: 'house:read',
      answer: switches,
      handle: async () => ({ data: await kills.list(gateway.isFirmKilled) }),
    }),
    route({
      method: 'POST',
      path: '/v1/kill-switches',
      summary: 'Engage a kill switch: new orders are refused at once; one person does it',
      tag: 'kill switches',
      access: 'kill:engage',
      body: target,
      answer: changed,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
      example: { body: accountTarget },
      handle: async ({ body, principal }) => {
        requireTarget(principal, body);
        return { data: await kills.engage(body, body.reason, principal.subject) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/kill-switches/release',
      summary: 'Ask for the release of a kill switch; another person approves it within ten minutes',
      tag: 'kill switches',
      access: 'kill:release',
      body: target,
      answer: release,
      status: 202,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-BUSY'],
      example: { body: { ...accountTarget, reason: 'algo stopped and checked' } },
      handle: async ({ body, principal }) => {
        requireTarget(principal, body);
        return { data: kills.request(body, body.reason, principal.subject) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/kill-switches/release/:id/approve',
      summary: 'Approve a release that another person asked for',
      tag: 'kill switches',
      access: 'kill:release',
      params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{12}$/, 'must be the id of a release') }),
      answer: changed,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-TWO-PERSONS', 'TZ-REFUSED'],
      example: { params: { id: '0123456789ab' } },
      handle: async ({ params, principal }) => ({ data: await kills.approve(params.id, principal.subject) }),
    }),
  ];
}
