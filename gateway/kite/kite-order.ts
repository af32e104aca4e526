// Orders as Kite Connect 3 names them, made the house's own, and answers in Kite's envelope. Quantities are units on every exchange (Kite counts lots on MCX).
import { z } from 'zod';
import { ExchangeSegment, type Product } from '../../engine/index.ts';
import type { Principal } from '../http/auth/principal.ts';
import { seesAccount } from '../http/auth/principal.ts';
import type { PlainText } from '../http/route.ts';
import type { OrderTermsBody } from '../risk/order-terms.ts';
import { kiteError } from './kite-refusal.ts';

const INPUT_STATUS = 400;
const price = z.number().min(0).max(1_000_000).default(0);
const distance = z.number().gt(0).max(1_000_000).optional();

/** An order of Kite's margin routes. Prices in rupees. */
export interface KiteOrder {
  readonly exchange: keyof typeof ExchangeSegment;
  readonly tradingsymbol: string;
  readonly transaction_type: 'BUY' | 'SELL';
  readonly variety: string;
  readonly product: keyof typeof Product;
  readonly order_type: 'MARKET' | 'LIMIT' | 'SL' | 'SL-M';
  readonly quantity: number;
  readonly price: number;
  readonly trigger_price: number;
  /** Of a bracket order: how far from its price its target and its stop-loss are, rupees. */
  readonly squareoff?: number | undefined;
  readonly stoploss?: number | undefined;
}

const orderSchema: z.ZodType<KiteOrder> = z
  .object({
    exchange: z.enum(Object.keys(ExchangeSegment) as [keyof typeof ExchangeSegment, ...(keyof typeof ExchangeSegment)[]]),
    tradingsymbol: z.string().min(1).max(60),
    transaction_type: z.enum(['BUY', 'SELL']),
    variety: z.string().min(1).max(20).default('regular'),
    product: z.enum(['CNC', 'MIS', 'NRML', 'MTF', 'CO', 'BO'] satisfies (keyof typeof Product)[]),
    order_type: z.enum(['MARKET', 'LIMIT', 'SL', 'SL-M']),
    quantity: z.int().min(1).max(100_000_000),
    price,
    trigger_price: price,
    squareoff: distance,
    stoploss: distance,
    trailing_stoploss: z
      .number()
      .refine((ticks) => ticks === 0, 'no trailing stop-loss is offered: leave it out, or 0')
      .optional(),
  })
  .superRefine((order, context) => {
    const amiss = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
    for (const field of ['squareoff', 'stoploss'] as const)
      if (order[field] !== undefined && order.variety !== 'bo') amiss(field, 'only a bracket order (variety bo) has one');
    if (order.stoploss !== undefined && order.trigger_price !== 0) amiss('stoploss', 'say where the stop-loss is once: here or as trigger_price');
  });

const ORDER_TYPES = { MARKET: 'MARKET', LIMIT: 'LIMIT', SL: 'STOP_LIMIT', 'SL-M': 'STOP' } as const;
/** Kite says by the variety that exits are linked to the order, and MIS as its product; trigger_price is then that of the stop-loss. */
const LINKED: Readonly<Record<string, 'CO' | 'BO'>> = { co: 'CO', bo: 'BO' };
const TICKS_PER_RUPEE = 10_000;

/** What is wrong with a request, on its way into Kite's envelope. */
export class KiteInput extends Error {
  override readonly name = 'KiteInput';
}

/** Orders of a body. Throws KiteInput naming order and field. */
export function kiteOrders(body: readonly unknown[]): KiteOrder[] {
  return body.map((value, index) => {
    const parsed = orderSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new KiteInput(`order ${index + 1}: ${z.core.toDotPath(issue?.path ?? [])}: ${issue?.message ?? 'is not valid'}`);
  });
}

/** Where target and stop-loss of a bracket order are: its price, away from it on the side of the gain and on that of the loss. */
function exitsOf({ transaction_type, price: at, trigger_price, squareoff, stoploss }: KiteOrder): {
  readonly target: number | undefined;
  readonly trigger: number;
} {
  const gain = transaction_type === 'BUY' ? 1 : -1;
  return {
    target: squareoff === undefined ? undefined : at + gain * squareoff,
    trigger: stoploss === undefined ? trigger_price : at - gain * stoploss,
  };
}

/** The order as the house's API has it. */
export function houseTerms(account: string, order: KiteOrder): OrderTermsBody {
  const cut = (rupees: number): number => Math.round(rupees * TICKS_PER_RUPEE) / TICKS_PER_RUPEE;
  const { target, trigger } = exitsOf(order);
  return {
    account,
    exchange: order.exchange,
    symbol: order.tradingsymbol,
    side: order.transaction_type,
    quantity: order.quantity,
    order_type: ORDER_TYPES[order.order_type],
    validity: 'DAY',
    product: LINKED[order.variety] ?? order.product,
    price: cut(order.price),
    trigger_price: cut(trigger),
    ...(target === undefined ? {} : { target_price: cut(target) }),
    disclosed_quantity: 0,
  };
}

/** The account a call is about: the one it names, else the only one of its token. Throws KiteInput. */
export function accountOf(principal: Principal, named: string | undefined): string {
  const only = principal.accounts !== 'all' && principal.accounts.size === 1 ? [...principal.accounts][0] : undefined;
  const account = named ?? only;
  if (account === undefined) throw new KiteInput('account: the token is tied to no single account: name one in the query, as in ?account=C000001');
  if (!seesAccount(principal, account)) throw new KiteInput('account: is not known here');
  return account;
}

/** Success in Kite's envelope. */
export const succeeded = (data: unknown): PlainText => ({ contentType: 'application/json', text: JSON.stringify({ status: 'success', data }) });

/** Runs a handler; KiteInput becomes Kite's InputException. */
export async function inKite(handler: () => Promise<unknown>): Promise<PlainText> {
  try {
    return succeeded(await handler());
  } catch (error) {
    if (!(error instanceof KiteInput)) throw error;
    const text = JSON.stringify(kiteError(error.message, 'InputException'));
    return { contentType: 'application/json', status: INPUT_STATUS, text };
  }
}
