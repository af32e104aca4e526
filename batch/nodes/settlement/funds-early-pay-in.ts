// Early pay-in of funds in the day: money for what a client has bought is paid in to a settlement before its evening, and the settlement's pay-in is
// that much smaller. The client's ledger is held for it until the evening has booked the purchase. First the settlement account is filled from the
// client bank, then the clearing corporation is paid, each once by key and judged by what moved; what it does not take goes back. Killed anywhere,
// running the same id again goes on where it was.
import type { Database, RootDatabase } from 'lmdb';
import type { BookEarlyPayInBody } from '../../../engine/index.ts';
import { clearingAccount, clientAccount } from '../../ledger/account-chart.ts';
import type { Books } from '../../ledger/books.ts';
import type { PostingKind } from '../../ledger/posting-kinds.ts';
import { istDate } from '../../runner/index.ts';
import { booksOf, dayNumber } from '../end-of-day/day-parts.ts';
import { clearLedger } from './funds-clear-ledger.ts';
import { deliverCredits, noteEarlyPayIn } from './funds-engine.ts';
import { type FundsHouse, readFundsHouse, settlementAccount } from './funds-house.ts';
import { type AskedMove, type AskedScope, askedKey, moveAsked } from './funds-once.ts';
import type { FundsParts } from './funds-ports.ts';
import { type Head, headOf, type MoneyScope } from './funds-receipts.ts';
import { isSameDay } from './securities-engine.ts';

/** What was asked. Paise. */
export interface EarlyFundsRequest {
  /** Names it for ever. */
  readonly id: string;
  readonly client: string;
  readonly amount: number;
  /** Number of the settlement as obligations have it ("M2026223"). */
  readonly settlement: string;
}

/** Where it stands. held: reserved in the books; filled: in the settlement account; returning: the clearing corporation took less, the rest goes back. */
export interface EarlyFunds extends EarlyFundsRequest {
  /** Business date, YYYY-MM-DD. */
  readonly date: string;
  readonly clearing: string;
  /** Pay-in date of the settlement, yyyymmdd. */
  readonly due: number;
  readonly state: 'held' | 'filled' | 'returning' | 'paid' | 'refused';
  /** Entries that hold the client's ledger and the client bank. */
  readonly held: number;
  readonly pending: number;
  /** Paise in the settlement account for it, and paid in. */
  readonly filled: number;
  readonly paid: number;
  readonly reason: string;
}

const RESERVED_MILLIS = 10 * 86_400_000;
const NUMBER = /^[A-Z0-9]{2,12}$/;

const tableOf = (root: RootDatabase): Database<EarlyFunds, string> => root.openDB({ name: 'early-funds', encoding: 'msgpack' });

/** Requests by id. */
export const earlyFunds = (root: RootDatabase): EarlyFunds[] => [...tableOf(root).getRange({})].map(({ value }) => value);

/** Paise paid in early by `CLEARING-NUMBER`, of a date or of all. */
export function paidEarly(root: RootDatabase, date?: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { clearing, settlement, paid, date: of } of earlyFunds(root))
    if (paid > 0 && (date === undefined || of === date)) found.set(`${clearing}-${settlement}`, (found.get(`${clearing}-${settlement}`) ?? 0) + paid);
  return found;
}

/**
 * The evening has booked the purchases of a date: clients' ledgers are held for them no longer. To be called in the commit of the node that prepares
 * the pay-in.
 */
export function releaseHeld(parts: FundsParts, scope: MoneyScope, date: string): void {
  const { root } = scope;
  const held = earlyFunds(root).filter((one) => one.date === date && one.state === 'paid' && one.held > 0);
  if (held.length === 0) return;
  booksOf(root).transact((books) => {
    for (const one of held) {
      release(books, headOf(parts, scope, `early pay-in ${one.id}`), one);
      tableOf(root).putSync(one.id, { ...one, held: 0 });
    }
  });
}

