// Surveillance of order flow by the journal: requests against trades per client (order-to-trade ratio), and two patterns: orders nearly all
// withdrawn, and buying and selling one instrument in the same second. Counts only; what is done about it is for people.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CancelOrder, CommandKind, PlaceOrder, RecordExecution, ReplaceOrder } from '../../../engine/index.ts';
import { visitCommands } from '../../../workers/index.ts';

/** One client's flow. */
export interface OrderTraffic {
  readonly account: string;
  placed: number;
  replaced: number;
  cancelled: number;
  trades: number;
  /** Seconds in which it both bought and sold one instrument. */
  bothSides: number;
}

const ACCOUNT_WIDTH = 16;
/** Requests a trade, above which the ratio is flagged, once there are enough requests to speak of a ratio. */
const RATIO_MAX = 50;
const REQUESTS_MIN = 100;
const WITHDRAWN_SHARE = 0.9;
const MICROS = 1e6;
/** FIX ExecType TRADE. */
const TRADE = 'F'.charCodeAt(0);

/** Flow by client between two instants, microseconds since 1970. */
export function orderTraffic(dataDirectory: string, from: number, to: number): OrderTraffic[] {
  const byAccount = new Map<string, OrderTraffic>();
  const sides = new Map<string, number>();
  const of = (account: string): OrderTraffic => {
    const known = byAccount.get(account) ?? { account, placed: 0, replaced: 0, cancelled: 0, trades: 0, bothSides: 0 };
    byAccount.set(account, known);
    return known;
  };
  if (!existsSync(join(dataDirectory, 'journal'))) return [];
  visitCommands(dataDirectory, (command) => {
    const { time, kind } = command;
    if (time < from || time > to) return;
    if (kind === CommandKind.PlaceOrder) of(command.text(PlaceOrder.account, ACCOUNT_WIDTH)).placed += 1;
    else if (kind === CommandKind.ReplaceOrder) of(command.text(ReplaceOrder.account, ACCOUNT_WIDTH)).replaced += 1;
    else if (kind === CommandKind.CancelOrder) of(command.text(CancelOrder.account, ACCOUNT_WIDTH)).cancelled += 1;
    else if (kind === CommandKind.RecordExecution && command.u8(RecordExecution.execType) === TRADE) {
      const traffic = of(command.text(RecordExecution.account, ACCOUNT_WIDTH));
      traffic.trades += 1;
      const key = `${traffic.account} ${command.u32(RecordExecution.token)} ${Math.floor(time / MICROS)}`;
      const seen = sides.get(key) ?? 0;
      const now = seen | (1 << command.u8(RecordExecution.side));
      if (seen !== 0 && seen !== now) traffic.bothSides += 1;
      sides.set(key, now);
    }
  });
  return [...byAccount.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** What is odd about a client's flow, in words; empty = nothing. */
export function patternsOf({ placed, replaced, cancelled, trades, bothSides }: OrderTraffic): string[] {
  const found: string[] = [];
  const requests = placed + replaced + cancelled;
  if (requests >= REQUESTS_MIN && requests / Math.max(1, trades) > RATIO_MAX) found.push(`${requests} requests for ${trades} trades`);
  if (placed >= REQUESTS_MIN && cancelled / placed > WITHDRAWN_SHARE) found.push(`${cancelled} of ${placed} orders withdrawn`);
  if (bothSides > 0) found.push(`both sides of one instrument in ${bothSides} seconds`);
  return found;
}
