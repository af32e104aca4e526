// Limits and standing of clients: changed one at a time, or by an upload that can be looked at first.
import { z } from 'zod';
import { LIMIT_MAX, type LimitUpload } from '../../risk/limit-desk.ts';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, listOf } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known, limitsShape, segmentNames, standingShape } from './client-routes.ts';

const bound = z.int().min(0).max(LIMIT_MAX).optional();
const changeFields = {
  max_order_quantity: bound,
  max_order_value_paise: bound,
  max_open_order_value_paise: bound,
  max_open_orders: bound,
  max_net_quantity: bound,
  max_gross_value_paise: bound,
  max_turnover_paise: bound,
  max_loss_paise: bound,
  max_funded_paise: bound,
};
const isChange = (body: object): boolean => Object.values(body).some((value) => value !== undefined);
const change = z.strictObject(changeFields).refine(isChange, 'names nothing to change').describe('Limits to change; 0 = no limit; the others stay');
const params = z.strictObject({ account });
const example = { params: { account: 'C000001' } };

const upload = z
  .strictObject({
    csv: z.string().min(1).optional().describe('CSV text with a header: account and limit columns'),
    rows: z
      .array(z.strictObject({ account, ...changeFields }))
      .min(1)
      .max(2_000)
      .optional(),
  })
  .refine((body) => (body.csv === undefined) !== (body.rows === undefined), { message: 'exactly one of csv and rows is needed', path: ['csv'] })
  .transform((body): LimitUpload => (body.csv === undefined ? { rows: body.rows ?? [] } : { csv: body.csv }));
const row = z.strictObject({
  line: z.int().describe('Line in the CSV text (the header is line 1), or place in rows from 1'),
  account: z.string(),
  before: limitsShape.nullable(),
  after: limitsShape.nullable(),
  error: z.string().nullable(),
});
const uploadExample = { body: { csv: 'account,max_order_quantity,max_order_value_paise\nC000001,5000,500000000\n' } };

/** Limits: set, preview, bulk; standing. */
export function limitRoutes(desks: Desks): Route[] {
  return [...oneByOne(desks), ...byUpload(desks)];
}

function oneByOne({ clients, limits }: Desks): Route[] {
  return [
    route({
      method: 'PUT',
      path: '/v1/clients/:account/limits',
      summary: 'Set limits of a client; those not named stay',
      tag: 'limits',
      access: 'limits:write',
      params,
      body: change,
      answer: limitsShape,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
      example: { ...example, body: { max_order_quantity: 5_000 } },
      handle: async ({ params: { account: name }, body, principal }) => {
        requireAccount(principal, name);
        return { data: known(await limits.setLimits(name, body), 'the account') };
      },
    }),
    route({
      method: 'PATCH',
      path: '/v1/clients/:account',
      summary: 'Change the standing of a client, or the segments it may trade',
      tag: 'limits',
      access: 'limits:write',
      params,
      body: z
        .strictObject({ status: z.enum(['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED']).optional(), segments: segmentNames.optional() })
        .refine(isChange, 'names nothing to change'),
      answer: standingShape,
      mutates: true,
      errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
      example: { ...example, body: { status: 'ACTIVE' } },
      handle: async ({ params: { account: name }, body, principal }) => {
        requireAccount(principal, name);
        await limits.setStanding(name, body.status, body.segments);
        return { data: known(await clients.standing(name), 'the account') };
      },
    }),
  ];
}

function byUpload({ limits }: Desks): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/limits/preview',
      summary: 'What an upload of limits would change, row by row; changes nothing',
      tag: 'limits',
      access: 'limits:write',
      body: upload,
      takesCsv: true,
      answer: z.strictObject({ rows: listOf(row), bad: z.int() }),
      example: uploadExample,
      handle: async ({ body }) => {
        const rows = await limits.preview(body);
        return { data: { rows, bad: rows.filter(({ error }) => error !== null).length } };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/limits/bulk',
      summary: 'Apply an upload of limits: every row, or none when one is bad',
      tag: 'limits',
      access: 'limits:write',
      body: upload,
      takesCsv: true,
      answer: z.strictObject({ rows: listOf(row) }),
      mutates: true,
      errors: ['TZ-LIMIT-ROWS', 'TZ-REFUSED'],
      example: uploadExample,
      handle: async ({ body }) => ({ data: { rows: await limits.apply(body) } }),
    }),
  ];
}
