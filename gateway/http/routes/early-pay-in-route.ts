// What the clearing corporation has booked of a client ahead of the pay-in.
import { z } from 'zod';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, paise } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known, standingShape } from './client-routes.ts';

const reference = z.string().min(1).max(128).describe('Settlement, and request at the clearing corporation');
const body = z.discriminatedUnion('way', [
  z
    .strictObject({
      way: z.literal('SECURITIES'),
      exchange: z.enum(['NSE', 'BSE']),
      symbol: z.string().min(1).max(60).optional(),
      token: z.int().min(1).max(0xffffffff).optional(),
      quantity: z
        .int()
        .min(-100_000_000)
        .max(100_000_000)
        .refine((units) => units !== 0, 'must not be 0')
        .describe('Units booked; below zero: taken back'),
      reference,
    })
    .refine(({ symbol, token }) => (symbol === undefined) !== (token === undefined), {
      message: 'exactly one of symbol and token is needed',
      path: ['symbol'],
    }),
  z.strictObject({
    way: z.literal('FUNDS'),
    amount_paise: paise
      .refine((amount) => amount !== 0 && Math.abs(amount) <= 1e13, 'must not be 0, nor beyond Rs 10,000 crore')
      .describe('Below zero: taken back'),
    reference,
  }),
]);

/** The route. */
export function earlyPayInRoute({ clients, earlyPayIns }: Desks): Route {
  return route({
    method: 'POST',
    path: '/v1/clients/:account/early-pay-ins',
    summary:
      'What the clearing corporation has booked early: units sold count as delivered and their sale as funds; money covers what was bought first',
    tag: 'collateral',
    access: 'limits:write',
    params: z.strictObject({ account }),
    body,
    answer: standingShape,
    mutates: true,
    errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
    example: {
      params: { account: 'C000001' },
      body: { way: 'SECURITIES', exchange: 'NSE', symbol: 'RELIANCE', quantity: 10, reference: 'M2026223 E1' },
    },
    handle: async ({ params: { account: name }, body: booking, principal }) => {
      requireAccount(principal, name);
      const isKnown = await earlyPayIns.book(name, booking);
      return { data: known(isKnown ? await clients.standing(name) : undefined, 'the account') };
    },
  });
}
