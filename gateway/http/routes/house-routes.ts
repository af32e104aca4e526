// The house as a whole: status, the caller, stuck orders, rejections, breaks, concentration, instruments, parameters, sessions, the day's end.
import { z } from 'zod';
import { ExchangeSegment } from '../../../engine/index.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Desks } from '../desks.ts';
import { account, cursor, exchange, instrumentFields, listOf, pageLimit, paise, reason, rupeesPrice } from '../fields.ts';
import { refusal } from '../http-error.ts';
import { type Route, route } from '../route.ts';
import { daysWithin, deliveryShape } from './delivery-shape.ts';
import { orderShape, rejectionShape } from './order-shape.ts';

const session = z.strictObject({
  name: z.string(),
  logged_on: z.boolean(),
  next_inbound: z.int(),
  next_outbound: z.int(),
  incarnation: z.int(),
  settled_inbound: z.int().describe('Inbound messages up to this number are durable'),
  garbled: z.int().describe('Garbled messages dropped since the start'),
  created_micros: z.number().describe('When the numbers began, microseconds since 1970'),
});
const status = z.strictObject({
  ready: z.boolean(),
  missing: listOf(z.string()),
  business_date: z.int().describe('yyyymmdd; 0 before the first day'),
  firm_killed: z.boolean(),
  segments_held: listOf(z.strictObject({ segment: z.string(), state: z.string() })).describe('Exchange segments that are not open'),
  parameters: z.strictObject({ hash: z.string(), label: z.string() }),
  accounts: z.int(),
  shards: z.strictObject({ count: z.int(), folded: z.int(), checkpoint_lag: z.int(), backlog_bytes: listOf(z.number()) }),
  recovered: z.strictObject({ epoch: z.int(), commands: z.int(), seconds: z.number(), torn_batches: z.int() }),
  sessions: listOf(session),
});
const me = z.strictObject({
  subject: z.string(),
  role: z.string(),
  scopes: listOf(z.string()),
  accounts: z.union([listOf(z.string()), z.literal('all')]),
});
const rejects = z.strictObject({
  total: z.int().describe('Rejections of the day that used up a ClOrdID'),
  by_code: listOf(z.strictObject({ code: z.int(), name: z.string(), message: z.string(), count: z.int() })),
  last: listOf(rejectionShape).describe('Newest first, of those since the gateway started'),
});
const stuck = z.strictObject({ count: z.int(), orders: listOf(orderShape) });
const breaks = z.strictObject({
  open: z.int(),
  dropped: z.int().describe('Breaks no slot had room to keep'),
  breaks: listOf(
    z.strictObject({
      id: z.string(),
      time_micros: z.number(),
      kind: z.string(),
      account: z.string(),
      order_id: z.string(),
      ...instrumentFields,
      side: z.string(),
      quantity: z.number(),
      price: rupeesPrice,
    }),
  ),
});
const concentration = z.strictObject({
  gross_paise: paise,
  underlyings: listOf(
    z.strictObject({
      underlying: z.string(),
      long_paise: paise,
      short_paise: paise,
      gross_paise: paise,
      share: z.number().min(0).max(1),
      clients: listOf(z.strictObject({ account, gross_paise: paise })),
    }),
  ),
});

/** Status, the caller, what the desk watches, sessions. */
export function houseRoutes(desks: Desks): Route[] {
  return [...selfRoutes(desks), ...lookRoutes(desks), ...sessionRoutes(desks)];
}

function selfRoutes({ gateway }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/status',
      summary: 'What the gateway says of itself',
      tag: 'gateway',
      access: 'token',
      answer: status,
      handle: async () => ({ data: gateway.status() }),
    }),
    route({
      method: 'GET',
      path: '/v1/me',
      summary: 'Who the token says you are, and what it opens',
      tag: 'gateway',
      access: 'token',
      answer: me,
      handle: async ({ principal: { subject, role, scopes, accounts } }) => ({
        data: { subject, role, scopes: [...scopes], accounts: accounts === 'all' ? ('all' as const) : [...accounts] },
      }),
    }),
  ];
}

function lookRoutes({ house }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/orders/stuck',
      summary: 'Orders the exchange has not answered in time; their margin stays held',
      tag: 'house',
      access: 'house:read',
      answer: stuck,
      handle: async () => ({ data: await house.stuck() }),
    }),
    route({
      method: 'GET',
      path: '/v1/rejects',
      summary: 'Rejections of the day by reason, and the last ones in full',
      tag: 'house',
      access: 'house:read',
      query: z.strictObject({ by: z.literal('code').optional(), code: z.coerce.number().int().min(1).max(1_000).optional(), limit: pageLimit }),
      answer: rejects,
      example: { query: { by: 'code', limit: 20 } },
      handle: async ({ query }) => ({ data: await house.rejects(query.limit, query.code) }),
    }),
    route({
      method: 'GET',
      path: '/v1/breaks',
      summary: 'Reports that did not fit what the engine knows, and stuck orders, until settled',
      tag: 'house',
      access: 'house:read',
      answer: breaks,
      handle: async () => ({ data: await house.breaks() }),
    }),
    route({
      method: 'GET',
      path: '/v1/deliveries',
      summary: 'Positions in stock derivatives that end in shares: who takes or gives how many within so many days of trading',
      tag: 'house',
      access: 'house:read',
      query: z.strictObject({ within: daysWithin }),
      answer: listOf(deliveryShape),
      example: { query: { within: 4 } },
      handle: async ({ query }) => ({ data: await house.deliveries(query.within) }),
    }),
    route({
      method: 'GET',
      path: '/v1/concentration',
      summary: 'Open positions by underlying: value, share of the house, largest clients',
      tag: 'house',
      access: 'house:read',
      query: z.strictObject({ limit: pageLimit }),
      answer: concentration,
      example: { query: { limit: 10 } },
      handle: async ({ query }) => ({ data: await house.concentration(query.limit) }),
    }),
  ];
}

