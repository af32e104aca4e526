// Collateral: of one client with its pieces and places, of the member at each clearing corporation; pledges, moves, and the day's list of haircuts.
import { z } from 'zod';
import { ExchangeSegment, type HaircutBody } from '../../../engine/index.ts';
import { type CollateralAnswer, type ShortAnswer, WITH_MEMBER } from '../../risk/collateral-answer.ts';
import type { MemberAnswer } from '../../risk/member-watch.ts';
import type { SliceAnswer } from '../../risk/slice-desk.ts';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, exchange, listOf, paise } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

const KINDS = ['CASH', 'FDR', 'BANK_GUARANTEE', 'BANK_GUARANTEE_UNFUNDED', 'GSEC', 'OVERNIGHT_FUND', 'FUND', 'EQUITY'] as const;
const corporation = z.string().describe('NCL, ICCL or MCXCCL');
const collateral: z.ZodType<CollateralAnswer> = z.strictObject({
  account: z.string(),
  as_of: z.int(),
  cash_paise: paise,
  cash_unplaced_paise: paise.describe('Of the cash, what is placed at no clearing corporation'),
  cash_equivalent_paise: paise.describe('Deposits, funded guarantees, government securities, overnight funds; after haircut and caps'),
  non_cash_paise: paise,
  cash_equivalent_given_paise: paise.describe('Of cash_equivalent_paise, what was given as a figure, not as pieces'),
  non_cash_given_paise: paise,
  non_cash_counted_paise: paise.describe('Of non_cash_paise, what counts beside the cash part (50:50)'),
  available_paise: paise,
  requirement_paise: paise,
  pieces: listOf(
    z.strictObject({
      kind: z.string(),
      key: z.string().describe('ISIN, or reference of a deposit or guarantee'),
      place: z.string().describe('Exchange segment whose clearing corporation has it, or MEMBER'),
      cash_like: z.boolean(),
      quantity: z.number().describe('Units; paise of cash, deposits and guarantees'),
      pending: z.number().describe('Counts from the next day on'),
      price: z.number().describe('Rupees a unit; 0 for amounts'),
      haircut_percent: z.number(),
      exchange_haircut_percent: z.number(),
      listed: z.int().describe('yyyymmdd of the list it is valued by; 0 = of no list'),
      maturity: z.int().describe('yyyymmdd of the last day it counts; 0 = no end'),
      value_paise: paise.describe('After haircut'),
      counted_paise: paise.describe('After caps'),
      reason: z.string().describe('notApproved, ended or matured; empty when it counts'),
    }),
  ),
  segments: listOf(
    z.strictObject({
      segment: z.string(),
      corporation,
      required_paise: paise.describe('Upfront margin of the positions'),
      cash_paise: paise,
      cash_others_paise: paise,
      non_cash_paise: paise,
    }),
  ),
  corporations: listOf(
    z.strictObject({
      corporation,
      required_paise: paise,
      placed_paise: paise,
      short_paise: paise.describe('What the positions ask less what is placed there, without the 50:50 rule'),
      excess_paise: paise,
      unexplained_paise: paise.describe('Of short_paise, what excess at the others does not explain'),
    }),
  ),
});
const short: z.ZodType<ShortAnswer> = z.strictObject({
  account: z.string(),
  corporation,
  required_paise: paise,
  placed_paise: paise,
  short_paise: paise,
  unexplained_paise: paise,
});
const member: z.ZodType<MemberAnswer> = z.strictObject({
  age_seconds: z.int().nullable().describe('Of the oldest figure in it; null before every part of the engine was asked once'),
  corporations: listOf(
    z.strictObject({
      corporation,
      required_paise: paise.describe('Margin of all clients, working orders included'),
      cash_paise: paise,
      cash_others_paise: paise,
      non_cash_paise: paise,
      effective_paise: paise.describe('What counts: 50:50 at the level of the member'),
      used: z.number().nullable().describe('Part of effective_paise; null when nothing is placed there'),
      mode: z.enum(['NORMAL', 'RISK_REDUCTION']),
    }),
  ),
  short_clients: z.int(),
  short_paise: paise,
  short: listOf(short),
});

const slice: z.ZodType<SliceAnswer> = z.strictObject({
  corporation,
  limit_paise: paise,
  given_paise: paise.describe('What all parts together can have at most'),
  free_paise: paise,
  waiting: z.int().describe('Grants and recalls without an answer yet'),
});

const place = z.union([exchange, z.literal(WITH_MEMBER)]).describe('Exchange segment, or MEMBER');
const segmentOf = (name: z.infer<typeof place>): number => (name === WITH_MEMBER ? 0 : ExchangeSegment[name as keyof typeof ExchangeSegment]);
const key = z.string().regex(/^[\x21-\x7e]{1,16}$/, 'must be 1 to 16 printable characters without spaces');
const reference = z.string().min(1).max(128).describe('Of the depository, or of the upload at the clearing corporation');
const fact = z.boolean().default(false).describe('What the depository or the clearing corporation has told: margin is not asked');
const params = z.strictObject({ account });
const example = { params: { account: 'C000001' } };
const change = {
  tag: 'collateral',
  access: 'limits:write',
  params,
  answer: collateral,
  mutates: true,
  errors: ['TZ-NOT-FOUND', 'TZ-REFUSED'],
} as const;

