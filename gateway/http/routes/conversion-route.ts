// A cash position from intraday to delivery, or back.
import { z } from 'zod';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, exchange } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known, standingShape } from './client-routes.ts';

const product = z.enum(['CNC', 'MIS', 'MTF']);
const body = z
  .strictObject({
    exchange,
    symbol: z.string().min(1).max(60).optional(),
    token: z.int().min(1).max(0xffffffff).optional(),
    from: product,
    to: product,
    quantity: z.int().min(1).max(100_000_000).describe('Units without sign; the position keeps its side'),
  })
  .refine(({ symbol, token }) => (symbol === undefined) !== (token === undefined), {
    message: 'exactly one of symbol and token is needed',
    path: ['symbol'],
  })
  .refine(({ from, to }) => from !== to && (from === 'CNC' || to === 'CNC'), {
    message: 'must be the other product, CNC being one of the two',
    path: ['to'],
  });

/** The route. */
export function conversionRoute({ clients, conversions }: Desks): Route {
  return route({
    method: 'POST',
    path: '/v1/clients/:account/positions/convert',
    summary:
      'Convert units of a cash position: MIS and CNC; today’s CNC into MTF; MTF into CNC, lots with the own cash. Derivatives net whatever the product',
    tag: 'orders',
    access: 'orders:write',
    params: z.strictObject({ account }),
    body,
    answer: standingShape,
    mutates: true,
    errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
    example: { params: { account: 'C000001' }, body: { exchange: 'NSE', symbol: 'RELIANCE', from: 'MIS', to: 'CNC', quantity: 10 } },
    handle: async ({ params: { account: name }, body: wanted, principal }) => {
      requireAccount(principal, name);
      const isKnown = await conversions.convert(name, wanted);
      return { data: known(isKnown ? await clients.standing(name) : undefined, 'the account') };
    },
  });
}
