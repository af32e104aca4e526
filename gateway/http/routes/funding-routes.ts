// Margin trading funding (MTF) at the desk: a lot's pledge as the depository tells it, and the lots that wait for one.
import { z } from 'zod';
import { requireAccount, seesAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, instrumentFields, listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';
import { funding } from './funding-shape.ts';

const body = z
  .strictObject({
    exchange: z.enum(['NSE', 'BSE']),
    symbol: z.string().min(1).max(60).optional(),
    token: z.int().min(1).max(0xffffffff).optional(),
    bought_on: z.iso.date().describe('Business date of the purchase'),
    quantity: z
      .int()
      .min(-100_000_000)
      .max(100_000_000)
      .refine((units) => units !== 0, 'must not be 0')
      .describe('Units whose pledge was accepted; below zero: released'),
    reference: z.string().min(1).max(128).describe("The depository's number of the pledge"),
  })
  .refine(({ symbol, token }) => (symbol === undefined) !== (token === undefined), {
    message: 'exactly one of symbol and token is needed',
    path: ['symbol'],
  });

const unpledged = z.strictObject({
  account: z.string(),
  ...instrumentFields,
  bought_on: z.string(),
  units: z.number(),
  unpledged: z.number(),
  days: z.int().describe('Trading days since the purchase; 99 for more than a month'),
  step: z.enum(['await', 'lastDay', 'squareOff']).describe('lastDay: until 17:00; squareOff: what is not pledged is sold'),
});

/** The routes. */
export function fundingRoutes({ clients, fundings }: Desks): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/clients/:account/funding/pledges',
      summary: 'The client has accepted the pledge of shares bought with funding (MTF), or it was released',
      tag: 'collateral',
      access: 'limits:write',
      params: z.strictObject({ account }),
      body,
      answer: funding,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
      example: {
        params: { account: 'C000001' },
        body: { exchange: 'NSE', symbol: 'RELIANCE', bought_on: '2026-11-19', quantity: 10, reference: 'PSN 1' },
      },
      handle: async ({ params: { account: name }, body: { bought_on: boughtOn, ...pledge }, principal }) => {
        requireAccount(principal, name);
        const isKnown = await fundings.pledge(name, { ...pledge, boughtOn: Number(boughtOn.replaceAll('-', '')) });
        return { data: known(isKnown ? await clients.funding(name) : undefined, 'the account') };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/funding/unpledged',
      summary: 'Lots bought with funding (MTF) whose pledge the client has still to accept, the oldest first',
      tag: 'collateral',
      access: 'house:read',
      answer: listOf(unpledged),
      example: {},
      handle: async ({ principal }) => ({ data: await fundings.unpledged((name) => seesAccount(principal, name)) }),
    }),
  ];
}
