// The sum of price x quantity over trades, exact whatever its size. Prices of whole ticks are summed as an integer in a double, which costs nothing; finer
// prices and sums beyond 2^53 ticks spill into a bigint.
import { assert } from '../assert.ts';

const MICROS_PER_TICK = 100;
/** Sums are spilled before one more product could pass 2^53. */
const TICKS_MAX = 2 ** 52;

export class TurnoverSum {
  private ticks = 0;
  private spilled = 0n;

  /** Adds `quantity` units at `price` micros. Both are integers, quantity above and price not below zero. */
  add(price: number, quantity: number): void {
    assert(Number.isSafeInteger(price) && price >= 0, 'price must be an integer of micros');
    assert(Number.isSafeInteger(quantity) && quantity > 0, 'quantity must be a positive integer');
    const inTicks = price / MICROS_PER_TICK;
    const product = inTicks * quantity;
    if (product < TICKS_MAX && Number.isInteger(inTicks)) {
      this.ticks += product;
      if (this.ticks >= TICKS_MAX) this.spill();
    } else this.spilled += BigInt(price) * BigInt(quantity);
  }

  /** Adds another sum. */
  join(other: TurnoverSum): void {
    this.spill();
    this.spilled += other.micros;
  }

  /** The sum in micros of a rupee. */
  get micros(): bigint {
    return this.spilled + BigInt(this.ticks) * 100n;
  }

  /** Is the sum at most `limit` micros? Without a bigint while the sum is small; `limitTicks` is ⌊limit / 100⌋, capped at 2^53. */
  isAtMost(limit: bigint, limitTicks: number): boolean {
    return this.spilled === 0n ? this.ticks <= limitTicks : this.micros <= limit;
  }

  private spill(): void {
    this.spilled += BigInt(this.ticks) * 100n;
    this.ticks = 0;
  }
}
