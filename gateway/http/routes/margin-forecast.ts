// What a client will lack: at the next file, and on the trading days to the expiry of what it holds.
import { z } from 'zod';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, listOf, paise } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';
import { lastPriceOf } from './margin-preview.ts';

const answer = z.strictObject({
  account: z.string(),
  as_of: z.int(),
  available_paise: paise,
  next_file: z.strictObject({ requirement_paise: paise, shortfall_paise: paise }).describe('If the next SPAN file came now; see /v1/margins/preview'),
  days: listOf(
    z.strictObject({
      ahead: z.int().describe('Trading days ahead; 0 = today'),
      date: z.int().describe('yyyymmdd of today and of days on which something expires; 0 = not known'),
      requirement_paise: paise,
      shortfall_paise: paise,
      added_paise: paise.describe('By dated rules: delivery margin of stock options from E-4 on, the expiry day, relief of spreads'),
      rules: listOf(z.string()),
      expiring: listOf(z.string()),
    }),
  ).describe('If nothing is traded and no price moves; empty where the parameters say nothing of trading days'),
});

/** The route. */
export function marginForecastRoute(desks: Desks): Route {
  const { baskets, previews } = desks;
  return route({
    method: 'GET',
    path: '/v1/margins/forecast',
    summary: 'What a client will lack: at the next file, and day by day to expiry',
    tag: 'margins',
    access: 'margin:read',
    query: z.strictObject({ account }),
    answer,
    errors: ['TZ-NOT-FOUND', 'TZ-BUSY', 'TZ-TIMEOUT'],
    example: { query: { account: 'C000001' } },
    handle: async ({ query, principal }) => {
      requireAccount(principal, query.account);
      const found = known(await baskets.forecast(query.account), 'the account');
      const next = known(await previews.preview(query.account, lastPriceOf(desks), undefined), 'the account');
      return {
        data: {
          account: query.account,
          as_of: found.sequence,
          available_paise: found.available,
          next_file: { requirement_paise: next.live_paise, shortfall_paise: next.needs_paise },
          days: found.days.map((day) => ({
            ahead: day.ahead,
            date: day.date,
            requirement_paise: day.requirement,
            shortfall_paise: day.shortfall,
            added_paise: day.added,
            rules: day.rules,
            expiring: day.expiring,
          })),
        },
      };
    },
  });
}
