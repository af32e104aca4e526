// Cover orders of a random day: an entry, or a stop for one that filled; mostly right, at times beyond the range, of other units, or for an order that is none.
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
  const terms = { product: Product.CO, timeInForce: 0, displayQuantity: 0, flags: random.oneIn(8) ? 2 : 0 };
  if (filled.length > 0 && random.oneIn(2)) return { ...terms, ...stopFields(random, random.pick(filled)) };
  if (orders.length > 0 && random.oneIn(15)) return { ...terms, ...stopFields(random, random.pick(orders)) };
  const stopPx = random.oneIn(12) ? 0 : away(Number(order['price']), losing(Number(order['side'])) * random.int(-10, 120));
  return { ...terms, ordType: random.oneIn(15) ? OrdType.STOP_LIMIT : OrdType.LIMIT, stopPx: Number.isFinite(stopPx) ? stopPx : 0 };
}

function stopFields(random: Random, { account, segment, token, sequence, price, side: of, uncovered }: KnownOrder): Fields {
  const side = (of === Side.BUY) === random.oneIn(25) ? Side.BUY : Side.SELL;
  const quantity = random.oneIn(8) ? uncovered + 1 : Math.max(1, uncovered);
  const ordType = random.pick([OrdType.STOP, OrdType.STOP, OrdType.STOP, OrdType.MARKET, OrdType.LIMIT]);
  const stopPx = ordType === OrdType.STOP ? Math.max(500, away(price, losing(of) * random.int(-40, 90))) : 0;
  return { account, segment, token, side, quantity, ordType, stopPx, price: 0, entrySequence: sequence };
}