/** Does or goes on with a request. Throws what the counterparties throw (nothing sent, in doubt), RangeError for one that may not be asked. */
export async function payInEarly(parts: FundsParts, scope: AskedScope, asked: EarlyFundsRequest): Promise<EarlyFunds> {
  const known = tableOf(scope.store.root).get(asked.id);
  if (known !== undefined && textOf(known) !== textOf(asked)) throw new RangeError(`${asked.id} was asked for ${textOf(known)}`);
  const house = readFundsHouse(parts.dataDirectory);
  let one = known ?? hold(parts, scope, house, asked);
  if (one.state === 'held') one = await fill(parts, scope, house, one);
  if (one.state === 'filled') one = await pay(parts, scope, one);
  if (one.state === 'returning') one = await giveBack(parts, scope, house, one);
  await deliverCredits(parts.dataDirectory, scope.store.root);
  return one;
}

const textOf = ({ amount, client, settlement }: EarlyFundsRequest): string => `${amount} paise of ${client} in ${settlement}`;

/** Holds the client's ledger and the money at the bank, in one transaction. */
function hold(parts: FundsParts, scope: AskedScope, house: FundsHouse, asked: EarlyFundsRequest): EarlyFunds {
  const { root } = scope.store;
  const { id, client, amount, settlement } = asked;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new RangeError(`${amount} is not an amount`);
  if (!NUMBER.test(settlement)) throw new RangeError(`${settlement} is not a settlement such as M2026223`);
  if (isSameDay(settlement)) throw new RangeError(`${settlement} is T+0: its pay-in is this afternoon's own`);
  const date = istDate(scope.now());
  if (!parts.calendar.isTraded(date)) throw new RangeError(`${date} is not traded`);
  const head = headFor(parts, scope, asked);
  const clear = clearLedger(booksOf(root), clientAccount(client), head.businessDate);
  if (amount > clear) throw new RangeError(`${client} has a clear ledger of ${clear} paise, ${amount} are asked`);
  const [clearing, due] = [house.upstreamTo, dayNumber(parts.calendar.settlementDay(date, 1))];
  return booksOf(root).transact((books) => {
    const hold = { debit: clientAccount(client), credit: clearingAccount(clearing, settlement, due), amount };
    const held = pend(books, { ...head, key: `EARLY ${id} held` }, { kind: 'TRADE', transfer: hold, until: head.at + RESERVED_MILLIS });
    const move = { debit: settlementAccount(clearing), credit: house.client, amount };
    if (amount > (books.account(house.client)?.available ?? 0)) throw new RangeError(`${house.client} has less than ${amount} paise at hand`);
    const pending = pend(books, { ...head, key: `EARLY ${id} pending` }, { kind: 'PAY_IN', transfer: move, until: head.at + RESERVED_MILLIS });
    const one: EarlyFunds = { ...asked, date, clearing, due, state: 'held', held, pending, filled: 0, paid: 0, reason: '' };
    tableOf(root).putSync(id, one);
    return one;
  });
}

interface Pended {
  readonly kind: PostingKind;
  readonly transfer: { readonly debit: string; readonly credit: string; readonly amount: number };
  /** Milliseconds since 1970. */
  readonly until: number;
}

function pend(books: Books, head: Head & { readonly key: string }, { kind, transfer, until }: Pended): number {
  const outcome = books.pend({ ...head, kind, transfers: [transfer], expiresAt: until });
  if (outcome.status === 'refused') throw new RangeError(outcome.detail);
  return outcome.sequence;
}

/** From the client bank into the settlement account. */
async function fill(parts: FundsParts, scope: AskedScope, house: FundsHouse, one: EarlyFunds): Promise<EarlyFunds> {
  const to = settlementAccount(one.clearing);
  const request = { kind: 'transfer', from: house.client, to, name: one.clearing };
  const moved = await moveAsked(parts, scope, { ...moveOf(parts, scope, one), at: 'bank', step: 'fill', request, paise: one.amount });
  return step(scope, (books) => {
    const head = headFor(parts, scope, one);
    if (moved > 0) books.settle({ ...head, key: `${askedKey(one.id, 'fill')} settled`, pending: one.pending, amounts: [moved] });
    else books.void({ ...head, key: `EARLY ${one.id} voided`, pending: one.pending });
    if (moved > 0) return { ...one, state: 'filled', filled: moved };
    release(books, head, one);
    return { ...one, state: 'refused', reason: 'the bank refused to pay it' };
  });
}

