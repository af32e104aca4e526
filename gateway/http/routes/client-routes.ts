// Clients: the desk's list, and everything about one account. A token tied to accounts sees those and no other.
import { z } from 'zod';
import { ExchangeSegment } from '../../../engine/index.ts';
import type { FundsAnswer, HoldingAnswer, MarginAnswer, PositionAnswer, ScenariosAnswer, StandingAnswer } from '../../risk/client-answer.ts';
import type { Limits } from '../../risk/limit-desk.ts';
import type { PeakAnswer } from '../../risk/peak-answer.ts';
import { requireAccount, seesAccount } from '../auth/principal.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Desks } from '../desks.ts';
import { account, cursor, exchange, instrumentFields, listOf, pageLimit, paise, rupeesPrice } from '../fields.ts';
import { refusal } from '../http-error.ts';
import { type Route, route } from '../route.ts';
import { daysWithin, deliveryShape } from './delivery-shape.ts';
import { funding } from './funding-shape.ts';
import { orderShape, rejectionShape } from './order-shape.ts';

const STATUSES = ['ACTIVE', 'FROZEN', 'REDUCE_ONLY', 'CLOSED'] as const;
const params = z.strictObject({ account });
const example = { params: { account: 'C000001' } };

const standingFields = {
  account: z.string(),
  status: z.enum(STATUSES) as z.ZodType<string>,
  kind: z.string(),
  killed: z.boolean(),
  segments: listOf(z.string()),
  requirement_paise: paise.describe('What the client must have'),
  available_paise: paise.describe('What counts against it'),
  excess_paise: paise.describe('Available less requirement'),
  needs_paise: paise.describe('What is missing; 0 when nothing is'),
  mtm_paise: paise.describe('Gain of the day, realised and not'),
  open_orders: z.int(),
  open_order_value_paise: paise,
  turnover_paise: paise,
};
const standing: z.ZodType<StandingAnswer> = z.strictObject(standingFields);
const underlying = z.strictObject({
  symbol: z.string(),
  product: z.string().describe('Product of a share; empty for an underlying'),
  underlying: z.int().describe('Row of the underlying; -1 for a share'),
  requirement_paise: paise.describe('Working orders included'),
  position_paise: paise.describe('Of the position alone'),
  scan_paise: paise,
  calendar_paise: paise,
  spot_paise: paise,
  inter_commodity_paise: paise.describe('Credit from other underlyings, taken off; 0 while an order works on one of them'),
  short_option_minimum_paise: paise,
  net_option_value_paise: paise.describe('Long less short'),
  exposure_paise: paise,
  added_paise: paise.describe('Dated rules beyond SPAN and exposure: delivery, expiry day, relief of a futures spread (negative)'),
  cash_paise: paise,
  working_orders: z.int(),
});
const setApartFields = {
  early_sales_paise: paise.describe('Early pay-in of securities: what the sales came to, among the funds until the close'),
  early_paid_paise: paise.describe('Early pay-in of funds: no longer among the funds, covers what was bought first'),
  funded_own_paise: paise.describe('Own money in shares bought with funding (MTF), among the funds: what the lots cost less what is lent on them'),
};
const margin: z.ZodType<MarginAnswer> = z
  .strictObject({
    ...standingFields,
    as_of: z.int().describe('Slot sequence the figures are as of'),
    span_paise: paise,
    exposure_paise: paise,
    inter_commodity_paise: paise.describe('Credits between underlyings, taken off in span_paise'),
    added_paise: paise.describe('Dated rules beyond SPAN and exposure'),
    net_option_value_paise: paise,
    cash_margin_paise: paise,
    position_paise: paise.describe('Requirement of the positions alone'),
    working_paise: paise.describe('What working orders add'),
    house_paise: paise.describe('What the house multiplier adds'),
    premium_paise: paise.describe('Option premium of the day: bought +, sold -'),
    cash_paise: paise,
    collateral_paise: paise.describe('Counted collateral, after haircut and the 50:50 rule'),
    adhoc_paise: paise,
    ...setApartFields,
    realised_paise: paise,
    unrealised_paise: paise,
    closed_gain_paise: paise.describe('Of realised_paise: derivatives. A loss among it is paid neither by what is open nor by shares'),
    crystallised_obligation_paise: paise.describe('Owed for premium and for derivatives closed today, net; available_paise is without it'),
    peak_paise: paise.describe('Largest requirement of the day: of its margin snapshots, or seen by this gateway'),
    snapshot_peak_paise: paise.describe('Largest requirement of the margin snapshots: positions alone, as the clearing corporation sees it'),
    snapshot_shortfall_paise: paise.describe('Largest shortfall of the margin snapshots'),
    option_value_paise: paise.describe('Options at their marks: long +, short -'),
    underlyings: listOf(underlying),
  })
  .describe('position_paise + working_paise + house_paise = requirement_paise. Holds no personal data: a PAN would need the scope pii:read');
