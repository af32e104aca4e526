// Shares two exchanges list are one security: what a client sold at one exchange is delivered out of what it holds, or bought the same day, whichever
// exchange that stands under in the engine. The clearing corporation nets both in one settlement; the engine's day ends exchange by exchange, and the
// morning brings them together.
import { Product } from '../../../engine/index.ts';
import type { EngineClient, EnginePosition, HeldUnits } from './engine-state.ts';

/** A share by exchange segment and token. */
export type ShareOf = Pick<HeldUnits, 'segment' | 'token'>;

/** A short position of shares that units of another exchange cover, and what is left of it; units below zero, or zero. */
export interface CoveredShort extends ShareOf {
  readonly product: number;
  readonly left: number;
}

/** A client's units once its sales at the other exchange are out of them, and those sales. */
export interface SharesAtHome {
  readonly holdings: readonly HeldUnits[];
  readonly covered: readonly CoveredShort[];
}

/**
 * See the file's head. `isShares` tells share positions; `homeToken` is the same for one security. Units on their way go before free ones, as the
 * day's purchases are netted first.
 */
export function sharesAtHome(
  { holdings, positions }: Pick<EngineClient, 'holdings' | 'positions'>,
  homeToken: (share: ShareOf) => number,
  isShares: (position: EnginePosition) => boolean,
): SharesAtHome {
  const shorts = positions.filter((position) => position.net < 0 && isShares(position));
  if (shorts.length === 0) return { holdings, covered: [] };
  const left = holdings.map((held) => ({ ...held }));
  const covered: CoveredShort[] = [];
  for (const { segment, token, net, isIntraday } of shorts) {
    let missing = -net;
    for (const held of left) {
      if (held.segment === segment || homeToken(held) !== homeToken({ segment, token })) continue;
      const [t1, free] = [Math.min(missing, held.t1), Math.min(Math.max(0, missing - held.t1), held.free)];
      held.t1 -= t1;
      held.free -= free;
      missing -= t1 + free;
    }
    if (missing < -net) covered.push({ segment, token, product: isIntraday ? Product.MIS : Product.CNC, left: missing === 0 ? 0 : -missing });
  }
  return { holdings: left, covered };
}
