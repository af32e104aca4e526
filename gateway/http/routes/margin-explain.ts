// The margin of a client, line by line: a tree written down from the top, each line with how deep it stands.
import { z } from 'zod';
import type { MarginLine } from '../../risk/margin-lines.ts';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, listOf, paise } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

/** One line of a margin tree. */
export const marginLineShape: z.ZodType<MarginLine> = z.strictObject({
  depth: z.int().describe('0 = requirement and available; a line belongs to the last one before it that stands less deep'),
  label: z.string(),
  amount_paise: paise,
  losses_paise: listOf(paise).nullable().describe('The 16 scenario losses, where the line has them'),
  file: z.string().nullable(),
  row: z.string().nullable().describe('Contract or element of the file'),
  rule: z.string().nullable().describe('Dated rule or step of the calculation'),
});

/** The route. */
export function marginExplainRoute({ baskets }: Desks): Route {
  return route({
    method: 'GET',
    path: '/v1/clients/:account/margin/explain',
    summary: 'Margin of a client as a tree: position, scenario vector, active scenario, charges, add-ons, working orders, collateral, available',
    tag: 'margins',
    access: 'margin:read',
    params: z.strictObject({ account }),
    answer: z.strictObject({ account: z.string(), as_of: z.int(), parameters_hash: z.string(), excess_paise: paise, lines: listOf(marginLineShape) }),
    errors: ['TZ-NOT-FOUND', 'TZ-BUSY', 'TZ-TIMEOUT'],
    example: { params: { account: 'C000001' } },
    handle: async ({ params, principal }) => {
      requireAccount(principal, params.account);
      return { data: known(await baskets.explain(params.account), 'the account') };
    },
  });
}