/** From the settlement account to the clearing corporation. */
async function pay(parts: FundsParts, scope: AskedScope, one: EarlyFunds): Promise<EarlyFunds> {
  const request = { kind: 'payin', clearing: one.clearing, settlement: one.settlement };
  const moved = await moveAsked(parts, scope, { ...moveOf(parts, scope, one), at: 'clearing', step: 'payin', request, paise: one.filled });
  return step(scope, (books) => {
    const head = headFor(parts, scope, one);
    const transfers = [{ debit: clearingAccount(one.clearing, one.settlement, one.due), credit: settlementAccount(one.clearing), amount: moved }];
    if (moved > 0) books.post({ ...head, key: askedKey(one.id, 'payin'), kind: 'PAY_IN', transfers });
    if (moved === one.filled) return { ...one, state: 'paid', paid: moved, reason: moved === one.amount ? '' : PARTLY };
    return { ...one, state: 'returning', paid: moved, reason: moved === 0 ? 'the clearing corporation did not take it' : PARTLY };
  });
}

const PARTLY = 'another amount moved than was asked: the break says which';

/** What lies in the settlement account for nothing goes back to the client bank. */
async function giveBack(parts: FundsParts, scope: AskedScope, house: FundsHouse, one: EarlyFunds): Promise<EarlyFunds> {
  const from = settlementAccount(one.clearing);
  const request = { kind: 'transfer', from, to: house.client, name: 'early pay-in' };
  const paise = one.filled - one.paid;
  const moved = await moveAsked(parts, scope, { ...moveOf(parts, scope, one), at: 'bank', step: 'back', request, paise });
  return step(scope, (books) => {
    const head = headFor(parts, scope, one);
    const transfers = [{ debit: house.client, credit: from, amount: moved }];
    if (moved > 0) books.post({ ...head, key: askedKey(one.id, 'back'), kind: 'PAY_OUT', transfers });
    if (one.paid === 0) release(books, head, one);
    const reason = moved === paise ? one.reason : `${one.reason}; ${paise - moved} paise lie in ${from} for the next pay-in`;
    return { ...one, state: one.paid === 0 ? 'refused' : 'paid', reason };
  });
}

/** The client may use the money again. */
function release(books: Books, head: Head, one: EarlyFunds): void {
  books.void({ ...head, key: `EARLY ${one.id} released`, pending: one.held });
}

/** Books a step and stores where the request stands, in one transaction. */
function step({ store: { root } }: AskedScope, work: (books: Books) => EarlyFunds): EarlyFunds {
  return booksOf(root).transact((books) => {
    const next = work(books);
    tableOf(root).putSync(next.id, next);
    // What is paid stays paid: the engine is told once, with what moved.
    if (next.state === 'paid') noteEarlyPayIn(root, { key: `early/funds/${next.id}`, early: bookingOf(next) });
    return next;
  });
}

const bookingOf = ({ id, client, settlement, paid }: EarlyFunds): BookEarlyPayInBody => ({
  way: 'FUNDS',
  account: client,
  quantity: paid,
  reference: `${settlement} ${id}`,
});

const headFor = (parts: FundsParts, { store, now }: AskedScope, { id }: EarlyFundsRequest): Head =>
  headOf(parts, { root: store.root, now }, `early pay-in ${id}`);

const moveOf = (parts: FundsParts, scope: AskedScope, one: EarlyFunds): Pick<AskedMove, 'instance' | 'about' | 'date'> => ({
  instance: one.id,
  about: `early pay-in ${one.id}`,
  date: headFor(parts, scope, one).businessDate,
});
