// GET /v1/clients/:account/charges: what the day's executed orders cost so far, as a contract note of them would say it. The note itself is the night's.
import { z } from 'zod';
import { CHARGE_PARTS, type ChargedTrade, type ChargePart, chargesOf, type NoteCharges, RateUnknown } from '../../engine/index.ts';
import { requireAccount } from '../http/auth/principal.ts';
import type { Desks } from '../http/desks.ts';
import { account, instrumentFields, listOf, paise, rupeesPrice } from '../http/fields.ts';
import { type Route, route } from '../http/route.ts';
import { known } from '../http/routes/client-routes.ts';
import type { OrderAnswer } from '../risk/order-answer.ts';
import { asTrade, type ChargedKiteOrder, segmentOf } from './charges-route.ts';
import { tariffOf } from './kite-margin.ts';

const PAGE = 500;
const WORDS: Readonly<Record<ChargePart, string>> = {
  brokerage: 'By the house’s plan',
  stt: 'Securities transaction tax; commodities transaction tax on MCX',
  exchange: 'Exchange transaction charge',
  ipft: 'Investor protection fund',
  sebi: 'SEBI turnover fee',
  stamp: 'Stamp duty',
  gst: 'On brokerage, exchange charge and SEBI fee',
};
const partField = (part: ChargePart): string => `${part}_paise`;

const charges = z
  .strictObject({ ...Object.fromEntries(CHARGE_PARTS.map((part) => [partField(part), paise.describe(WORDS[part])])), total_paise: paise })
  .describe('Each part rounded as on a note') as z.ZodType<Record<string, number>>;
const order = z.strictObject({
  id: z.string(),
  ...instrumentFields,
  side: z.string(),
  product: z.string(),
  quantity: z.number().describe('Units executed'),
  average_price: rupeesPrice,
  turnover_paise: paise,
  charges: charges.nullable().describe('For this order alone; null where the day’s rates say nothing of the instrument'),
});
const answer = z.strictObject({
  account: z.string(),
  business_date: z.int().describe('Day whose rates apply, yyyymmdd'),
  orders: listOf(order),
  total: charges.describe('Of all orders together, as one note: taxes are rounded once per note, so the orders’ own may sum to more or less'),
});

/** Charges by the names of the API. */
function named(of: NoteCharges): Record<string, number> {
  return { ...Object.fromEntries(CHARGE_PARTS.map((part) => [partField(part), of[part].note])), total_paise: of.total.note };
}

/** An executed order as a trade of its own; undefined where it has no segment with rates. */
function executed({ id, exchange, symbol, side, product, filled, average_price }: OrderAnswer): ChargedTrade | undefined {
  const here = { exchange: exchange as ChargedKiteOrder['exchange'], tradingsymbol: symbol };
  const segment = segmentOf(here);
  if (segment === undefined) return undefined;
  const terms = { exchange: here.exchange, transaction_type: side as 'BUY' | 'SELL', product: product as ChargedKiteOrder['product'] };
  return { ...asTrade({ ...terms, quantity: filled, average_price }, segment), orderId: id };
}

/** Orders of the day that were executed, wholly or in part; undefined when the account is not known. */
async function executedOrders({ clients }: Desks, name: string): Promise<readonly OrderAnswer[] | undefined> {
  const found: OrderAnswer[] = [];
  let before = 0;
  for (;;) {
    const page = await clients.orders(name, false, before, PAGE);
    if (page === undefined) return undefined;
    found.push(...page.filter(({ filled }) => filled > 0));
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return found;
    before = Number(last.id.split('-')[1]);
  }
}

/** The route. */
export function clientChargesRoute(desks: Desks): Route {
  const { charges: basis } = desks;
  return route({
    method: 'GET',
    path: '/v1/clients/:account/charges',
    summary: 'What today’s executed orders cost so far: brokerage, taxes and fees, order by order and as one note',
    tag: 'clients',
    access: 'orders:read',
    params: z.strictObject({ account }),
    answer,
    errors: ['TZ-NOT-FOUND'],
    example: { params: { account: 'C000001' } },
    handle: async ({ params: { account: name }, principal }) => {
      requireAccount(principal, name);
      const orders = known(await executedOrders(desks, name), 'the account');
      const tariff = tariffOf(basis);
      const priced = orders.map((each) => ({ each, trade: executed(each), alone: alone(executed(each), tariff) }));
      const total = named(
        chargesOf(
          priced.flatMap(({ trade, alone: known }) => (trade === undefined || known === null ? [] : [trade])),
          tariff,
        ),
      );
      return { data: { account: name, business_date: basis.date(), orders: priced.map(({ each, alone: own }) => line(each, own)), total } };
    },
  });
}

function alone(trade: ChargedTrade | undefined, tariff: ReturnType<typeof tariffOf>): Record<string, number> | null {
  if (trade === undefined) return null;
  try {
    return named(chargesOf([trade], tariff));
  } catch (error) {
    if (error instanceof RateUnknown) return null;
    throw error;
  }
}

function line(
  { id, exchange, token, symbol, side, product, filled, average_price }: OrderAnswer,
  own: Record<string, number> | null,
): z.output<typeof order> {
  const turnover_paise = Math.round(filled * average_price * 100);
  return { id, exchange, token, symbol, side, product, quantity: filled, average_price, turnover_paise, charges: own };
}
