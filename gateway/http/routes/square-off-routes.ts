// Square-off: who is due, plans made of it, the second person for large ones, the dealer's basket.
import { z } from 'zod';
import type { DueAnswer, PlanAnswer } from '../../risk/square-off-answer.ts';
import type { Desks } from '../desks.ts';
import { account, instrumentFields, listOf, paise, reason, rupeesPrice } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

const cause = z.enum(['productTime', 'marginShortfall', 'lossLimit', 'killed', 'unpledged', 'fundedLoss']);
const side = z.enum(['BUY', 'SELL']);
const due: z.ZodType<DueAnswer> = z.strictObject({
  account: z.string(),
  reasons: listOf(
    z.strictObject({
      cause,
      value: z.number().describe('productTime: minutes after midnight, now; unpledged: units to be sold; else paise: requirement, loss; killed: 0'),
      limit: z
        .number()
        .describe(
          'productTime: when it was due; unpledged: units bought with funding (MTF); else paise: funds, limit; fundedLoss: 80 % of the money behind funded shares',
        ),
    }),
  ),
  requirement_paise: paise,
  available_paise: paise,
  orders: listOf(z.string()).describe('Working orders to be cancelled, by id'),
  positions: listOf(
    z.strictObject({
      ...instrumentFields,
      side: side.describe('Of the exit'),
      units: z.number(),
      net: z.number(),
      mark: rupeesPrice,
      cause,
      unpriced: z.string().describe('Why it cannot be priced now: stale, neverMarked, notInFile; empty when it can'),
    }),
  ),
});
const plan: z.ZodType<PlanAnswer> = z.strictObject({
  id: z.string(),
  state: z.enum(['awaitingApproval', 'running', 'basket', 'halted', 'done', 'needsPerson']),
  reason: z.string(),
  by: z.string(),
  approved_by: z.string().nullable(),
  made_at: z.number().describe('Milliseconds since 1970'),
  worth_paise: paise.describe('Exits at their marks'),
  clients: listOf(
    z.strictObject({
      account: z.string(),
      cause,
      phase: z.enum(['cancelling', 'closing', 'done', 'failed']),
      note: z.string(),
      cancels: listOf(z.string()),
      exits: listOf(
        z.strictObject({
          ...instrumentFields,
          side,
          units: z.number(),
          left: z.number(),
          attempt: z.int(),
          state: z.enum(['waiting', 'working', 'waitingForPrice', 'done', 'failed']),
          note: z.string(),
        }),
      ),
    }),
  ),
});
const params = z.strictObject({ id: z.string().regex(/^[0-9a-f]{8}$/, 'must be the id of a plan') });
const example = { params: { id: '0123abcd' } };
const shared = { tag: 'square-off', access: 'squareOff:write' } as const;

/** Every square-off route. */
export function squareOffRoutes(desks: Desks): Route[] {
  return [...reads(desks), ...acts(desks)];
}

function reads({ squareOff }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/square-off/due',
      summary: 'Who is due to be squared off now, why, and what of theirs',
      tag: 'square-off',
      access: 'house:read',
      answer: z.strictObject({ clients: listOf(due) }),
      handle: async () => ({ data: { clients: await squareOff.due() } }),
    }),
    route({
      method: 'GET',
      path: '/v1/square-off/plans',
      summary: 'Plans since the gateway started, newest first',
      tag: 'square-off',
      access: 'house:read',
      answer: z.strictObject({ plans: listOf(plan) }),
      handle: async () => ({ data: { plans: squareOff.list() } }),
    }),
    route({
      method: 'GET',
      path: '/v1/square-off/plans/:id',
      summary: 'One plan: what is confirmed, what is left',
      tag: 'square-off',
      access: 'house:read',
      params,
      answer: plan,
      errors: ['TZ-NOT-FOUND'],
      example,
      handle: async ({ params: { id } }) => ({ data: known(squareOff.find(id), 'the plan') }),
    }),
  ];
}

function acts({ squareOff }: Desks): Route[] {
  return [
    route({
      ...shared,
      method: 'POST',
      path: '/v1/square-off/plans',
      summary:
        'Square off what is due: cancels, then exits at protected limits. A large plan waits for a second person; without an order system it is a basket',
      body: z.strictObject({ accounts: z.array(account).min(1).max(1_000).optional(), causes: z.array(cause).min(1).optional(), reason }),
      answer: plan,
      status: 202,
      mutates: true,
      errors: ['TZ-NOT-FOUND'],
      example: { body: { causes: ['productTime'], reason: 'intraday products at 15:20' } },
      handle: async ({ body, principal }) => ({ data: await squareOff.plan(body, principal.subject) }),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/v1/square-off/plans/:id/approve',
      summary: 'Let a plan begin that another person made',
      params,
      answer: plan,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-TWO-PERSONS', 'TZ-REFUSED'],
      example,
      handle: async ({ params: { id }, principal }) => ({ data: squareOff.approve(id, principal.subject) }),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/v1/square-off/plans/:id/halt',
      summary: 'Send no more orders of a plan; what works at the exchange stays there',
      params,
      answer: plan,
      mutates: true,
      errors: ['TZ-NOT-FOUND'],
      example,
      handle: async ({ params: { id } }) => ({ data: squareOff.halt(id) }),
    }),
    route({
      ...shared,
      method: 'GET',
      path: '/v1/square-off/plans/:id/basket',
      summary: "The dealer's file: what is left of a plan, order by order",
      params,
      plain: 'text/csv',
      errors: ['TZ-NOT-FOUND'],
      example,
      handle: async ({ params: { id } }) => ({ contentType: 'text/csv', text: squareOff.basket(id) }),
    }),
  ];
}
