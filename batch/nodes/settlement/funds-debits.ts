// Clients in debit are the firm's to carry, never other clients': before the books of a day close, what client money lacks because of them is put in
// from the firm's own account (LEDGER-NIGHT); what is not needed any more goes back before client money goes up (SET-UPSTREAM). Money that is missing
// for another reason is not made good here: it keeps the day open. A house with less of its own than is needed moves nothing. (Client funds against
// credit balances of clients: SEBI/HO/MIRSD/MIRSD2/ CIR/P/2016/95 of 26 September 2016.)
import type { RootDatabase } from 'lmdb';
import { shortfallOf } from '../../ledger/account-state.ts';
import type { Books } from '../../ledger/books.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { NodeBody } from '../../runner/index.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { type FundsHouse, readFundsHouse } from './funds-house.ts';
import { isBegun, type MoneyMove, madeOf, movedByName, moveMoney } from './funds-moves.ts';
import type { FundsParts } from './funds-ports.ts';

/** Names of the moves: what is put in before a close, what a pay-in took, what went back. */
const PUT_IN = 'client-debits';
const PAY_IN = 'own-funds';
export const TAKEN_BACK = 'own-funds-back';

/** What clients owe by their ledgers, paise. */
function debitsOf(ledger: Ledger): number {
  let debits = 0;
  for (const { row, balance } of ledger.accounts()) if (row.money === 'claim' && balance < 0) debits -= balance;
  return debits;
}

/** Paise the firm has to put in: what client money lacks, as far as it is by clients in debit; 0 where the firm has not as much. */
export function wantedForDebits(ledger: Ledger, own: string): number {
  const wanted = Math.min(Math.max(0, shortfallOf(ledger.head.totals)), debitsOf(ledger));
  return wanted <= (ledger.account(own)?.available ?? 0) ? wanted : 0;
}

/** The body of LEDGER-NIGHT, with client money made whole first. Adds the output `ownFunds`, paise put in. */
export function withDebitsCarried(parts: FundsParts, body: NodeBody): NodeBody {
  return async (context) => {
    const ledger = booksOf(context.root);
    const house = readFundsHouse(parts.dataDirectory);
    const wanted = wantedForDebits(ledger, house.own);
    const done = wanted > 0 || isBegun(context) ? await moveMoney(parts, context, () => (wanted > 0 ? [puttingIn(house, wanted)] : [])) : [];
    const outcome = await body(context);
    return { ...outcome, outputs: { ...outcome.outputs, ownFunds: madeOf(done, PUT_IN) } };
  };
}

function puttingIn({ own, client }: FundsHouse, paise: number): MoneyMove {
  return {
    name: PUT_IN,
    at: 'bank',
    request: { kind: 'transfer', from: own, to: client, name: 'clients in debit' },
    paise,
    posting: { kind: 'FIRM_FUNDING', debit: client, credit: own, narration: 'for clients in debit' },
    pending: 0,
  };
}

/**
 * The move that gives the firm back what it put in and client money no longer needs; undefined where there is nothing to give. `left`: paise in the
 * client account that are free.
 */
export function takingBack(root: RootDatabase, books: Books, { own, client }: FundsHouse, left: number): MoneyMove | undefined {
  const sumOf = (name: string): number => movedByName(root, name).get('') ?? 0;
  const put = sumOf(PUT_IN) + sumOf(PAY_IN) - sumOf(TAKEN_BACK);
  const paise = Math.min(put, left, Math.max(0, -shortfallOf(books.head.totals)));
  if (paise <= 0) return undefined;
  return {
    name: TAKEN_BACK,
    at: 'bank',
    request: { kind: 'transfer', from: client, to: own, name: 'clients in debit, no longer' },
    paise,
    posting: { kind: 'FUNDING_RETURN', debit: own, credit: client, narration: 'put in for clients in debit, no longer needed' },
    pending: 0,
  };
}
