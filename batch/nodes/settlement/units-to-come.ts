// Units clients have bought that are in nobody's demat account yet: in settlements not paid out, in the broker's pool account, in an auction that is
// still to be held or to be paid out. By `client ISIN`; what does not come of it is a shortage, and comes by the auction or not at all.
import type { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { NodeContext } from '../../runner/index.ts';
import { PoolStore } from '../../securities/pool-units.ts';
import { ShortageStore, type UnitShortage } from '../../securities/shortage-store.ts';
import type { UnitsLedger } from '../../securities/units-ledger.ts';
import type { NightFiles } from '../night-files.ts';
import type { UnitDue } from './securities-dues.ts';
import { type ListRow, newestList } from './securities-files.ts';
import { unitsOf } from './securities-opening.ts';

/** As it is in the evening of the date of `context`, with that date's dues. */
export function unitsToCome(
  { files, calendar }: { readonly files: NightFiles; readonly calendar: BusinessCalendar },
  context: Pick<NodeContext, 'root' | 'date'>,
  dues: readonly Pick<UnitDue, 'client' | 'isin' | 'receive'>[],
): Map<string, number> {
  const [found, ledger] = [new Map<string, number>(), unitsOf(context)];
  const add = ({ client, isin }: { readonly client: string; readonly isin: string }, units: number): unknown =>
    found.set(`${client} ${isin}`, (found.get(`${client} ${isin}`) ?? 0) + units);
  for (const due of dues) if (due.receive > 0) add(due, due.receive);
  let traded = calendar.tradedBefore(context.date);
  for (; calendar.settlementDay(traded, 1) >= context.date; traded = calendar.tradedBefore(traded))
    for (const { client = '', isin = '', units = '0' } of expectedOf(files, ledger, traded)) add({ client, isin }, Number(units));
  for (const pooled of new PoolStore(context.root).open()) add(pooled, pooled.units);
  for (const short of new ShortageStore(context.root).buyers()) add(short, awaited(short, ledger));
  return found;
}

/** Rows of a date's newest pay-out plan; none once it is paid out. */
function expectedOf(files: NightFiles, ledger: UnitsLedger, date: string): readonly ListRow[] {
  const plan = newestList(files, 'pay-out-plan', date);
  return plan === undefined || ledger.entryOf(`PAY_OUT ${plan.run} 1`) !== undefined ? [] : plan.rows;
}

/** All of it before the auction; what was bought in until that is paid out. */
function awaited({ units, outcome }: UnitShortage, ledger: UnitsLedger): number {
  if (outcome === undefined) return units;
  return ledger.entryOf(`PAY_OUT auctions ${outcome.run} 1`) === undefined ? outcome.filled : 0;
}
