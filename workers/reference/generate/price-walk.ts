// Moving prices for demo and generated intraday files: seeded random walks. For show, not for pricing.
import { PseudoRandom } from './pseudo-random.ts';

/**
 * The ratio of a price to its start, step after step, for ever: first 1, then a walk with `stepVolatility` (fraction a step, default
 * one second's worth of 15 % a year), kept within 0.9 and 1.1 so that day bands hold.
 */
export function* priceWalk(seed: number, stepVolatility: number = 0.0001): Generator<number, never> {
  const random = new PseudoRandom(seed);
  let ratio = 1;
  while (true) {
    yield ratio;
    const pull = (1 - ratio) * stepVolatility;
    ratio = Math.min(1.1, Math.max(0.9, ratio * (1 + stepVolatility * random.normal()) + pull));
  }
}

/** Spot of an underlying at intraday version 0 (begin of day), 1, 2 ..: rupees on the tick. */
export function spotAt(seed: number, symbol: string, close: number, version: number): number {
  const random = PseudoRandom.of(seed, `spot ${symbol}`);
  let ratio = 1;
  for (let step = 0; step < version; step++) ratio *= 1 + 0.006 * random.normal();
  return Math.round(close * Math.min(1.08, Math.max(0.92, ratio)) * 20) / 20;
}
