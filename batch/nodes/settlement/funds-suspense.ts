// Money in suspense leaves it in one of two ways: back to the account it came from, once by key, or to the client whose account it turns out to be.
// Either closes nothing by itself: the break stays with the client desk until two persons have closed it.
import { clientAccount } from '../../ledger/account-chart.ts';
import { PermanentFault } from '../../runner/index.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { ClientBanks } from './funds-client-banks.ts';
import { deliverCredits, noteCredit } from './funds-engine.ts';
import { type AskedScope, askedKey, moveAsked } from './funds-once.ts';
import type { FundsParts } from './funds-ports.ts';
import { type Head, headOf, type ThirdPartyReceipt, thirdPartyOf } from './funds-receipts.ts';

const MILLIS_RESERVED = 10 * 86_400_000;

function receiptOf({ store }: AskedScope, reference: string): ThirdPartyReceipt {
  const receipt = thirdPartyOf(store.root).get(reference);
  if (receipt === undefined) throw new RangeError(`${reference} is no receipt in suspense`);
  return receipt;
}

/** Paise of a receipt that have not gone back. */
const leftOf = ({ paise, sent = 0 }: ThirdPartyReceipt): number => paise - sent;

/**
 * Sends what is left of a receipt back to whoever sent it, and books what the bank did: of a short movement the rest stays in suspense, and asking
 * again sends it. Throws what the bank throws while nobody knows; PermanentFault when it refused, with everything in suspense as before.
 */
export async function sendBack(parts: FundsParts, scope: AskedScope, reference: string): Promise<ThirdPartyReceipt> {
  const receipt = receiptOf(scope, reference);
  const paise = leftOf(receipt);
  if (paise === 0) return receipt;
  const { account, from, name, tries = 0 } = receipt;
  const step = tries === 0 ? 'send-back' : `send-back#${tries + 1}`;
  const head = headOf(parts, { root: scope.store.root, now: scope.now }, `sent back ${reference}`);
  const pending = reserve(scope, head, `${askedKey(reference, step)} pending`, { account, paise });
  const about = `sending back ${reference}`;
  const request = { kind: 'transfer', from: account, to: from, name };
  const moved = await moveAsked(parts, scope, { at: 'bank', instance: reference, step, about, date: head.businessDate, request, paise });
  const after: ThirdPartyReceipt = { ...receipt, sent: receipt.paise - paise + moved, tries: tries + 1 };
  const { root } = scope.store;
  booksOf(root).transact((books) => {
    const key = askedKey(reference, step);
    if (moved === 0) books.void({ ...head, key: `${key} voided`, pending });
    else books.settle({ ...head, key: `${key} settled`, pending, amounts: [moved] });
    thirdPartyOf(root).putSync(reference, after);
  });
  if (moved === 0) throw new PermanentFault(`${about}: the bank refused it, nothing has gone back`);
  return after;
}

/** Reserves it once; the entry that does. */
function reserve({ store }: AskedScope, head: Head, key: string, { account, paise }: { readonly account: string; readonly paise: number }): number {
  const ledger = booksOf(store.root);
  return (
    ledger.sequenceOf(key) ??
    ledger.transact((books) => {
      const transfers = [{ debit: 'SUSPENSE', credit: account, amount: paise }];
      const outcome = books.pend({ ...head, key, kind: 'WITHDRAWAL', transfers, expiresAt: head.at + MILLIS_RESERVED });
      if (outcome.status === 'refused') throw new RangeError(outcome.detail);
      return outcome.sequence;
    })
  );
}

/** Credits a receipt to the client for whom its sender's account is registered by now. */
export async function identify(parts: FundsParts, scope: AskedScope, reference: string, client: string): Promise<ThirdPartyReceipt> {
  const { root } = scope.store;
  const receipt = receiptOf(scope, reference);
  if (new ClientBanks(root).owner(receipt.from) !== client) throw new RangeError(`${receipt.from} is not registered for ${client}`);
  const head = headOf(parts, { root, now: scope.now }, `${reference} is ${client}'s`);
  const key = `IDENTIFY ${reference}`;
  if (booksOf(root).sequenceOf(key) === undefined)
    booksOf(root).transact((books) => {
      const outcome = books.post({
        ...head,
        key,
        kind: 'IDENTIFY',
        transfers: [{ debit: 'SUSPENSE', credit: clientAccount(client), amount: leftOf(receipt) }],
      });
      if (outcome.status === 'refused') throw new RangeError(outcome.detail);
      noteCredit(root, { key: `money/${key}`, client, amount: leftOf(receipt) });
    });
  await deliverCredits(parts.dataDirectory, root);
  return receipt;
}
