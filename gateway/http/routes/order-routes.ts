// Orders: place, replace, cancel, what-if, look up and explain. A verdict that refuses is an answer like any other (200, accepted false); 201 says that
// an order came to be.
import { z } from 'zod';
import { isFixable } from '../../risk/margin-lines.ts';
import type { OrderAnswer } from '../../risk/order-answer.ts';
import type { OrderCaller } from '../../risk/order-desk.ts';
import type { OrderTermsBody } from '../../risk/order-terms.ts';
import { type Principal, requireAccount, seesAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, exchange, givenPrice, listOf, orderId, paise, product } from '../fields.ts';
import { refusal } from '../http-error.ts';
import { type Route, type RouteCall, route } from '../route.ts';
import { known } from './client-routes.ts';
import { marginLineShape } from './margin-explain.ts';
import { orderShape, orderVerdictShape, whatIfShape } from './order-shape.ts';

const quantity = z.int().min(1).max(100_000_000).describe('Units, never lots');
const symbol = z.string().min(1).max(60).optional();
const token = z.int().min(1).max(0xffffffff).optional();
const orderType = z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']);

/** Terms of an order. */
const terms = z
  .strictObject({
    account,
    exchange,
    symbol,
    token,
    side: z.enum(['BUY', 'SELL']),
    quantity,
    order_type: orderType.default('LIMIT'),
    validity: z.enum(['DAY', 'IOC']).default('DAY'),
    product: product.optional(),
    price: givenPrice.default(0),
    trigger_price: givenPrice.default(0),
    target_price: givenPrice.optional().describe('Of a bracket order (BO): where its target is; trigger_price is that of its stop-loss'),
    disclosed_quantity: z.int().min(0).max(100_000_000).default(0),
  })
  .refine((body) => body.target_price === undefined || body.product === 'BO', {
    message: 'only a bracket order (product BO) has a target',
    path: ['target_price'],
  })
  .refine((body) => (body.symbol === undefined) !== (body.token === undefined), {
    message: 'exactly one of symbol and token is needed',
    path: ['symbol'],
  }) as z.ZodType<OrderTermsBody>;
const termsExample = { account: 'C000001', exchange: 'NSE', symbol: 'RELIANCE', side: 'BUY', quantity: 10, price: 1_400 };
const params = z.strictObject({ id: orderId });
const example = { params: { id: '17-204' } };

const check = z.strictObject({
  check: z.string(),
  code: z.int(),
  passed: z.boolean(),
  decided: z.boolean().describe('Did the live decision get as far'),
  value: z.number(),
  limit: z.number(),
  level: z.string(),
});
const explanation = z.strictObject({
  id: z.string(),
  command: z.string(),
  verdict: z.string(),
  code: z.int(),
  message: z.string(),
  business_date: z.int(),
  rule_set: z.int(),
  parameters_hash: z.string(),
  parameter_files: listOf(z.strictObject({ role: z.string(), file: z.string(), sha256: z.string() })),
  time_micros: z.number(),
  requirement_before_paise: paise,
  requirement_after_paise: paise,
  available_paise: paise,
  checks: listOf(check),
  margin: z
    .strictObject({ before: listOf(marginLineShape), after: listOf(marginLineShape), filled: listOf(marginLineShape) })
    .nullable()
    .describe('The margin of the client as it was, with the order working, with it filled, as trees; null where margin was not weighed'),
  fix: z
    .string()
    .nullable()
    .describe('What would have let it pass where margin or funding is what it lacked: money, an option to buy first, fewer units'),
  agrees: z.boolean().describe('The journalled verdict is the one derived again'),
  commands_folded: z.int(),
  seconds: z.number(),
});

/** Every order route. */
export function orderRoutes(desks: Desks): Route[] {
  return [...readRoutes(desks), ...writeRoutes(desks)];
}

/** Has the market data of an order grown old? */
function isStale({ feed, orders }: Desks, body: OrderTermsBody): boolean {
  if (feed === undefined) return false;
  const { segment, token: number } = orders.instrumentOf(body);
  return feed.isStale(segment, number) || feed.view().stale;
}

