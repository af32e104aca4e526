// What the house is told by itself: alerts, and the state of the market data. Each is there when the gateway has it.
import { z } from 'zod';
import type { Alert, AlertStore } from '../../alerts/alert.ts';
import type { FeedDesk, FeedView } from '../../market-data/feed-view.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Desks } from '../desks.ts';
import { cursor, listOf, pageLimit } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

const alert: z.ZodType<AlertAnswer> = z.strictObject({
  id: z.int(),
  kind: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  subject: z.string().describe('Account, session, segment … as the kind says'),
  text: z.string(),
  first_seen: z.number().describe('Milliseconds since 1970'),
  last_seen: z.number(),
  count: z.int(),
  cleared_at: z.number().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: z.number().nullable(),
});

/** An alert as the API shows it. Times in milliseconds since 1970. */
export interface AlertAnswer {
  readonly id: number;
  readonly kind: string;
  readonly severity: Alert['severity'];
  readonly subject: string;
  readonly text: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly count: number;
  readonly cleared_at: number | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: number | null;
}

const feed: z.ZodType<FeedView> = z.strictObject({
  source: z.enum(['none', 'file', 'generator', 'ticker']),
  state: z.enum(['off', 'connecting', 'up', 'down', 'ended']),
  detail: z.string(),
  age_seconds: z.number().nullable().describe('Since the last good tick; null before the first'),
  stale: z.boolean(),
  segments: listOf(
    z.strictObject({
      exchange: z.string(),
      instruments: z.int(),
      stale: z.int(),
      stale_after_seconds: z.number(),
      age_seconds: z.number().nullable(),
    }),
  ),
  stale_instruments: listOf(
    z.strictObject({ exchange: z.string(), token: z.int(), symbol: z.string(), age_seconds: z.number().nullable() }),
  ).describe('The first hundred, oldest first'),
  ticks: z.int(),
  bad_ticks: z.record(z.string(), z.number()).describe('Ticks refused, by reason'),
  halts: listOf(z.string()),
  bans: listOf(z.string()).describe('Underlyings in the ban period, as the source told'),
  sessions: z.record(z.string(), z.string()).describe('Session of each exchange segment, as the source told'),
});

/** Alerts and feed, as far as the gateway has them. */
export function watchRoutes({ alerts, feed: market }: Desks): Route[] {
  return [...(alerts === undefined ? [] : alertRoutes(alerts)), ...(market === undefined ? [] : [feedRoute(market)])];
}

function feedRoute(market: FeedDesk): Route {
  return route({
    method: 'GET',
    path: '/v1/feed',
    summary: 'Market data: source, age, stale instruments, halts',
    tag: 'house',
    access: 'house:read',
    answer: feed,
    handle: async () => ({ data: market.view() }),
  });
}

function alertRoutes(alerts: AlertStore): Route[] {
  const list = 'alerts';
  return [
    route({
      method: 'GET',
      path: '/v1/alerts',
      summary: 'Alerts, newest first, active and cleared',
      tag: 'alerts',
      access: 'house:read',
      query: z.strictObject({ limit: pageLimit, cursor }),
      answer: listOf(alert),
      errors: ['TZ-CURSOR'],
      example: { query: { limit: 20 } },
      handle: async ({ query }) => {
        const from = query.cursor === undefined ? undefined : String(openCursor(list, query.cursor)[0]);
        const page = alerts.recent(from, query.limit);
        return { data: page.alerts.map(alertAnswer), nextCursor: page.next === undefined ? undefined : sealCursor(list, [page.next]) };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/alerts/:id/acknowledge',
      summary: 'Say that somebody has seen an alert; the first one stands',
      tag: 'alerts',
      access: 'alerts:write',
      params: z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
      answer: alert,
      mutates: true,
      errors: ['TZ-NOT-FOUND'],
      example: { params: { id: '1' } },
      handle: async ({ params, principal }) => ({ data: alertAnswer(known(alerts.acknowledge(params.id, principal.subject), 'the alert')) }),
    }),
  ];
}

function alertAnswer(each: Alert): AlertAnswer {
  const { id, kind, severity, subject, text, count } = each;
  return {
    id,
    kind,
    severity,
    subject,
    text,
    first_seen: each.firstSeen,
    last_seen: each.lastSeen,
    count,
    cleared_at: each.clearedAt,
    acknowledged_by: each.acknowledgedBy,
    acknowledged_at: each.acknowledgedAt,
  };
}
