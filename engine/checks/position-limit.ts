// Position the client may reach: net units per position row, and gross value in all.
import { Side } from '../instrument.ts';
import { LimitLevel, RejectCode } from '../reject-code.ts';
import { Client } from '../state/client-table.ts';
import type { DecisionContext } from './decision-context.ts';
import { reduces } from './reduces.ts';

/** positionLimit: net units against maxNetQuantity, or paise against maxGrossValue. */
export function positionLimit(d: DecisionContext): number {
  const maxNet = d.cells[d.clientAt + (Client.maxNetQuantity >> 3)] as number;
  const net = d.side === Side.BUY ? d.net + d.buyLeaves + d.leaves : d.sellLeaves + d.leaves - d.net;
  d.measure(net, maxNet, LimitLevel.client);
  if (maxNet !== 0 && net > maxNet) return RejectCode.positionLimit;
  const maxGross = d.cells[d.clientAt + (Client.maxGrossValue >> 3)] as number;
  if (maxGross === 0) return 0;
  const gross = Math.ceil((d.cells[d.clientAt + (Client.grossValue >> 3)] as number) / 100) + d.openOrderValue + d.leavesValue;
  d.measure(gross, maxGross, LimitLevel.client);
  return gross <= maxGross || reduces(d) ? 0 : RejectCode.positionLimit;
}
