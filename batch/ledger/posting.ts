// What a caller asks the books to do, and what the books answer. Amounts are paise, whole and above zero; direction is in the two accounts. Checks here need
// no books; a request that fails them is malformed and has no effect and no memory.
import { chartRow } from './account-chart.ts';
import { type PostingKindRow, postingKind } from './posting-kinds.ts';

/** One amount from the credited account's side to the debited one's. */
export interface Transfer {
  readonly debit: string;
  readonly credit: string;
  /** Paise, a safe integer above zero. */
  readonly amount: number;
}

/** Who asks, when, and for which day; part of every request. */
export interface RequestHead {
  /** Names the request for ever: the same key again does nothing and answers the same. */
  readonly key: string;
  /** Day it is booked on, yyyymmdd; must not be closed. */
  readonly businessDate: number;
  readonly narration: string;
  /** Milliseconds since the epoch; not part of what the key stands for. */
  readonly at: number;
  /** Persons who approved; kinds that need two are refused with fewer. */
  readonly approvals?: readonly string[];
}

/** Transfers that post together or not at all. */
export interface PostingRequest extends RequestHead {
  readonly kind: string;
  /** Day the money counts from, for interest; the business date when absent. */
  readonly valueDate?: number;
  readonly transfers: readonly Transfer[];
}

/** First phase: reserves; it counts in no balance until it is settled. */
export interface PendingRequest extends PostingRequest {
  /** Milliseconds since the epoch; from then on it can only expire. */
  readonly expiresAt: number;
}

/** Second phase of a pending entry. */
export interface SettleRequest extends RequestHead {
  readonly pending: number;
  /** Amounts to post, per transfer of the pending entry and not above it; all of it when absent. The rest is released. */
  readonly amounts?: readonly number[];
}

/** Why a well-formed request did not happen. Recorded under the key like a success. */
export type Refusal =
  | 'insufficientFunds'
  | 'clientMoneyShortfall'
  | 'unknownEntry'
  | 'notPending'
  | 'alreadySettled'
  | 'alreadyVoided'
  | 'alreadyExpired'
  | 'pendingExpired'
  | 'amountAbovePending'
  | 'notReversible'
  | 'alreadyReversed';

/** What came of a request. `repeated`: the key was known, and this is what it came to then. */
export type Outcome =
  | { readonly status: 'done'; readonly sequence: number; readonly repeated: boolean }
  | { readonly status: 'refused'; readonly reason: Refusal; readonly detail: string; readonly repeated: boolean };

/** A request that can never be booked: unknown account, wrong kind, an amount that is none, a closed day, a key of something else. */
export class PostingError extends Error {
  override readonly name = 'PostingError';
}

const KEY = /^[\x20-\x7e]{1,160}$/;
/** Transfers of one posting. */
export const TRANSFERS_MAX = 10_000;
const TEXT_MAX = 200;
const APPROVALS_MAX = 16;

export const isDay = (date: number): boolean => Number.isInteger(date) && date >= 20_000_101 && date <= 29_991_231;

/** Checks what every request has. Throws PostingError. */
export function checkHead(head: RequestHead): void {
  if (!KEY.test(head.key)) throw new PostingError(`key ${JSON.stringify(head.key)?.slice(0, 60)}: 1 to 160 printable characters are needed`);
  const wrong = (reason: string): PostingError => new PostingError(`${head.key}: ${reason}`);
  if (!isDay(head.businessDate)) throw wrong(`businessDate ${head.businessDate} is not a day yyyymmdd`);
  if (typeof head.narration !== 'string' || head.narration.length > TEXT_MAX) throw wrong(`narration must be text of at most ${TEXT_MAX} characters`);
  if (!Number.isSafeInteger(head.at) || head.at < 0) throw wrong(`at ${head.at} is not a time in milliseconds`);
  if (head.approvals === undefined) return;
  const names = head.approvals;
  if (
    names.length > APPROVALS_MAX ||
    names.some((name) => typeof name !== 'string' || name === '' || name.length > TEXT_MAX) ||
    new Set(names).size !== names.length
  )
    throw wrong('approvals must be names of different persons');
}

/** Checks a posting against kinds, without its accounts. Returns the row of its kind. Throws PostingError naming the key. */
export function checkKind(request: PostingRequest): PostingKindRow {
  checkHead(request);
  const wrong = (reason: string): PostingError => new PostingError(`${request.key}: ${reason}`);
  const kind = postingKind(request.kind);
  if (kind === undefined) throw wrong(`${JSON.stringify(request.kind)} is not a kind of posting`);
  if (request.valueDate !== undefined && !isDay(request.valueDate)) throw wrong(`valueDate ${request.valueDate} is not a day yyyymmdd`);
  if ((request.approvals?.length ?? 0) < kind.approvals) throw wrong(`${request.kind} needs the approval of ${kind.approvals} different persons`);
  const { transfers } = request;
  if (transfers.length < 1 || transfers.length > TRANSFERS_MAX) throw wrong(`has ${transfers.length} transfers (1 to ${TRANSFERS_MAX})`);
  return kind;
}

/** Checks a posting against chart and kinds. Throws PostingError naming key and transfer. */
export function checkPosting(request: PostingRequest): void {
  const kind = checkKind(request);
  for (const [index, transfer] of request.transfers.entries()) {
    const reason = wrongTransfer(transfer, request.kind, kind);
    if (reason !== undefined) throw new PostingError(`${request.key}: transfer ${index + 1}: ${reason}`);
  }
}

/** Why a transfer may not be made under a kind; undefined when it may. */
export function wrongTransfer({ debit, credit, amount }: Transfer, name: string, kind: PostingKindRow): string | undefined {
  if (!Number.isSafeInteger(amount) || amount <= 0) return `amount ${amount} is not a whole number of paise above zero`;
  const [from, to] = [chartRow(debit), chartRow(credit)];
  if (typeof from === 'string') return `debit ${from}`;
  if (typeof to === 'string') return `credit ${to}`;
  if (debit === credit) return `debits and credits ${debit}`;
  if (kind.moves.some(([a, b]) => a === from.money && b === to.money)) return undefined;
  return `${name} may not debit ${debit} (${from.money}) and credit ${credit} (${to.money})`;
}