function sessionRoutes({ sessions }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/sessions',
      summary: 'FIX sessions and their sequence numbers',
      tag: 'sessions',
      access: 'house:read',
      answer: listOf(session),
      handle: async () => ({ data: sessions.list() }),
    }),
    route({
      method: 'POST',
      path: '/v1/sessions/:name/reset',
      summary: 'Reset a session that is logged out: both numbers to 1, or those named forward',
      tag: 'sessions',
      access: 'sessions:write',
      params: z.strictObject({ name: z.string().min(1).max(64) }),
      body: z.strictObject({ next_inbound: z.int().min(1).max(1e9).optional(), next_outbound: z.int().min(1).max(1e9).optional(), reason }),
      answer: session,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-SESSION'],
      example: { params: { name: 'TARAZU->OMS' }, body: { reason: 'both stores were lost' } },
      handle: async ({ params, body, principal }) => {
        const after = sessions.reset(params.name, body, principal.subject);
        if (after === undefined) throw refusal('TZ-NOT-FOUND', 'the session is not known here');
        return { data: after };
      },
    }),
  ];
}

const parameters = z.strictObject({
  label: z.string(),
  hash: z.string(),
  business_date: z.int(),
  instruments: z.int(),
  underlyings: z.int(),
  sources: listOf(
    z.strictObject({
      role: z.string(),
      file: z.string(),
      sha256: z.string(),
      age_seconds: z.int().nullable().describe('Age of the file as it lies on disk; null when it does not any more'),
    }),
  ),
});
const instrument = z.strictObject({
  symbol: z.string(),
  exchange: z.string(),
  token: z.int(),
  kind: z.string(),
  underlying: z.string(),
  expiry: z.int().describe('yyyymmdd; 0 for a share'),
  strike: rupeesPrice,
  lot: z.number(),
  tick: z.number(),
  previous_close: rupeesPrice,
  band_low: rupeesPrice,
  band_high: rupeesPrice,
  freeze_quantity: z.number(),
  banned: z.boolean(),
});

/** Parameters, instruments, the day's end. */
export function dayRoutes({ gateway, instruments }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/parameters',
      summary: 'The parameter table in force and the files it was made of',
      tag: 'day',
      access: 'house:read',
      answer: parameters,
      handle: async () => ({ data: gateway.parameters() }),
    }),
    route({
      method: 'POST',
      path: '/v1/parameters',
      summary: 'Bring the next SPAN file into force, trading going on',
      tag: 'day',
      access: 'parameters:write',
      body: z.strictObject({ file: z.string().min(1).max(1_024), elm: z.string().min(1).max(1_024).optional() }),
      answer: z.strictObject({ hash: z.string(), instruments: z.int(), business_date: z.int() }),
      mutates: true,
      errors: ['TZ-PARAMETERS'],
      example: { body: { file: '/srv/day/nsccl.20261120.i2.zip' } },
      handle: async ({ body }) => ({ data: await gateway.loadParameters(body.file, body.elm) }),
    }),
    route({
      method: 'GET',
      path: '/v1/instruments',
      summary: 'Instruments of the day by part of their name',
      tag: 'day',
      access: 'token',
      query: z.strictObject({ search: z.string().max(60).default(''), segment: exchange.optional(), limit: pageLimit, cursor }),
      answer: listOf(instrument),
      errors: ['TZ-CURSOR'],
      example: { query: { search: 'N', segment: 'NFO', limit: 5 } },
      handle: async ({ query }) => {
        const search = query.search.toUpperCase();
        const segment = query.segment === undefined ? 0 : ExchangeSegment[query.segment];
        const list = `instruments ${search} ${segment} ${gateway.parameters().hash}`;
        const from = query.cursor === undefined ? 0 : Number(openCursor(list, query.cursor)[0]);
        const page = instruments.search({ search, segment, limit: query.limit, from });
        return { data: page.instruments, nextCursor: page.next === undefined ? undefined : sealCursor(list, [page.next]) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/day/close',
      summary: 'Expire what is open and close the business day',
      tag: 'day',
      access: 'day:write',
      body: z.strictObject({}),
      answer: z.strictObject({ closed: z.int().describe('yyyymmdd') }),
      mutates: true,
      errors: ['TZ-REFUSED'],
      example: { body: {} },
      handle: async () => ({ data: await gateway.closeDay() }),
    }),
  ];
}
