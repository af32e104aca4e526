// Margin routes of Kite Connect 3: POST /margins/orders, POST /margins/basket, GET /user/margins. Programs written for Kite work unchanged where their token
// is tied to one account; another token names it in the query.
import { z } from 'zod';
import { BASKET_LEGS_MAX, ExchangeSegment } from '../../engine/index.ts';
import type { Desks } from '../http/desks.ts';
import { account as accountField } from '../http/fields.ts';
import { type Route, route } from '../http/route.ts';
import type { WeighedBasket } from '../risk/basket-desk.ts';
import type { MarginAnswer } from '../risk/client-answer.ts';
import type { ChargesBasis } from './charges-route.ts';
import { basketMargin, chargesOfOrder, type KiteMargin, orderMargin, tariffOf, userMargins } from './kite-margin.ts';
import { accountOf, houseTerms, inKite, KiteInput, type KiteOrder, kiteOrders } from './kite-order.ts';
import { KITE_REFUSAL } from './kite-refusal.ts';

const account = accountField.describe('Whose margin; needed where the token is tied to no single account');
const mode = z.enum(['compact']).optional().describe('Blocks with type, tradingsymbol, exchange and total only');
const body = z.array(z.unknown()).min(1).max(BASKET_LEGS_MAX);
const example = {
  body: [
    {
      exchange: 'NSE',
      tradingsymbol: 'RELIANCE',
      transaction_type: 'BUY',
      variety: 'regular',
      product: 'CNC',
      order_type: 'LIMIT',
      quantity: 1,
      price: 1_400,
      trigger_price: 0,
    },
  ],
  query: { account: 'C000001' },
};

const compact = (block: KiteMargin): object => ({
  type: block.type,
  tradingsymbol: block.tradingsymbol,
  exchange: block.exchange,
  total: block.total,
});

/** Weighs; legs that cannot be margined are the caller's mistake, each named. */
async function weighed(desks: Desks, name: string, orders: readonly KiteOrder[], onPositions: boolean): Promise<WeighedBasket> {
  const terms = orders.map((order) => houseTerms(name, order));
  const basket = await desks.baskets.weigh(name, terms, onPositions);
  if (basket === undefined) throw new KiteInput('account: is not known here');
  const bad = basket.legs.findIndex(({ counted }) => !counted);
  if (bad >= 0) throw new KiteInput(`order ${bad + 1}: tradingsymbol: ${orders[bad]?.exchange}:${orders[bad]?.tradingsymbol} cannot be margined`);
  return basket;
}

function blocksOf(orders: readonly KiteOrder[], basket: WeighedBasket, basis: ChargesBasis): KiteMargin[] {
  const tariff = tariffOf(basis);
  return basket.legs.map((leg, index) => {
    const order = orders[index] as KiteOrder;
    return orderMargin(order, leg, chargesOfOrder(order, tariff, basis));
  });
}

/** The routes. */
export function kiteMarginRoutes(desks: Desks, basis: ChargesBasis): Route[] {
  return [
    route({
      method: 'POST',
      path: '/margins/orders',
      summary: 'Margin of each order for a client with nothing else, in the shape of Kite Connect 3',
      tag: 'kite',
      access: 'margin:read',
      query: z.strictObject({ account: account.optional(), mode }),
      body,
      plain: 'application/json',
      refusal: KITE_REFUSAL,
      errors: ['TZ-BUSY', 'TZ-TIMEOUT'],
      example,
      handle: ({ body: values, query, principal }) =>
        inKite(async () => {
          const orders = kiteOrders(values);
          const blocks = blocksOf(orders, await weighed(desks, accountOf(principal, query.account), orders, false), basis);
          return query.mode === 'compact' ? blocks.map(compact) : blocks;
        }),
    }),
    route({
      method: 'POST',
      path: '/margins/basket',
      summary: 'Margin of orders together: initial with all working, final with all filled, beyond what the client needs already. Kite Connect 3',
      tag: 'kite',
      access: 'margin:read',
      query: z.strictObject({ account: account.optional(), mode, consider_positions: z.enum(['true', 'false']).default('true') }),
      body,
      plain: 'application/json',
      refusal: KITE_REFUSAL,
      errors: ['TZ-BUSY', 'TZ-TIMEOUT'],
      example,
      handle: ({ body: values, query, principal }) =>
        inKite(async () => {
          const orders = kiteOrders(values);
          const basket = await weighed(desks, accountOf(principal, query.account), orders, query.consider_positions === 'true');
          const blocks = blocksOf(orders, basket, basis);
          const answer = basketMargin(orders, basket, blocks) as { initial: KiteMargin; final: KiteMargin; orders: KiteMargin[]; charges: object };
          if (query.mode !== 'compact') return answer;
          return { initial: compact(answer.initial), final: compact(answer.final), orders: blocks.map(compact), charges: answer.charges };
        }),
    }),
    ...userRoutes(desks),
  ];
}

function userRoutes(desks: Desks): Route[] {
  const isCommodity = (underlying: number): boolean => desks.baskets.segmentOfUnderlying(underlying) === ExchangeSegment.MCX;
  const query = z.strictObject({ account: account.optional() });
  const marginOf = async (name: string): Promise<MarginAnswer> => {
    const margin = await desks.clients.margin(name);
    if (margin === undefined) throw new KiteInput('account: is not known here');
    return margin;
  };
  const base = {
    method: 'GET',
    tag: 'kite',
    access: 'margin:read',
    plain: 'application/json',
    refusal: KITE_REFUSAL,
    errors: ['TZ-BUSY', 'TZ-TIMEOUT'],
  } as const;
  return [
    route({
      ...base,
      path: '/user/margins',
      summary: 'Funds and what uses them, by segment, in the shape of Kite Connect 3',
      query,
      example: { query: { account: 'C000001' } },
      handle: (call) => inKite(async () => userMargins(await marginOf(accountOf(call.principal, call.query.account)), isCommodity)),
    }),
    route({
      ...base,
      path: '/user/margins/:segment',
      summary: 'The same of one segment, in the shape of Kite Connect 3',
      params: z.strictObject({ segment: z.enum(['equity', 'commodity']) }),
      query,
      example: { params: { segment: 'equity' }, query: { account: 'C000001' } },
      handle: (call) =>
        inKite(async () => userMargins(await marginOf(accountOf(call.principal, call.query.account)), isCommodity)[call.params.segment]),
    }),
  ];
}
