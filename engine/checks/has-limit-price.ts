// Which order types carry a price of their own.
import { OrdType } from '../instrument.ts';

/** LIMIT and STOP_LIMIT; MARKET and STOP are valued at the worst permitted price. */
export function hasLimitPrice(ordType: number): boolean {
  return ordType === OrdType.LIMIT || ordType === OrdType.STOP_LIMIT;
}
