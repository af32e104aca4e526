// Cover and bracket orders of a random day: an entry, or an exit for one that filled; mostly right, at times beyond the range, of other units, or for
// an order that is none.
import { OrdType, Product, Side } from '../../engine/index.ts';
import type { Fields } from './commands.ts';
import type { KnownOrder } from './day-script.ts';
import type { Random } from './random.ts';

const away = (price: number, share: number): number => Math.round((price * (1_000 + share)) / 1_000 / 500) * 500;
/** Which way the stop of an order of this side lies. */
const losing = (side: number): number => (side === Side.BUY ? -1 : 1);

/** What makes an ordinary order one of these. */
export function coverFields(random: Random, orders: readonly KnownOrder[], order: Fields): Fields {
  const filled = orders.filter(({ leg, uncovered }) => leg === 'entry' && uncovered > 0);
  const terms = { product: random.pick([Product.CO, Product.BO]), timeInForce: 0, displayQuantity: 0, flags: random.oneIn(8) ? 2 : 0 };
  if (filled.length > 0 && random.oneIn(2)) return { ...terms, ...exitFields(random, random.pick(filled)) };
  if (orders.length > 0 && random.oneIn(15)) return { ...terms, ...exitFields(random, random.pick(orders)) };
  const isBracket = terms.product === Product.BO && !random.oneIn(12);
  const targetWay = isBracket ? Math.max(0, away(Number(order['price']), random.int(-10, 110)) - Number(order['price'])) : 0;
  const stopPx = random.oneIn(12) ? 0 : away(Number(order['price']), losing(Number(order['side'])) * random.int(-10, 120));
  return { ...terms, ordType: random.oneIn(15) ? OrdType.STOP_LIMIT : OrdType.LIMIT, ...finite({ stopPx, targetWay }) };
}

/** What is no number is none at all. */
const finite = (prices: Record<string, number>): Fields =>
  Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, Number.isFinite(price) ? price : 0]));

/** An exit that is missing; at times one too many, or of other terms than it may have. */
function exitFields(random: Random, { account, segment, token, sequence, price, side: of, uncovered, product: own, exits }: KnownOrder): Fields {
  const side = (of === Side.BUY) === random.oneIn(25) ? Side.BUY : Side.SELL;
  const quantity = random.oneIn(8) ? uncovered + 1 : Math.max(1, uncovered);
  const product = random.oneIn(25) ? random.pick([Product.CO, Product.BO]) : own;
  const isTarget = own === Product.BO && (exits.includes('target') ? random.oneIn(10) : exits.includes('stop') || random.oneIn(2));
  const ordType = isTarget || random.oneIn(15) ? OrdType.LIMIT : random.pick([OrdType.STOP, OrdType.STOP, OrdType.STOP_LIMIT, OrdType.MARKET]);
  const isStop = ordType === OrdType.STOP || ordType === OrdType.STOP_LIMIT;
  const stopPx = isStop ? Math.max(500, away(price, losing(of) * random.int(-40, 90))) : 0;
  const limitPx = isStop ? stopPx + losing(of) * 500 * random.int(0, 4) : Math.max(500, away(price, losing(of) * random.int(-110, 40)));
  const hasPrice = ordType === OrdType.LIMIT || ordType === OrdType.STOP_LIMIT;
  return { account, segment, token, side, quantity, ordType, product, stopPx, price: hasPrice ? limitPx : 0, entrySequence: sequence };
}
