// The day's loss, realised and marked to market: at its limit a client may only close positions.
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** lossLimit: value is the day's loss (a gain is negative), limit what it may be, paise; options count as premium, not here. */
export function lossLimit(d: DecisionContext): number {
  const limit = d.cells[d.clientAt + (Client.maxLoss >> 3)] as number;
  const gain = (d.cells[d.clientAt + (Client.realised >> 3)] as number) + (d.cells[d.clientAt + (Client.unrealised >> 3)] as number);
  const loss = -Math.floor(gain / 100);
  d.measure(loss, limit, LimitLevel.client);
  return limit > 0 && loss >= limit && !reduces(d) ? RejectCode.lossLimit : 0;
}
