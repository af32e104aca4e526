// The target of a bracket order as a command carries it: how far it is from the entry's price, on the gaining side. Of FIX orders and those of the API alike.
import { Side } from '../../engine/index.ts';

/** What PlaceOrder.targetWay holds, ticks: Rs 4,29,496. */
const WAY_MAX = 4_294_967_295;

/** Ticks from price to target; 0, which the engine refuses, for one that is missing, on the losing side, or farther than the field reaches. */
export function targetWay(side: number, price: number, target: number): number {
  const way = side === Side.BUY ? target - price : price - target;
  return target > 0 && way > 0 && way <= WAY_MAX ? way : 0;
}
