// Is a price one the exchange can quote?
import { PRICE_MAX } from '../limits.ts';

/** Positive integer ticks up to the engine's bound, a multiple of `tickSize`. */
export function onTick(price: number, tickSize: number): boolean {
  return Number.isInteger(price) && price > 0 && price <= PRICE_MAX && (tickSize <= 1 || price % tickSize === 0);
}
