// Units that lie free in a demat account and are owed all the same: sold in a settlement that is not paid in yet, and not blocked for it, because the
// depository refused or nobody asked it. The morning's list shows them as free; whoever sold them has them no more, and must not sell them again.
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { NodeContext } from '../../runner/index.ts';
import { blockedAccount, poolAccount } from '../../securities/unit-accounts.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import type { NightFiles } from '../night-files.ts';
import { readyUnits } from './pay-in-plan.ts';
import { newestList } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';

/** Units by `client token` that clients owe on the morning of a date in settlements of days before, and that are neither blocked nor delivered. */
export function promisedUnits(
  { files, calendar }: { readonly files: NightFiles; readonly calendar: BusinessCalendar },
  context: Pick<NodeContext, 'root' | 'date'>,
): Map<string, number> {
  const ledger = unitsOf(context);
  const found = new Map<string, number>();
  let traded = calendar.tradedBefore(context.date);
  for (; calendar.settlementDay(traded, 1) >= context.date; traded = calendar.tradedBefore(traded)) {
    const plan = newestList(files, 'pay-in-plan', traded);
    if (plan === undefined) continue;
    const given = deliveredUnits(ledger, `PAY_IN ${plan.run}`);
    for (const { settlement = '', client = '', isin = '', token = '', deliver = '0' } of plan.rows) {
      const units = Number(deliver) - readyUnits(ledger, settlement, client, isin) - given(settlement, client, isin);
      if (units > 0) found.set(`${client} ${token}`, (found.get(`${client} ${token}`) ?? 0) + units);
    }
  }
  return found;
}

/** What a pay-in delivered, out of demat accounts and out of the pool; `payIn`: what its bookings are named by, "PAY_IN 2026-11-19/set/1". */
export function deliveredUnits(ledger: UnitsLedger, payIn: string): (settlement: string, client: string, isin: string) => number {
  const delivered = new Map<string, number>();
  for (let part = 1; ; part++) {
    const entry = ledger.entryOf(`${payIn} ${part}`);
    if (entry === undefined) break;
    for (const { from, isin, units } of entry.moves) delivered.set(`${from} ${isin}`, units);
  }
  return (settlement, client, isin) =>
    [blockedAccount(client, settlement), poolAccount(client, settlement)].reduce((sum, place) => sum + (delivered.get(`${place} ${isin}`) ?? 0), 0);
}
