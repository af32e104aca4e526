// Margin asked about before anything is done: baskets of orders, in whatever number a strategy has legs.
import { z } from 'zod';
import { BASKET_LEGS_MAX, type MarginParts, type Verdict } from '../../../engine/index.ts';
import { type LegVerdict, legVerdict, type WeighedBasket } from '../../risk/basket-desk.ts';
import { isFixable } from '../../risk/margin-lines.ts';
import type { OrderTermsBody } from '../../risk/order-terms.ts';
import { requireAccount } from '../auth/principal.ts';
import type { Desks } from '../desks.ts';
import { account, exchange, givenPrice, listOf, paise, product, rupeesPrice } from '../fields.ts';
import { type Route, route } from '../route.ts';
import { known } from './client-routes.ts';

type LegBody = Omit<OrderTermsBody, 'account' | 'validity' | 'disclosed_quantity'>;

const leg: z.ZodType<LegBody> = z
  .strictObject({
    exchange,
    symbol: z.string().min(1).max(60).optional(),
    token: z.int().min(1).max(0xffffffff).optional(),
    side: z.enum(['BUY', 'SELL']),
    quantity: z.int().min(1).max(100_000_000).describe('Units, never lots'),
    order_type: z.enum(['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT']).default('LIMIT'),
    product: product.optional(),
    price: givenPrice.default(0),
    trigger_price: givenPrice.default(0),
    target_price: givenPrice.optional().describe('Of a bracket order (BO)'),
  })
  .refine((body) => (body.symbol === undefined) !== (body.token === undefined), {
    message: 'exactly one of symbol and token is needed',
    path: ['symbol'],
  });

/** A leg of a basket of one account. */
const asTerms = (name: string, body: LegBody): OrderTermsBody => ({
  ...body,
  account: name,
  validity: 'DAY',
  disclosed_quantity: 0,
});

const parts = z.strictObject({
  requirement_paise: paise.describe('What the client must have, working orders and house multiplier included'),
  span_paise: paise.describe('Of the positions'),
  exposure_paise: paise,
  cash_paise: paise.describe('Cash segment'),
});
const verdict = z.strictObject({
  code: z.int(),
  accepted: z.boolean(),
  name: z.string(),
  text: z.string(),
  requirement_before_paise: paise,
  requirement_after_paise: paise,
  available_paise: paise,
});
const answer = z.strictObject({
  account: z.string(),
  as_of: z.int().describe('Slot sequence the basket is weighed as of'),
  parameters_hash: z.string(),
  available_paise: paise,
  before: parts.describe('The client as now'),
  initial: parts.describe('Every leg working: what placing all of them holds, the live number'),
  final: parts.describe('Every leg filled'),
  premium_paise: paise.describe('Option premium if all legs fill at their prices: paid +, received -'),
  needs_paise: paise.describe('What is missing for all legs to work; 0 when nothing is'),
  fix: z
    .strictObject({
      leg: z.int().describe('The first leg that is refused so, counted from 1'),
      text: z.string(),
      add_paise: paise,
      hedge: z
        .strictObject({
          exchange: z.string(),
          token: z.int(),
          symbol: z.string(),
          quantity: z.number(),
          price: rupeesPrice,
          premium_paise: paise,
          requirement_after_paise: paise,
          available_after_paise: paise,
        })
        .nullable(),
    })
    .nullable()
    .describe('What would let the first leg pass that is refused for margin, or for what would be lent on it (MTF), when it comes alone'),
  legs: listOf(
    z.strictObject({
      leg: z.int().describe('Counted from 1'),
      counted: z.boolean().describe('False: it cannot be margined, and is in neither initial nor final; alone says why'),
      alone: verdict.describe('The verdict now: the same as /v1/orders/what-if'),
      in_sequence: verdict.describe('The verdict after the legs before it that pass'),
      own: parts.describe('For a client with nothing else, working'),
      own_filled: parts,
      premium_paise: paise,
    }),
  ),
});
type Parts = z.output<typeof parts>;
const partsOf = ({ requirement, span, exposure, cash }: MarginParts): Parts => ({
  requirement_paise: requirement,
  span_paise: span,
  exposure_paise: exposure,
  cash_paise: cash,
});
const verdictOf = (
  of: Readonly<Verdict>,
): LegVerdict & { requirement_before_paise: number; requirement_after_paise: number; available_paise: number } => ({
  ...legVerdict(of),
  requirement_before_paise: of.requirementBefore,
  requirement_after_paise: of.requirementAfter,
  available_paise: of.available,
});

function basketAnswer(name: string, basket: WeighedBasket): Omit<z.output<typeof answer>, 'fix'> {
  return {
    account: name,
    as_of: basket.sequence,
    parameters_hash: basket.parametersHash,
    available_paise: basket.available,
    before: partsOf(basket.before),
    initial: partsOf(basket.initial),
    final: partsOf(basket.final),
    premium_paise: basket.premium,
    needs_paise: Math.max(0, basket.initial.requirement - basket.available),
    legs: basket.legs.map((each, index) => ({
      leg: index + 1,
      counted: each.counted,
      alone: verdictOf(each.alone),
      in_sequence: verdictOf(each.inSequence),
      own: partsOf(each.own),
      own_filled: partsOf(each.ownFilled),
      premium_paise: each.premium,
    })),
  };
}

/** The routes. */
export function marginRoutes({ baskets }: Desks): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/margins/what-if',
      summary: 'Margin of up to 1,000 new orders: each alone, in sequence, all working, all filled. Changes nothing',
      tag: 'margins',
      access: 'margin:read',
      body: z.strictObject({
        account,
        consider_positions: z.boolean().default(true).describe('On top of positions, holdings and open orders, or as if there were none'),
        legs: z.array(leg).min(1).max(BASKET_LEGS_MAX),
      }),
      answer,
      errors: ['TZ-NOT-FOUND', 'TZ-BUSY', 'TZ-TIMEOUT'],
      example: { body: { account: 'C000001', legs: [{ exchange: 'NSE', symbol: 'RELIANCE', side: 'BUY', quantity: 10, price: 1_400 }] } },
      handle: async ({ body, principal }) => {
        requireAccount(principal, body.account);
        const terms = body.legs.map((each) => asTerms(body.account, each));
        const data = basketAnswer(body.account, known(await baskets.weigh(body.account, terms, body.consider_positions), 'the account'));
        const short = data.legs.findIndex(({ alone }) => isFixable(alone.code));
        const refused = terms[short];
        const fix = refused === undefined || !body.consider_positions ? null : await baskets.fix(body.account, refused, short + 1);
        return { data: { ...data, fix } };
      },
    }),
  ];
}