const funds: z.ZodType<FundsAnswer> = z.strictObject({
  account: z.string(),
  as_of: z.int(),
  cash_paise: paise,
  cash_equivalent_paise: paise,
  non_cash_paise: paise,
  non_cash_idle_paise: paise.describe('Non-cash collateral beyond the cash part: does not count'),
  adhoc_paise: paise,
  ...setApartFields,
  premium_paise: paise,
  realised_paise: paise,
  unrealised_paise: paise,
  crystallised_obligation_paise: paise.describe('Owed for premium and for derivatives closed today, net; available_paise is without it'),
  available_paise: paise,
});
const position: z.ZodType<PositionAnswer> = z.strictObject({
  ...instrumentFields,
  product: z.string().describe('Empty for derivatives, which net whatever the product'),
  net: z.number().describe('Signed units'),
  average_price: rupeesPrice,
  mark: rupeesPrice,
  mtm_paise: paise,
  realised_paise: paise,
  unrealised_paise: paise,
  option_value_paise: paise.describe('An option at its mark: long +, short -; 0 for whatever else'),
  working_buys: z.number(),
  working_sells: z.number(),
  covered: z.number().describe('Of net, units bought that are paid in early: they ask no margin'),
});
const holding: z.ZodType<HoldingAnswer> = z.strictObject({
  ...instrumentFields,
  free: z.number(),
  pledged: z.number(),
  t1: z.number(),
  early: z.number().describe('Units the clearing corporation has ahead of the pay-in: free units, unless it has more than were free'),
});

const limits = z.strictObject({
  max_order_quantity: z.number(),
  max_order_value_paise: z.number(),
  max_open_order_value_paise: z.number(),
  max_open_orders: z.number(),
  max_net_quantity: z.number(),
  max_gross_value_paise: z.number(),
  max_turnover_paise: z.number(),
  max_loss_paise: z.number().describe('Loss of the day from which only reducing orders pass'),
  max_funded_paise: z.number().describe('Sanctioned of margin trading funding (MTF); 0 = not enabled'),
});

/** An answer about an account, or 404. */
export function known<Answer>(answer: Answer | undefined, what: string): Answer {
  if (answer === undefined) throw refusal('TZ-NOT-FOUND', `${what} is not known here`);
  return answer;
}

interface AccountRoute<Data> {
  readonly path: string;
  readonly summary: string;
  readonly answer: z.ZodType<Data>;
  readonly ask: (account: string) => Promise<Data | undefined>;
}

const peak: z.ZodType<PeakAnswer> = z.strictObject({
  account: z.string(),
  peak_paise: paise.describe('Largest requirement of the snapshots: positions alone'),
  peak_number: z.int().describe('Which snapshot it was; 0 before the first'),
  peak_time_micros: z.number().describe('Microseconds since 1970'),
  shortfall_paise: paise.describe('Largest shortfall of the snapshots'),
  seen_peak_paise: paise.describe('Largest requirement this gateway has seen, working orders and house multiplier included'),
  seen_peak_time_micros: z.number(),
  requirement_paise: paise,
  available_paise: paise,
  snapshots: listOf(
    z.strictObject({
      number: z.int(),
      time_micros: z.number(),
      required_paise: paise,
      available_paise: paise.describe('Collateral after haircut'),
      shortfall_paise: paise,
      segments: listOf(
        z.strictObject({
          exchange: z.string(),
          required_paise: paise,
          available_paise: paise.describe('What the segments before it left'),
          shortfall_paise: paise,
          parameters: z.enum(['opening', 'in force', 'incomplete']),
        }),
      ),
    }),
  ),
});

