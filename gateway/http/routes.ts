// The routes of this release, as one table over a RiskDesk. Amounts are rupees with two decimals as numbers' text would round, so they travel as
// integers in paise, named so.
import { z } from 'zod';
import { ExchangeSegment, type OrdType, Product, type Side } from '../../engine/index.ts';
import { rejectName, rejectText } from '../reject-text.ts';
import { HttpError } from './http-error.ts';
import type { RiskDesk } from './risk-desk.ts';
import { get, post, type Route } from './router.ts';

const names = <Table extends Record<string, number>>(table: Table): [keyof Table & string, ...(keyof Table & string)[]] =>
  Object.keys(table) as [keyof Table & string, ...(keyof Table & string)[]];

const account = z.string().regex(/^[\x21-\x7e]{1,16}$/, 'must be 1 to 16 printable characters without spaces');
const price = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Math.abs(value * 10_000 - Math.round(value * 10_000)) < 1e-6, 'has more than four decimals');

/** A validated what-if order. */
export interface WhatIfOrder {
  readonly account: string;
  readonly exchange: keyof typeof ExchangeSegment;
  readonly symbol?: string | undefined;
  readonly token?: number | undefined;
  readonly side: keyof typeof Side;
  readonly quantity: number;
  readonly order_type: keyof typeof OrdType;
  readonly validity: 'DAY' | 'IOC';
  readonly product?: keyof typeof Product | undefined;
  /** Rupees, at most four decimals; 0 = none. */
  readonly price: number;
  readonly trigger_price: number;
}

/** A validated kill switch order. */
export interface KillSwitchOrder {
  readonly action: 'engage' | 'release';
  readonly scope: 'FIRM' | 'ACCOUNT';
  readonly account?: string | undefined;
  readonly reason: string;
  readonly by: string;
}

/** Body of POST /v1/orders/what-if. Price in rupees, quantity in units. */
export const whatIfBody: z.ZodType<WhatIfOrder> = z
  .strictObject({
    account,
    exchange: z.enum(names(ExchangeSegment)),
    symbol: z.string().min(1).max(60).optional(),
    token: z.int().min(1).max(0xffffffff).optional(),
    side: z.enum(['BUY', 'SELL']),
    quantity: z.int().min(1).max(100_000_000),
    order_type: z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']).default('LIMIT'),
    validity: z.enum(['DAY', 'IOC']).default('DAY'),
    product: z.enum(names(Product)).optional(),
    price: price.default(0),
    trigger_price: price.default(0),
  })
  .refine((body) => (body.symbol === undefined) !== (body.token === undefined), {
    message: 'exactly one of symbol and token is needed',
    path: ['symbol'],
  });

/** Body of POST /v1/kill-switch. */
export const killSwitchBody: z.ZodType<KillSwitchOrder> = z
  .strictObject({
    action: z.enum(['engage', 'release']),
    scope: z.enum(['FIRM', 'ACCOUNT']),
    account: account.optional(),
    reason: z.string().min(3).max(200),
    by: z.string().min(1).max(64),
  })
  .refine((body) => (body.scope === 'ACCOUNT') === (body.account !== undefined), {
    message: 'is needed for scope ACCOUNT, and only there',
    path: ['account'],
  });

const parametersBody = z.strictObject({ file: z.string().min(1).max(1024), elm: z.string().min(1).max(1024).optional() });

/** Every route; `rulesOfEngagement` and `metrics` are texts made elsewhere. */
export function gatewayRoutes(desk: RiskDesk, rulesOfEngagement: string, metrics: () => Promise<string>): Route[] {
  const known = <Answer>(answer: Answer | undefined, what: string): Answer => {
    if (answer === undefined) throw new HttpError(404, 'TZ-NOT-FOUND', `${what} is not known here`);
    return answer;
  };
  return [
    get('/healthz', 'open', async () => ({ contentType: 'application/json', text: '{"status":"ok"}\n' })),
    get('/readyz', 'open', async () => {
      const readiness = desk.readiness();
      return { contentType: 'application/json', text: `${JSON.stringify(readiness)}\n`, status: readiness.ready ? 200 : 503 };
    }),
    get('/metrics', 'open', async () => ({ contentType: 'text/plain; version=0.0.4', text: await metrics() })),
    get('/rules-of-engagement', 'open', async () => ({ contentType: 'text/markdown', text: rulesOfEngagement })),
    get('/v1/status', 'open', async () => desk.status()),
    get('/v1/clients/:account/margin', 'open', async ({ parameter }) => known(await desk.margin(parameter('account')), 'the account')),
    get('/v1/clients/:account/positions', 'open', async ({ parameter }) => known(await desk.positions(parameter('account')), 'the account')),
    post('/v1/orders/what-if', 'open', whatIfBody, async ({ body }) => {
      const verdict = known(await desk.whatIf(body), 'the account');
      return { ...verdict, reject: verdict.code === 0 ? null : { name: rejectName(verdict.code), message: rejectText(verdict.code).text } };
    }),
    get('/v1/breaks', 'open', async () => desk.breaks()),
    get('/v1/orders/:id/explain', 'open', async ({ parameter }) => known(await desk.explain(parameter('id')), 'the order')),
    post('/v1/kill-switch', 'token', killSwitchBody, async ({ body }) => desk.killSwitch(body)),
    post('/v1/day/close', 'token', z.strictObject({}), async () => desk.closeDay()),
    post('/v1/parameters', 'token', parametersBody, async ({ body }) => desk.loadParameters(body.file, body.elm)),
  ];
}
