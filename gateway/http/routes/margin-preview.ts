// What the next SPAN file would ask if it came now.
import { z } from 'zod';
import type { LastPrice } from '../../risk/preview-desk.ts';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, listOf, paise, rupeesPrice } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

const answer = z.strictObject({
  account: z.string(),
  file: z.string().describe('SPAN file in force'),
  as_of_file_paise: paise.describe('Requirement by the file in force'),
  live_paise: paise.describe('Requirement by arrays derived again from live prices'),
  change_paise: paise,
  available_paise: paise,
  needs_paise: paise.describe('What would be missing; 0 when nothing is'),
  prices: listOf(
    z.strictObject({
      symbol: z.string(),
      file_price: rupeesPrice,
      live_price: rupeesPrice,
      source: z.enum(['future', 'share', 'file', 'asked']).describe('Whose price says how far it moved; file: no fresh price, taken as unmoved'),
      model_residual: z.number().nullable().describe('Largest difference between model and file, in parts of the scan range; null: not derived'),
      model: z
        .enum(['BLACK_SCHOLES', 'BLACK_76', 'BARONE_ADESI_WHALEY'])
        .nullable()
        .describe('What its options are derived by: on the spot, on a future, with early exercise; null: it has none'),
    }),
  ),
  underlyings: listOf(z.strictObject({ symbol: z.string(), requirement_paise: paise })),
});

/** Last believed prices that are fresh. */
export function lastPriceOf({ feed }: Desks): LastPrice {
  return (segment, token) => (feed === undefined || feed.isStale(segment, token) ? undefined : feed.quote(segment, token)?.price);
}

/** The route. */
export function marginPreviewRoute(desks: Desks): Route {
  const { previews } = desks;
  return route({
    method: 'GET',
    path: '/v1/margins/preview',
    summary: 'What a client would have to have if the next SPAN file were published now: arrays derived again from live prices. Changes nothing',
    tag: 'margins',
    access: 'margin:read',
    query: z.strictObject({
      account,
      move: z.coerce.number().min(-0.5).max(0.5).optional().describe('As if every underlying stood so far from the file: 0.02 = 2 % up'),
    }),
    answer,
    errors: ['TZ-NOT-FOUND', 'TZ-BUSY', 'TZ-TIMEOUT'],
    example: { query: { account: 'C000001' } },
    handle: async ({ query, principal }) => {
      requireAccount(principal, query.account);
      return { data: known(await previews.preview(query.account, lastPriceOf(desks), query.move), 'the account') };
    },
  });
}