function readRoutes(desks: Desks): Route[] {
  const { orders } = desks;
  return [
    route({
      method: 'POST',
      path: '/v1/orders/what-if',
      summary: 'The verdict an order would get now; changes nothing',
      tag: 'orders',
      access: 'orders:write',
      body: terms,
      answer: whatIfShape,
      errors: ['TZ-NOT-FOUND', 'TZ-BUSY', 'TZ-TIMEOUT'],
      example: { body: termsExample },
      handle: async ({ body, principal }) => {
        requireAccount(principal, body.account);
        const verdict = known(await orders.whatIf(body), 'the account');
        const fix = isFixable(verdict.code) ? await desks.baskets.fix(body.account, body, 1) : null;
        return { data: { ...verdict, stale: isStale(desks, body), fix: fix?.text ?? null } };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/orders/:id',
      summary: 'An order of the day',
      tag: 'orders',
      access: 'orders:read',
      params,
      answer: orderShape,
      errors: ['TZ-NOT-FOUND', 'TZ-ORDER-ID'],
      example,
      handle: async ({ params: { id }, principal }) => ({ data: await visibleOrder(desks, id, principal) }),
    }),
    route({
      method: 'GET',
      path: '/v1/orders/:id/explain',
      summary: 'Every check behind a verdict, from the journal',
      tag: 'orders',
      access: 'explain',
      params,
      answer: explanation,
      errors: ['TZ-NOT-FOUND', 'TZ-ORDER-ID'],
      example,
      handle: async ({ params: { id }, principal }) => ({ data: await explained(desks, id, principal) }),
    }),
  ];
}

/** The explanation of a request that the caller may see: one of an account tied to its token. */
async function explained({ orders }: Desks, id: string, principal: Principal): Promise<z.output<typeof explanation>> {
  const found = await orders.explain(id);
  if (found === undefined || !seesAccount(principal, found.account)) throw refusal('TZ-NOT-FOUND', 'the order is not known here');
  return {
    id: found.orderId,
    command: found.command,
    verdict: found.verdict,
    code: found.code,
    message: found.message,
    business_date: found.businessDate,
    rule_set: found.ruleSet,
    parameters_hash: found.parametersHash,
    parameter_files: found.parameterFiles,
    time_micros: found.timeMicros,
    requirement_before_paise: found.requirementBefore,
    requirement_after_paise: found.requirementAfter,
    available_paise: found.available,
    checks: found.checks,
    margin: found.margin,
    fix: found.fix,
    agrees: found.agrees,
    commands_folded: found.commandsFolded,
    seconds: found.seconds,
  };
}

async function visibleOrder({ orders }: Desks, id: string, principal: Principal): Promise<OrderAnswer> {
  const order = await orders.find(id);
  if (order === undefined || !seesAccount(principal, order.account)) throw refusal('TZ-NOT-FOUND', 'the order is not known here');
  return order;
}

function callerOf({ principal, idempotencyKey }: RouteCall<unknown, unknown, unknown>): OrderCaller {
  return { subject: principal.subject, isDealer: principal.role !== 'trader', idempotencyKey };
}

const WRITE_ERRORS = ['TZ-NOT-FOUND', 'TZ-REFUSED', 'TZ-BUSY', 'TZ-TIMEOUT'] as const;

function writeRoutes(desks: Desks): Route[] {
  const { orders } = desks;
  return [
    route({
      method: 'POST',
      path: '/v1/orders',
      summary: 'Place an order: weighed as one over FIX is. 201 when accepted; an Idempotency-Key makes it exactly once',
      tag: 'orders',
      access: 'orders:write',
      body: terms,
      answer: orderVerdictShape,
      mutates: 'required',
      isOrder: true,
      errors: WRITE_ERRORS,
      example: { body: termsExample },
      handle: async (call) => {
        requireAccount(call.principal, call.body.account);
        const verdict = known(await orders.place(call.body, callerOf(call)), 'the account');
        return { data: verdict, status: verdict.accepted ? 201 : 200 };
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/orders/:id',
      summary: 'Ask to replace the terms of an order; pending until the exchange answers',
      tag: 'orders',
      access: 'orders:write',
      params,
      body: z.strictObject({
        quantity,
        price: givenPrice.default(0),
        trigger_price: givenPrice.default(0),
        disclosed_quantity: z.int().min(0).max(100_000_000).default(0),
        order_type: orderType.optional(),
      }),
      answer: orderVerdictShape,
      mutates: true,
      isOrder: true,
      errors: [...WRITE_ERRORS, 'TZ-ORDER-ID'],
      example: { ...example, body: { quantity: 5, price: 1_399.5 } },
      handle: async (call) => {
        const order = await visibleOrder(desks, call.params.id, call.principal);
        return { data: await orders.replace(order, call.body, callerOf(call)) };
      },
    }),
    cancelRoute(desks),
    massCancelRoute(desks),
  ];
}

function cancelRoute(desks: Desks): Route {
  return route({
    method: 'DELETE',
    path: '/v1/orders/:id',
    summary: 'Ask to cancel an order; margin is held until the exchange confirms',
    tag: 'orders',
    access: 'orders:write',
    params,
    answer: orderVerdictShape,
    mutates: true,
    isOrder: true,
    errors: [...WRITE_ERRORS, 'TZ-ORDER-ID'],
    example,
    handle: async (call) => {
      const order = await visibleOrder(desks, call.params.id, call.principal);
      return { data: await desks.orders.cancel(order, callerOf(call)) };
    },
  });
}

function massCancelRoute({ orders }: Desks): Route {
  return route({
    method: 'POST',
    path: '/v1/orders/mass-cancel',
    summary: 'Ask to cancel every open order of an account, or of the firm, that matches',
    tag: 'orders',
    access: 'orders:write',
    body: z
      .strictObject({ account: account.optional(), exchange: exchange.optional(), symbol, token, side: z.enum(['BUY', 'SELL']).optional() })
      .refine((body) => body.symbol === undefined || (body.token === undefined && body.exchange !== undefined), {
        message: 'a symbol needs its exchange, and no token beside it',
        path: ['symbol'],
      })
      .refine((body) => body.token === undefined || body.exchange !== undefined, { message: 'a token needs its exchange', path: ['token'] }),
    answer: z.strictObject({ cl_ord_id: z.string(), count: z.int(), orders: listOf(z.string()) }),
    mutates: true,
    isOrder: true,
    errors: [...WRITE_ERRORS, 'TZ-SCOPE'],
    example: { body: { account: 'C000001' } },
    handle: async (call) => {
      const { body, principal } = call;
      if (body.account !== undefined) requireAccount(principal, body.account);
      else if (principal.accounts !== 'all') throw refusal('TZ-SCOPE', 'a token tied to accounts must name one');
      const done = known(await orders.massCancel(body, callerOf(call)), 'the account or instrument');
      return { data: { ...done, count: done.orders.length } };
    },
  });
}