/** A read of one account. */
function ofAccount<Data>({ path, summary, answer, ask }: AccountRoute<Data>): Route {
  return route({
    method: 'GET',
    path: `/v1/clients/:account${path}`,
    summary,
    tag: 'clients',
    access: 'margin:read',
    params,
    answer,
    errors: ['TZ-NOT-FOUND'],
    example,
    handle: async ({ params: { account: name }, principal }) => {
      requireAccount(principal, name);
      return { data: known(await ask(name), 'the account') };
    },
  });
}

/** The list and the reads of one account. */
export function clientRoutes(desks: Desks): Route[] {
  const { clients } = desks;
  return [
    listRoute(desks),
    ofAccount({ path: '', summary: 'Standing of a client', answer: standing, ask: (name) => clients.standing(name) }),
    ofAccount({ path: '/margin', summary: 'Margin, part by part, by underlying', answer: margin, ask: (name) => clients.margin(name) }),
    ofAccount({
      path: '/positions',
      summary: 'Positions with gains of the day',
      answer: z.strictObject({ account: z.string(), as_of: z.int(), positions: listOf(position) }),
      ask: (name) => clients.positions(name),
    }),
    ofAccount({
      path: '/holdings',
      summary: 'Holdings: free, pledged, T1',
      answer: z.strictObject({ account: z.string(), as_of: z.int(), holdings: listOf(holding) }),
      ask: (name) => clients.holdings(name),
    }),
    ofAccount({ path: '/funds', summary: 'What counts against the requirement, part by part', answer: funds, ask: (name) => clients.funds(name) }),
    ofAccount({ path: '/limits', summary: 'Limits; 0 = no limit', answer: limits, ask: (name) => desks.limits.limits(name) }),
    ofAccount({
      path: '/funding',
      summary: 'Margin trading funding (MTF): sanction, what is drawn, and the lots it bought',
      answer: funding,
      ask: (name) => clients.funding(name),
    }),
    ofAccount({
      path: '/peak',
      summary: "The day's margin snapshots and their peak, the largest requirement seen in between, and the one now",
      answer: peak,
      ask: (name) => clients.peak(name),
    }),
    scenariosRoute(desks),
    deliveriesRoute(desks),
    ordersRoute(desks),
  ];
}

const scenarios: z.ZodType<ScenariosAnswer> = z.strictObject({
  account: z.string(),
  symbol: z.string(),
  active_scenario: z.int().describe('1 to 16: the worst; 0 without a position'),
  scan_paise: paise.describe('Scan risk; the sum of scan tiers, each at its own worst'),
  scenarios: listOf(
    z.strictObject({
      number: z.int(),
      price_move: z.number().describe('In parts of the price scan range'),
      vol_move: z.number().describe('In parts of the volatility scan range'),
      loss_paise: paise.describe('Loss +, gain -; of the position, working orders aside'),
    }),
  ),
});

function scenariosRoute({ clients }: Desks): Route {
  return route({
    method: 'GET',
    path: '/v1/clients/:account/underlyings/:underlying/scenarios',
    summary: 'What the position in one underlying would lose in each SPAN scenario; with exchange, symbol and units, as if those were filled too',
    tag: 'clients',
    access: 'margin:read',
    params: z.strictObject({ account, underlying: z.string().min(1).max(60) }),
    query: z
      .strictObject({
        exchange: exchange.optional(),
        symbol: z.string().min(1).max(60).optional(),
        units: z.coerce.number().int().min(-1e8).max(1e8).optional().describe('Bought +, sold -'),
      })
      .refine((query) => new Set(Object.values(query).map((value) => value === undefined)).size < 2, 'exchange, symbol and units go together'),
    answer: scenarios,
    errors: ['TZ-NOT-FOUND'],
    example: { params: { account: 'C000001', underlying: 'NIFTY' } },
    handle: async ({ params: { account: name, underlying: symbol }, query, principal }) => {
      requireAccount(principal, name);
      const { exchange: at, symbol: of, units } = query;
      const order = at === undefined || of === undefined || units === undefined ? undefined : { segment: ExchangeSegment[at], symbol: of, units };
      return { data: known(await clients.scenarios(name, symbol, order), 'the account or underlying') };
    },
  });
}

