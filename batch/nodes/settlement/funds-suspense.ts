// Money in suspense leaves it in one of two ways: back to the account it came from, once by key, or to the client whose account it turns out to be. Either closes
// nothing by itself: the break stays with the client desk until two persons have closed it.
import { clientAccount } from '../../ledger/account-chart.ts';
import { type Outputs, PermanentFault } from '../../runner/index.ts';
import { callOnce } from '../../runner/port-call.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { ClientBanks } from './funds-client-banks.ts';
import { deliverCredits, noteCredit } from './funds-engine.ts';
import type { FundsParts } from './funds-ports.ts';
import { headOf, type ThirdPartyReceipt, thirdPartyOf } from './funds-receipts.ts';
import type { WithdrawalScope } from './funds-withdrawals.ts';

const RUN = 'money';
const MILLIS_RESERVED = 10 * 86_400_000;

function receiptOf({ store }: WithdrawalScope, reference: string): ThirdPartyReceipt {
  const receipt = thirdPartyOf(store.root).get(reference);
  if (receipt === undefined) throw new RangeError(`${reference} is no receipt in suspense`);
  return receipt;
}

/** Sends a receipt back to whoever sent it. Throws what the bank throws; refused, it stays in suspense. */
export async function sendBack(parts: FundsParts, scope: WithdrawalScope, reference: string): Promise<ThirdPartyReceipt> {
  const { store, now } = scope;
  const receipt = receiptOf(scope, reference);
  const { account, from, name, paise } = receipt;
  const key = `${RUN}/${reference}/send-back`;
  const head = headOf(parts, { root: store.root, now }, `sent back ${reference}`);
  const ledger = booksOf(store.root);
  const known = ledger.sequenceOf(`${key} pending`);
  const pending =
    known ??
    ledger.transact((books) => {
      const transfers = [{ debit: 'SUSPENSE', credit: account, amount: paise }];
      const outcome = books.pend({ ...head, key: `${key} pending`, kind: 'WITHDRAWAL', transfers, expiresAt: head.at + MILLIS_RESERVED });
      if (outcome.status === 'refused') throw new RangeError(outcome.detail);
      return outcome.sequence;
    });
  const request: Outputs = { kind: 'transfer', from: account, to: from, name, paise };
  const answer = await callOnce({ runId: RUN, instance: reference, now, store }, parts.port('bank'), 'send-back', request);
  if (answer['paise'] !== paise)
    throw new PermanentFault(`${reference}: ${paise} paise were to go back, ${String(answer['paise'])} answered: look at the statement`);
  if (ledger.sequenceOf(`${key} settled`) === undefined) ledger.transact((books) => books.settle({ ...head, key: `${key} settled`, pending }));
  return receipt;
}

/** Credits a receipt to the client for whom its sender's account is registered by now. */
export async function identify(parts: FundsParts, scope: WithdrawalScope, reference: string, client: string): Promise<ThirdPartyReceipt> {
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
        transfers: [{ debit: 'SUSPENSE', credit: clientAccount(client), amount: receipt.paise }],
      });
      if (outcome.status === 'refused') throw new RangeError(outcome.detail);
      noteCredit(root, { key: `money/${key}`, client, amount: receipt.paise });
    });
  await deliverCredits(parts.dataDirectory, root);
  return receipt;
}
