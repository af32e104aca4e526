// Margin snapshots: take one now, and what those of the day came to.
import { z } from 'zod';
import { ExchangeSegment } from '../../../engine/index.ts';
import type { SnapshotAnswer } from '../../risk/snapshot-desk.ts';
import type { Desks } from '../desks.ts';
import { exchange, listOf, paise, reason } from '../fields.ts';
import { type Route, route } from '../route.ts';

const snapshot: z.ZodType<SnapshotAnswer> = z.strictObject({
  number: z.int().describe('1 to 7: windows of the exchanges; 31: closing margin; others by hand'),
  time_micros: z.number().describe('Microseconds since 1970; 0 when nobody held anything'),
  clients: z.int(),
  short_clients: z.int(),
  required_paise: paise.describe('Positions alone, without working orders and house multiplier'),
  shortfall_paise: paise,
});
const taking = z.strictObject({
  label: reason,
  number: z.int().min(1).max(31).optional().describe('Absent: the lowest that is free from 8'),
  segments: z.array(exchange).min(1).max(7).optional().describe('Absent: all'),
});

/** Both routes. */
export function snapshotRoutes({ snapshots }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/margin-snapshots',
      summary: "The day's margin snapshots, by number",
      tag: 'margin',
      access: 'house:read',
      answer: z.strictObject({ snapshots: listOf(snapshot) }),
      handle: async () => ({ data: { snapshots: await snapshots.list() } }),
    }),
    route({
      method: 'POST',
      path: '/v1/margin-snapshots',
      summary: 'Take a margin snapshot of every client now; each number is taken once a day',
      tag: 'margin',
      access: 'day:write',
      body: taking,
      answer: snapshot,
      mutates: true,
      errors: ['TZ-REFUSED'],
      example: { body: { label: 'before the announcement' } },
      handle: async ({ body }) => {
        const segments = body.segments?.map((name) => ExchangeSegment[name]);
        return { data: await snapshots.take({ label: body.label, number: body.number, segments }) };
      },
    }),
  ];
}
