// Books of a fresh house: what clients.jsonl says each client has in cash is what the house owes it and what lies in the client bank account. Once,
// by two persons.
import { clientAccount } from '../../ledger/account-chart.ts';
import { readClientMaster } from '../begin-of-day/client-master.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { readFundsHouse } from './funds-house.ts';
import type { AskedScope } from './funds-once.ts';
import type { FundsParts } from './funds-ports.ts';
import { headOf } from './funds-receipts.ts';

/** How many transfers one posting may have. */
const TRANSFERS_MAX = 10_000;

/** Books the opening balances; again, it does nothing. Throws RangeError without two approvals, FileError for a bad list. Amounts in paise. */
export function openClientMoney(
  parts: FundsParts,
  scope: AskedScope,
  approvals: readonly string[],
): { readonly clients: number; readonly paise: number; readonly account: string } {
  if (new Set(approvals).size < 2 || approvals.includes('')) throw new RangeError('opening balances need two different persons: --by asha,binod');
  const { root } = scope.store;
  const { client: account } = readFundsHouse(parts.dataDirectory);
  const opening = [...readClientMaster(parts.dataDirectory).values()].filter(({ cash }) => cash > 0);
  const ledger = booksOf(root);
  const head = headOf(parts, { root, now: scope.now }, 'opening balances');
  for (let from = 0; from < opening.length; from += TRANSFERS_MAX) {
    const key = from === 0 ? `OPENING ${account}` : `OPENING ${account} ${from}`;
    if (ledger.sequenceOf(key) !== undefined) continue;
    const transfers = opening
      .slice(from, from + TRANSFERS_MAX)
      .map((one) => ({ debit: account, credit: clientAccount(one.account), amount: one.cash }));
    ledger.transact((books) => books.post({ ...head, key, kind: 'OPENING', approvals, transfers }));
  }
  return { clients: opening.length, paise: opening.reduce((sum, { cash }) => sum + cash, 0), account };
}