function deliveriesRoute({ house }: Desks): Route {
  return route({
    method: 'GET',
    path: '/v1/clients/:account/deliveries',
    summary: 'Stock derivatives of a client that end in shares within so many days of trading',
    tag: 'clients',
    access: 'margin:read',
    params,
    query: z.strictObject({ within: daysWithin }),
    answer: listOf(deliveryShape),
    errors: ['TZ-NOT-FOUND'],
    example,
    handle: async ({ params: { account: name }, query, principal }) => {
      requireAccount(principal, name);
      return { data: known(await house.deliveriesOf(name, query.within), 'the account') };
    },
  });
}

function listRoute({ clients }: Desks): Route {
  return route({
    method: 'GET',
    path: '/v1/clients',
    summary: 'Clients by shortfall, loss, requirement or name, worst first',
    tag: 'clients',
    access: 'margin:read',
    query: z.strictObject({
      sort: z.enum(['shortfall', 'mtm', 'requirement', 'account']).default('shortfall'),
      status: z.enum(STATUSES).optional(),
      killed: z.enum(['true', 'false']).optional(),
      search: z.string().max(16).default('').describe('Part of the account'),
      limit: pageLimit,
      cursor,
    }),
    answer: z.strictObject({ total: z.int(), clients: listOf(standing) }),
    errors: ['TZ-CURSOR'],
    example: { query: { sort: 'shortfall', limit: 2 } },
    handle: async ({ query, principal }) => {
      const { sort, status, killed, limit } = query;
      const search = query.search.toUpperCase();
      const list = `clients ${sort} ${status ?? ''} ${killed ?? ''} ${search} ${principal.subject}`;
      const after = query.cursor === undefined ? undefined : (openCursor(list, query.cursor) as [number, string]);
      const isKilled = killed === undefined ? undefined : killed === 'true';
      const page = await clients.list({ sort, status, killed: isKilled, search, limit, after, sees: (name) => seesAccount(principal, name) });
      return {
        data: { total: page.total, clients: page.clients },
        nextCursor: page.next === undefined ? undefined : sealCursor(list, page.next),
      };
    },
  });
}

function ordersRoute({ clients, house }: Desks): Route {
  return route({
    method: 'GET',
    path: '/v1/clients/:account/orders',
    summary: 'Orders of the day, newest first; with state=rejected the requests that were refused since the gateway started',
    tag: 'orders',
    access: 'orders:read',
    params,
    query: z.strictObject({ state: z.enum(['open', 'all', 'rejected']).default('open'), limit: pageLimit, cursor }),
    answer: z.strictObject({ account: z.string(), orders: listOf(orderShape), rejected: listOf(rejectionShape) }),
    errors: ['TZ-NOT-FOUND', 'TZ-CURSOR'],
    example: { ...example, query: { state: 'all', limit: 50 } },
    handle: async ({ params: { account: name }, query, principal }) => {
      requireAccount(principal, name);
      const { state, limit } = query;
      if (state === 'rejected') {
        known(await clients.standing(name), 'the account');
        return { data: { account: name, orders: [], rejected: house.rejectsOf(name, limit) } };
      }
      const list = `orders ${name} ${state} ${principal.subject}`;
      const before = query.cursor === undefined ? 0 : Number(openCursor(list, query.cursor)[0]);
      const orders = known(await clients.orders(name, state === 'open', before, limit + 1), 'the account');
      const page = orders.slice(0, limit);
      const last = page.at(-1);
      const isMore = orders.length > limit && last !== undefined;
      return {
        data: { account: name, orders: page, rejected: [] },
        nextCursor: isMore ? sealCursor(list, [Number(last.id.split('-')[1])]) : undefined,
      };
    },
  });
}

/** Segments an account may trade, by name. */
export const segmentNames: z.ZodType<readonly string[]> = z.array(exchange).max(7);
/** Limits of an account. */
export const limitsShape: z.ZodType<Limits> = limits;
/** Standing of an account. */
export const standingShape: z.ZodType<StandingAnswer> = standing;
