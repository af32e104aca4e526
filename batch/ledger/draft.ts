// What a request becomes before it has a number: the draft of an entry; why it may be refused; and what its key stands for.
import { hash as digest } from 'node:crypto';
import { paise, paiseText } from '../../engine/index.ts';
import { type AccountTable, Column } from './account-table.ts';
import type { Entry, EntryType } from './entry.ts';
import type { RefusalRecord } from './ledger-store.ts';
import {
  type Outcome,
  type PendingRequest,
  PostingError,
  type PostingRequest,
  type Refusal,
  type RequestHead,
  type SettleRequest,
  type Transfer,
} from './posting.ts';

/** What an entry will be once it has a number. */
export type Draft = Omit<Entry, 'sequence'>;

/** A well-formed request that cannot be done; nothing of it may remain. */
export class Refused extends Error {
  readonly reason: Refusal;

  constructor(reason: Refusal, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Refuses when a voluntary amount is more than a floored account has available. */
export function checkFloor(table: AccountTable, account: number, amount: number, isDebited: boolean): void {
  const isDebitNatured = table.isDebitNatured(account);
  if (!table.rowOf(account).floored || isDebited === isDebitNatured) return;
  const available = table.balance(account) - table.figure(account, isDebitNatured ? Column.CREDITS_PENDING : Column.DEBITS_PENDING);
  if (available < amount)
    throw new Refused(
      'insufficientFunds',
      `${table.idOf(account)} has Rs ${paiseText(paise(available))} available, Rs ${paiseText(paise(amount))} are asked`,
    );
}

/** Draft of a posting. */
export function draftOf(request: PostingRequest, type: EntryType, expiresAt: number): Draft {
  const { key, kind, businessDate, narration, transfers, at } = request;
  return {
    type,
    key,
    kind,
    businessDate,
    valueDate: request.valueDate ?? businessDate,
    narration,
    transfers,
    link: 0,
    approvals: request.approvals ?? [],
    expiresAt,
    at,
  };
}

/** An entry that resolves or reverses another; without transfers. */
export function followUp(request: RequestHead, type: EntryType, of: Entry): Draft {
  const { key, businessDate, narration, at } = request;
  return {
    type,
    key,
    kind: of.kind,
    businessDate,
    valueDate: businessDate,
    narration,
    transfers: [],
    link: of.sequence,
    approvals: request.approvals ?? [],
    expiresAt: 0,
    at,
  };
}

/** What a settlement posts: all of the pending entry, or the given part of each transfer. */
export function settledTransfers(pending: Entry, amounts: readonly number[] | undefined): Transfer[] {
  if (amounts === undefined) return [...pending.transfers];
  if (amounts.length !== pending.transfers.length)
    throw new PostingError(`entry ${pending.sequence} has ${pending.transfers.length} transfers, ${amounts.length} amounts were given`);
  return pending.transfers.flatMap((transfer, index) => {
    const amount = amounts[index] ?? 0;
    if (!Number.isSafeInteger(amount) || amount < 0) throw new PostingError(`amount ${amount} is not a whole number of paise`);
    if (amount > transfer.amount) throw new Refused('amountAbovePending', `transfer ${index + 1}: ${amount} paise of ${transfer.amount} pending`);
    return amount === 0 ? [] : [{ ...transfer, amount }];
  });
}

/** Does an entry say what a draft says? Their time may differ. */
export function saysTheSame(entry: Entry, draft: Draft): boolean {
  return (
    entry.type === draft.type &&
    entry.kind === draft.kind &&
    entry.businessDate === draft.businessDate &&
    entry.valueDate === draft.valueDate &&
    entry.narration === draft.narration &&
    entry.link === draft.link &&
    entry.expiresAt === draft.expiresAt &&
    entry.approvals.length === draft.approvals.length &&
    entry.approvals.every((name, i) => name === draft.approvals[i]) &&
    sameTransfers(entry.transfers, draft.transfers)
  );
}

/** Are these the same moves in the same order? */
export function sameTransfers(some: readonly Transfer[], others: readonly Transfer[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ debit, credit, amount }, i) => {
      const other = others[i];
      return other?.debit === debit && other.credit === credit && other.amount === amount;
    })
  );
}

/** A request without its time, as a digest: what the key of a refused one stands for. */
export function meaningOf(operation: string, request: RequestHead & Partial<PendingRequest & SettleRequest & { entry: number }>): string {
  const { businessDate, narration, approvals, kind, valueDate, transfers, expiresAt, pending, amounts, entry } = request;
  const moves = transfers?.map(({ debit, credit, amount }) => [debit, credit, amount]);
  const meaning = [operation, businessDate, narration, approvals ?? [], kind, valueDate ?? businessDate, moves, expiresAt, pending, amounts, entry];
  return digest('sha256', JSON.stringify(meaning), 'base64url').slice(0, 22);
}

/** A key that stands for something else. */
export const usedOtherwise = (key: string): PostingError => new PostingError(`${key}: the key was used for another request`);

/** The answer to a key under which a request was refused. Throws PostingError when it was another request. */
export function refusedBefore(key: string, meaning: string, known: RefusalRecord): Outcome {
  if (known.meaning !== meaning) throw usedOtherwise(key);
  return { status: 'refused', reason: known.reason, detail: known.detail, repeated: true };
}
