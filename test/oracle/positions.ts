// Booking a trade into a position at average cost, by the book: what is added raises the cost, what is closed takes its share of it.
import { type Account, instrumentKey, kindOf, type Position, type Slot } from './book.ts';
import { positionProduct } from './checks.ts';
import { abs, divideHalfAway, smaller } from './exact.ts';
import { isOptionPosition } from './funds.ts';

/** The position row of an instrument and product, opened when missing. */
export function positionIn(slot: Slot, account: Account, where: { segment: number; token: number; product: number }): Position {
  const product = positionProduct(where.segment, where.product);
  const key = `${instrumentKey(where.segment, where.token)}/${product}`;
  const found = account.positions.get(key);
  if (found !== undefined) return found;
  const opened = {
    segment: where.segment,
    token: where.token,
    product,
    units: 0n,
    cost: 0n,
    realised: 0n,
    mark: 0n,
    kind: kindOf(slot, where.segment, where.token),
  };
  account.positions.set(key, opened);
  return opened;
}

/** Books signed units at a price (ticks). An option's premium goes to the account; anything else realises when it closes. */
export function book(account: Account, position: Position, units: bigint, price: bigint): void {
  if (isOptionPosition(position)) account.premium += units * price;
  if (position.mark === 0n) position.mark = price;
  let left = units;
  if (position.units !== 0n && position.units > 0n !== units > 0n) {
    const closing = smaller(abs(units), abs(position.units));
    const signed = position.units > 0n ? closing : -closing;
    const share = divideHalfAway(position.cost * closing, abs(position.units));
    position.realised += signed * price - share;
    position.cost -= share;
    position.units -= signed;
    left += signed;
  }
  position.units += left;
  position.cost += left * price;
}
