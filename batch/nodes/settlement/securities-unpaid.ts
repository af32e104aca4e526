// Units bought and not paid for: named to the clearing corporation before the pay-out, so that they come pledged (CUSPA), as far as a client's debit
// reaches; noted with their clock when they came.
import { clientAccount, clientMarginAccount } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { NodeContext } from '../../runner/index.ts';
import { UnpaidStore } from '../../securities/unpaid-units.ts';
import { booksOf, type DayParts } from '../end-of-day/day-parts.ts';
import { type FundedClaims, unitsOfLots } from './funded-plan.ts';
import { type ListRow, listOnce } from './securities-files.ts';
import { instructRows, unitRow } from './securities-instructions.ts';
import type { PaidUnits } from './securities-payout-files.ts';
import { type DayPrices, dayPrices } from './shortage-prices.ts';

const COLUMNS = ['settlement', 'client', 'bo', 'isin', 'units'];
/** Micros of a rupee in a paisa. */
const MICROS_PER_PAISA = 10_000;

/** What a client owes the firm, paise; never below zero. Cash held as margin counts for the client. */
export const debitOf = (ledger: Ledger, client: string): number =>
  Math.max(0, -(ledger.account(clientAccount(client))?.balance ?? 0) - (ledger.account(clientMarginAccount(client))?.balance ?? 0));

/**
 * Names unpaid units of a pay-out to the clearing corporation; the list is made once, because a client may pay between two tries. Units bought with
 * funding are paid for, with the house's money.
 */
export async function nameUnpaid(parts: DayParts, context: NodeContext, expected: readonly ListRow[], claims: FundedClaims): Promise<void> {
  const ledger = booksOf(context.root);
  const isOwing = expected.some((row) => debitOf(ledger, row['client'] ?? '') > 0);
  const prices = isOwing ? await dayPrices(parts, context) : undefined;
  const list = listOnce(parts, context, 'pay-out-unpaid', () => ({
    columns: COLUMNS,
    rows: prices === undefined ? [] : unpaidRows(ledger, expected, prices, claims),
  }));
  for (const settlement of new Set(list.rows.map((row) => row['settlement'] ?? ''))) {
    const rows = list.rows.filter((row) => row['settlement'] === settlement);
    const instruction = { target: 'clearing', name: `unpaid ${settlement}`, request: { kind: 'unpaid', settlement } } as const;
    await instructRows(parts, context, instruction, rows.map(unitRow));
  }
}

/** Units that cover a debit at a price, both in paise, of those there are: all of them where no price is known. */
export const coveringUnits = (debit: number, price: number, units: number): number =>
  debit === 0 ? 0 : price === 0 ? units : Math.min(units, Math.ceil(debit / price));

/** As many units as the client's debit is worth at the close of the trade date, ISIN by ISIN. */
function unpaidRows(ledger: Ledger, expected: readonly ListRow[], prices: DayPrices, claims: FundedClaims): ListRow[] {
  const debits = new Map<string, number>();
  return expected.flatMap(({ settlement = '', client = '', bo = '', isin = '', units = '0' }) => {
    const debit = debits.get(client) ?? debitOf(ledger, client);
    const price = (prices.get(isin)?.close ?? 0) / MICROS_PER_PAISA;
    const wanted = coveringUnits(debit, price, Number(units) - unitsOfLots(claims.take(client, isin, Number(units))));
    debits.set(client, Math.max(0, debit - Math.round(wanted * price)));
    return wanted === 0 ? [] : [{ settlement, client, bo, isin, units: String(wanted) }];
  });
}

/** Starts the clock of unpaid units as they were credited. To be called in the commit that moves them. */
export function openUnpaid({ calendar }: DayParts, context: NodeContext, plan: readonly ListRow[], credits: readonly PaidUnits[]): void {
  const store = new UnpaidStore(context.root);
  const paidOutOn = calendar.settlementDay(context.date, 1);
  const tokens = new Map(plan.map((row) => [row['isin'] ?? '', Number(row['token'])]));
  for (const { settlement, client, isin, unpaid } of credits)
    if (unpaid > 0) store.put({ settlement, client, isin, token: tokens.get(isin) ?? 0, units: unpaid, paidOutOn });
}