const pledge = z.strictObject({
  kind: z.enum(['GSEC', 'OVERNIGHT_FUND', 'FUND', 'EQUITY']).default('EQUITY'),
  isin: key,
  quantity: z.int().min(-100_000_000).max(100_000_000).describe('Units pledged (positive) or taken back'),
  place: place.default(WITH_MEMBER),
  credit: z.enum(['NOW', 'NEXT_DAY']).default('NEXT_DAY').describe('NOW is an intraday pledge; else it counts from the next day on'),
  holding: z
    .strictObject({ exchange: z.enum(['NSE', 'BSE']), token: z.int().min(1).max(0xffffffff) })
    .optional()
    .describe('Holding the units leave and come back to; absent: holdings are told apart'),
  fact,
  reference,
});
const allocation = z.strictObject({
  kind: z.enum(KINDS),
  key: key.optional().describe('ISIN or reference; none for CASH'),
  from: place,
  to: place,
  quantity: z.int().min(1).max(1_000_000_000_000).describe('Units; paise of cash, deposits and guarantees'),
  fact,
  reference,
});

const rate = z.int().min(0).max(10_000);
const haircut: z.ZodType<HaircutBody> = z.strictObject({
  kind: z.enum(KINDS),
  isin: key.optional(),
  class: z.enum(['CASH_EQUIVALENT', 'NON_CASH']).optional(),
  haircut: rate.optional(),
  houseHaircut: rate.optional(),
  price: z.int().min(0).max(10_000_000_000).optional(),
  cap: z.int().min(1).max(1_000_000_000_000).optional(),
  securityShare: rate.min(1).optional(),
  countsUntil: z.int().min(19_000_101).max(99_991_231).optional(),
}) as z.ZodType<HaircutBody>;
const list = z.strictObject({
  date: z.int().min(19_000_101).max(99_991_231).describe('yyyymmdd'),
  rows: z.array(haircut).max(500).describe('Rates in 1/10,000, prices in ticks of 1/10,000 rupee; without isin: the kind as a whole'),
  replace: z.boolean().default(true).describe('false: not the first part of the list'),
  revalue: z.boolean().default(true).describe('false: not the last part'),
});

/** Reading, and the list. */
export function collateralRoutes({ collateral: desk, member: watch, slices }: Desks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/clients/:account/collateral',
      summary: 'Collateral of a client: pieces with haircut and caps, where they are placed, and what is short at each clearing corporation',
      tag: 'collateral',
      access: 'margin:read',
      params,
      answer: collateral,
      errors: ['TZ-NOT-FOUND'],
      example,
      handle: async ({ params: { account: name }, principal }) => {
        requireAccount(principal, name);
        return { data: known(await desk.collateral(name), 'the account') };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/member/collateral',
      summary: 'Margin and collateral of all clients at each clearing corporation, and who is short; added up over some seventeen seconds',
      tag: 'collateral',
      access: 'house:read',
      answer: member,
      handle: () => Promise.resolve({ data: watch.answer() }),
    }),
    route({
      method: 'POST',
      path: '/v1/collateral/haircuts',
      summary: 'The list of approved securities of a day, in parts of at most 500 rows; everybody is valued by it with the last part',
      tag: 'collateral',
      access: 'parameters:write',
      body: list,
      answer: z.strictObject({ date: z.int(), rows: z.int(), commands: z.int() }),
      mutates: true,
      errors: ['TZ-REFUSED'],
      example: { body: { date: 20261120, rows: [{ kind: 'EQUITY', isin: 'INE009A01021', price: 25_000_000, haircut: 1_250 }], replace: false } },
      handle: async ({ body }) => ({ data: { date: body.date, rows: body.rows.length, commands: await desk.setHaircuts(body) } }),
    }),
    route({
      method: 'GET',
      path: '/v1/member/slices',
      summary: 'What the member may use at each clearing corporation, and lend in all (FUNDING), and how much of it is given to parts of the engine',
      tag: 'collateral',
      access: 'house:read',
      answer: z.strictObject({ limits: listOf(slice) }),
      handle: () => Promise.resolve({ data: { limits: slices.answer() } }),
    }),
    ...changeRoutes(desk),
  ];
}

function changeRoutes(desk: Desks['collateral']): Route[] {
  return [
    route({
      ...change,
      method: 'POST',
      path: '/v1/clients/:account/collateral/pledges',
      summary: 'Pledge units, or take them back while the rest covers the margin',
      body: pledge,
      example: { ...example, body: { isin: 'INE009A01021', quantity: 10, reference: 'P-1' } },
      handle: async ({ params: { account: name }, body, principal }) => {
        requireAccount(principal, name);
        const { place: at, holding, ...rest } = body;
        const held = holding === undefined ? {} : { holding: { segment: ExchangeSegment[holding.exchange], token: holding.token } };
        return { data: known(await desk.pledge({ account: name, ...rest, segment: segmentOf(at), ...held }), 'the account') };
      },
    }),
    route({
      ...change,
      method: 'POST',
      path: '/v1/clients/:account/collateral/allocations',
      summary: 'Move collateral between the member and the clearing corporations; it counts neither more nor less for it',
      body: allocation,
      example: { ...example, body: { kind: 'CASH', from: 'MEMBER', to: 'NFO', quantity: 100_000, reference: 'NMASS-1' } },
      handle: async ({ params: { account: name }, body, principal }) => {
        requireAccount(principal, name);
        const { key: of, from, to, ...rest } = body;
        const named = of === undefined ? {} : { key: of };
        return { data: known(await desk.allocate({ account: name, ...rest, ...named, from: segmentOf(from), to: segmentOf(to) }), 'the account') };
      },
    }),
  ];
}
