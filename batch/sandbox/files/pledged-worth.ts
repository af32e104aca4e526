// What a client's pledged shares count for at the clearing corporation on a morning: units at the depository after the day's corporate actions, at
// the last close, less the cash margin rate; each share rounded down to the paisa. Worked out from the depository's units and never from what the
// member says they are worth.
import { ExchangeSegment } from '../../../engine/index.ts';
import type { MarketDay } from '../market-day.ts';
import { type CorporateAction, unitsAfter } from './morning-lists.ts';

type Client = MarketDay['clients'][number];

const RATE_WHOLE = 10_000;
const TICKS_PER_PAISA = 100;

/** Paise. */
export function pledgedWorth({ parameters, sharesBefore }: MarketDay, { holdings }: Client, actions: readonly CorporateAction[]): number {
  let worth = 0;
  for (const { token, pledged } of holdings) {
    const row = parameters.find(ExchangeSegment.NSE, token);
    const close = sharesBefore.get(token)?.close ?? 0;
    if (pledged === 0 || row < 0) continue;
    const action = actions.find((one) => one.token === token);
    const price = action === undefined ? close : Math.floor((close * action.denominator) / action.numerator);
    const counted = Math.max(0, RATE_WHOLE - (parameters.cashRate[row] ?? RATE_WHOLE));
    worth += Math.floor((unitsAfter(actions, token, pledged) * price * counted) / (RATE_WHOLE * TICKS_PER_PAISA));
  }
  return worth;
}
