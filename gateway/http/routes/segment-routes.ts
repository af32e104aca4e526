// Exchange segments: see them, keep orders out of one, ask for one to let them in again, approve that as a second person.
import { z } from 'zod';
import type { SegmentGateName } from '../../../engine/index.ts';
import type { SegmentAnswer, SegmentChange, SegmentRequest } from '../../risk/segment-desk.ts';
import type { Desks } from '../desks.ts';
import { exchange, listOf, reason } from '../fields.ts';
import { type Route, route } from '../route.ts';

const state: z.ZodType<SegmentGateName> = z
  .enum(['OPEN', 'PRE_OPEN', 'REDUCE_ONLY', 'CLOSED'])
  .describe(
    'PRE_OPEN is the session before continuous trading: a derivatives segment takes futures only, each margined by itself. REDUCE_ONLY lets in orders that lower risk; CLOSED none. Cancels always pass, fills are always booked',
  );
const millis = z.number().describe('Milliseconds since 1970');
const opensAt = millis.nullable().describe('PRE_OPEN only: when the segment opens by itself, milliseconds since 1970; null: when that is said');
const change: z.ZodType<SegmentChange> = z.strictObject({
  segment: exchange,
  state,
  opens_at: opensAt,
  reason: z.string(),
  by: listOf(z.string()),
  at: millis,
});
const request: z.ZodType<SegmentRequest> = z.strictObject({
  id: z.string(),
  segment: exchange,
  state,
  opens_at: opensAt,
  reason: z.string(),
  requested_by: z.string(),
  requested_at: millis,
  expires_at: millis,
});
const segment: z.ZodType<SegmentAnswer> = z.strictObject({
  segment: exchange,
  state,
  last_change: change.nullable().describe('As far as this gateway has made it; the morning’s own opening is not among them'),
});
const params = z.strictObject({ segment: exchange });
const body = z
  .strictObject({ state, reason, opens_at: opensAt.default(null) })
  .refine(({ state, opens_at }) => state === 'PRE_OPEN' || opens_at === null, { message: 'opens_at goes with PRE_OPEN only', path: ['opens_at'] });
const example = { params: { segment: 'NFO' }, body: { state: 'REDUCE_ONLY', reason: 'exchange connection flaps' } };
const shared = { tag: 'segments', access: 'segments:write', mutates: true } as const;

/** Every segment route. */
export function segmentRoutes({ segments }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/segments',
      summary: 'Exchange segments: open, pre-open, reduce-only or closed, and requests that wait for a second person',
      tag: 'segments',
      access: 'house:read',
      answer: z.strictObject({ segments: listOf(segment), requests: listOf(request) }),
      handle: async () => ({ data: await segments.list() }),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/v1/segments/:segment',
      summary: 'Close a segment or limit it to reducing orders; one person does it. To let orders in again takes a request',
      params,
      body,
      answer: change,
      errors: ['TZ-TWO-PERSONS', 'TZ-REFUSED'],
      example,
      handle: async ({ params: { segment: name }, body: wanted, principal }) => ({
        data: await segments.limit({ ...wanted, segment: name }, wanted.reason, principal.subject),
      }),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/v1/segments/:segment/requests',
      summary: 'Ask for a segment to let orders in; another person approves it within ten minutes',
      params,
      body,
      answer: request,
      status: 202,
      errors: ['TZ-BUSY'],
      example: { ...example, body: { state: 'OPEN', reason: 'connection is stable again' } },
      handle: async ({ params: { segment: name }, body: wanted, principal }) => ({
        data: segments.request({ ...wanted, segment: name }, wanted.reason, principal.subject),
      }),
    }),
    route({
      ...shared,
      method: 'POST',
      path: '/v1/segments/requests/:id/approve',
      summary: 'Approve what another person asked for',
      params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{12}$/, 'must be the id of a request') }),
      answer: change,
      errors: ['TZ-NOT-FOUND', 'TZ-TWO-PERSONS', 'TZ-REFUSED'],
      example: { params: { id: '0123456789ab' } },
      handle: async ({ params: { id }, principal }) => ({ data: await segments.approve(id, principal.subject) }),
    }),
  ];
}
