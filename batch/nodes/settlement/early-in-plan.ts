// Early pay-in of the day as the evening's plan sees it: what of it is owed counts, what is owed no more is to be given back, and with what the
// evening tells itself it is what the clearing corporation has booked.
import type { NodeContext } from '../../runner/index.ts';
import { EarlyDeliveries } from '../../securities/early-deliveries.ts';
import { EarlyPayIns } from '../../securities/early-pay-in.ts';
import { blockedAccount } from '../../securities/unit-accounts.ts';
import type { UnitDue } from './securities-dues.ts';
import type { ListRow } from './securities-files.ts';
import type { UnitRow } from './securities-instructions.ts';
import { unitsOf } from './securities-opening.ts';

/** Units of one client and ISIN booked as early pay-in of a settlement. */
export type EarlyRow = Pick<UnitRow, 'client' | 'isin' | 'units'> & { readonly settlement: string };

const keyOf = ({ settlement, client, isin }: Pick<EarlyRow, 'settlement' | 'client' | 'isin'>): string => `${settlement} ${client} ${isin}`;

/** Units of rows together. */
export const sumOfUnits = (rows: readonly Pick<UnitRow, 'units'>[]): number => rows.reduce((sum, { units }) => sum + units, 0);

/** Dues with those of clients who owe no more what they paid in early: it is to be given back. */
export function withEarly(context: NodeContext, dues: readonly UnitDue[]): UnitDue[] {
  const known = new Set(dues.map(keyOf));
  const ledger = unitsOf(context);
  const left = new EarlyDeliveries(context.root)
    .all(context.date)
    .filter((one) => !known.has(keyOf(one)) && ledger.units(blockedAccount(one.client, one.settlement), one.isin) > 0)
    .map(({ settlement, client, isin, token }): UnitDue => ({ settlement, client, isin, token, deliver: 0, receive: 0 }));
  return [...dues, ...new Map(left.map((one) => [keyOf(one), one])).values()];
}

/** Early pay-in of the day as far as it is owed. */
export function earlyInDay(context: NodeContext, plan: readonly ListRow[]): EarlyRow[] {
  const deliveries = new EarlyDeliveries(context.root);
  if (deliveries.all(context.date).length === 0) return [];
  return plan.flatMap(({ settlement = '', client = '', isin = '', deliver = '0' }) => {
    const one = { settlement, client, isin };
    const units = Math.min(deliveries.booked(context.date, one), Number(deliver));
    return units === 0 ? [] : [{ ...one, units }];
  });
}

/** Notes what the clearing corporation has booked in the day and in the evening. To be called in the commit of the node that told it. */
export function bookEarly(context: NodeContext, plan: readonly ListRow[], evening: readonly EarlyRow[]): void {
  const rows = new Map(earlyInDay(context, plan).map((one) => [keyOf(one), one]));
  for (const one of evening) rows.set(keyOf(one), { ...one, units: one.units + (rows.get(keyOf(one))?.units ?? 0) });
  const table = new EarlyPayIns(context.root);
  for (const { settlement, client, isin, units } of rows.values()) table.book(settlement, client, isin, units);
}
