// A client takes money out. What it may take is the smaller of its clear ledger (what the books owe it, less credits whose settlement is still to
// come) and its free cash in the engine. The amount is held on both sides before anything is paid: reserved in the books, taken from the engine's
// cash; only what the engine then still shows as free above the requirement is paid. Then it is released by the clearing corporation if it lies
// there, and paid by the bank to a registered account whose cool-off is over, each once by key. Killed anywhere, running the same id again goes on
// where it was.
import type { Database, RootDatabase } from 'lmdb';
import { clientAccount } from '../../ledger/account-chart.ts';
import type { Books } from '../../ledger/books.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { clearLedger } from './funds-clear-ledger.ts';
import { ClientBanks } from './funds-client-banks.ts';
import { deliverCredits, freeFundsAfter, noteCredit } from './funds-engine.ts';
import { type FundsHouse, readFundsHouse, upstreamedAccount } from './funds-house.ts';
import { type AskedMove, type AskedScope, askedKey, moveAsked } from './funds-once.ts';
import type { FundsParts } from './funds-ports.ts';
import { type Head, headOf } from './funds-receipts.ts';

/** What was asked. Paise. */
export interface WithdrawalRequest {
  /** Names it for ever. */
  readonly id: string;
  readonly client: string;
  readonly amount: number;
  /** Registered account it goes to. */
  readonly account: string;
}

/** Where a withdrawal stands. held: reserved in the books, not yet checked by the engine; checked: it may be paid. */
export interface Withdrawal extends WithdrawalRequest {
  readonly state: 'held' | 'checked' | 'released' | 'paid' | 'refused';
  /** Account of ours it is paid from. */
  readonly from: string;
  readonly pending: number;
  /** Paise the bank has paid. */
  readonly paid: number;
  readonly reason: string;
}

const MILLIS = 1000;
const RESERVED_MILLIS = 10 * 86_400_000;

const tableOf = (root: RootDatabase): Database<Withdrawal, string> => root.openDB({ name: 'withdrawals', encoding: 'msgpack' });

/** Withdrawals by id. */
export const withdrawals = (root: RootDatabase): Withdrawal[] => [...tableOf(root).getRange({})].map(({ value }) => value);

/** Does or goes on with a withdrawal. Throws what the counterparties throw (nothing sent, in doubt), RangeError for one that may not be asked. */
export async function withdraw(parts: FundsParts, scope: AskedScope, asked: WithdrawalRequest): Promise<Withdrawal> {
  const { root } = scope.store;
  const known = tableOf(root).get(asked.id);
  if (known !== undefined && (known.client !== asked.client || known.amount !== asked.amount || known.account !== asked.account))
    throw new RangeError(`${asked.id} was asked for ${known.amount} paise of ${known.client} to ${known.account}`);
  const house = readFundsHouse(parts.dataDirectory);
  let one = known ?? hold(parts, scope, house, asked);
  if (one.state === 'held') one = await check(parts, scope, one);
  if (one.state === 'checked') one = await release(parts, scope, house, one);
  if (one.state === 'released') one = await pay(parts, scope, one);
  await deliverCredits(parts.dataDirectory, root);
  return one;
}

const headFor = (parts: FundsParts, { store, now }: AskedScope, { id }: WithdrawalRequest): Head =>
  headOf(parts, { root: store.root, now }, `withdrawal ${id}`);

/** Reserves it in the books and takes it from the engine's cash: one transaction, so that nothing else can use it from then on. */
function hold(parts: FundsParts, scope: AskedScope, house: FundsHouse, asked: WithdrawalRequest): Withdrawal {
  const { root } = scope.store;
  const { id, client, amount, account } = asked;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new RangeError(`${amount} is not an amount`);
  const bank = new ClientBanks(root).of(client).find((each) => each.account === account && each.withdrawnAt === 0);
  if (bank === undefined) throw new RangeError(`${account} is not registered for ${client}: nothing is paid to it`);
  if (bank.payableFrom > scope.now())
    throw new RangeError(`${account} was registered too recently: payable from ${new Date(bank.payableFrom / MILLIS).toISOString()}`);
  const head = headFor(parts, scope, asked);
  const clear = clearLedger(booksOf(root), clientAccount(client), head.businessDate);
  if (amount > clear) throw new RangeError(`${client} has a clear ledger of ${clear} paise, ${amount} are asked`);
  return booksOf(root).transact((books) => {
    const from = sourceOf(books, house, amount);
    const outcome = pend(books, { ...head, key: `WITHDRAWAL ${id} pending` }, client, { from, amount });
    const one: Withdrawal = { ...asked, state: 'held', from, pending: outcome, paid: 0, reason: '' };
    noteCredit(root, { key: holdKey(asked), client, amount: -amount });
    tableOf(root).putSync(id, one);
    return one;
  });
}

/** Where the money lies: in the client bank, or at the clearing corporation. Throws RangeError when in neither alone. */
function sourceOf(books: Books, house: FundsHouse, amount: number): string {
  const places = [house.client, house.downstream, upstreamedAccount(house.upstreamTo, 'CASH')];
  const found = places.find((place) => (books.account(place)?.available ?? 0) >= amount);
  if (found === undefined) throw new RangeError(`no account has ${amount} paise at hand: a deposit or fund units have to be given back first`);
  return found;
}

function pend(books: Books, head: Head & { readonly key: string }, client: string, { from, amount }: { from: string; amount: number }): number {
  const transfers = [{ debit: clientAccount(client), credit: from, amount }];
  const outcome = books.pend({ ...head, kind: 'WITHDRAWAL', transfers, expiresAt: head.at + RESERVED_MILLIS });
  if (outcome.status === 'refused') throw new RangeError(outcome.detail);
  return outcome.sequence;
}

/** The engine has taken the debit; is what is left above the requirement? If not, everything is given back. */
async function check(parts: FundsParts, scope: AskedScope, one: Withdrawal): Promise<Withdrawal> {
  const { root } = scope.store;
  await deliverCredits(parts.dataDirectory, root);
  const left = await freeFundsAfter(parts.dataDirectory, root, { key: holdKey(one), client: one.client });
  if (left === undefined || left.free >= 0) return put(root, { ...one, state: 'checked' });
  const reason = `${one.client} has ${Math.max(0, left.free + one.amount)} paise free above its margin, ${one.amount} are asked`;
  return giveBack(parts, scope, one, reason);
}

function put(root: RootDatabase, one: Withdrawal): Withdrawal {
  root.transactionSync(() => {
    tableOf(root).putSync(one.id, one);
  });
  return one;
}

/** Voids the reservation and gives the engine its cash back. */
function giveBack(parts: FundsParts, scope: AskedScope, one: Withdrawal, reason: string): Withdrawal {
  const { root } = scope.store;
  const refused: Withdrawal = { ...one, state: 'refused', reason };
  booksOf(root).transact((books) => {
    books.void({ ...headFor(parts, scope, one), key: `WITHDRAWAL ${one.id} voided`, pending: one.pending });
    noteCredit(root, { key: `${holdKey(one)}/back`, client: one.client, amount: one.amount });
    tableOf(root).putSync(one.id, refused);
  });
  return refused;
}

/** Money that lies at the clearing corporation comes down first. */
async function release(parts: FundsParts, scope: AskedScope, house: FundsHouse, one: Withdrawal): Promise<Withdrawal> {
  const { root } = scope.store;
  if (!one.from.startsWith('UPSTREAMED/')) return put(root, { ...one, state: 'released' });
  const to = house.downstream;
  const request = { kind: 'release', clearing: house.upstreamTo, form: 'CASH', reason: 'WITHDRAWAL', to };
  const moved = await moveAsked(parts, scope, { ...moveOf(one, headFor(parts, scope, one)), at: 'clearing', step: 'release', request });
  if (moved === 0) return giveBack(parts, scope, one, 'the clearing corporation refused to release it');
  const head = headFor(parts, scope, one);
  const isWhole = moved === one.amount;
  const next = booksOf(root).transact((books) => {
    books.void({ ...head, key: `WITHDRAWAL ${one.id} moved down`, pending: one.pending });
    // The release's own key, so that it is found in the bank's statement.
    books.post({ ...head, key: keyOf(one, 'release'), kind: 'UPSTREAM', transfers: [{ debit: to, credit: one.from, amount: moved }] });
    const pending = isWhole ? pend(books, { ...head, key: `WITHDRAWAL ${one.id} pending below` }, one.client, { from: to, amount: one.amount }) : 0;
    const below: Withdrawal = { ...one, state: isWhole ? 'released' : 'refused', from: to, pending, reason: isWhole ? '' : SHORT };
    tableOf(root).putSync(one.id, below);
    if (!isWhole) noteCredit(root, { key: `${holdKey(one)}/back`, client: one.client, amount: one.amount });
    return below;
  });
  return next;
}

const SHORT = 'another amount moved than was asked: the break says which, and what came down lies in the down-stream account';

/** What the bank paid is booked as paid; what it did not pay is the client's again. */
async function pay(parts: FundsParts, scope: AskedScope, one: Withdrawal): Promise<Withdrawal> {
  const { root } = scope.store;
  const request = { kind: 'transfer', from: one.from, to: one.account, name: one.client };
  const moved = await moveAsked(parts, scope, { ...moveOf(one, headFor(parts, scope, one)), at: 'bank', step: 'pay', request });
  if (moved === 0) return giveBack(parts, scope, one, 'the bank refused to pay it');
  const left = one.amount - moved;
  const paid: Withdrawal = { ...one, state: 'paid', paid: moved, reason: left === 0 ? '' : `${moved} paise were paid: see the break` };
  booksOf(root).transact((books) => {
    books.settle({ ...headFor(parts, scope, one), key: `${keyOf(one, 'pay')} settled`, pending: one.pending, amounts: [moved] });
    if (left > 0) noteCredit(root, { key: `${holdKey(one)}/back`, client: one.client, amount: left });
    tableOf(root).putSync(one.id, paid);
  });
  return paid;
}

const holdKey = ({ id }: WithdrawalRequest): string => `money/withdrawal/${id}`;
const keyOf = ({ id }: Withdrawal, step: string): string => askedKey(id, step);
const moveOf = ({ id, amount }: Withdrawal, { businessDate }: Head): Pick<AskedMove, 'instance' | 'about' | 'date' | 'paise'> => ({
  instance: id,
  about: `withdrawal ${id}`,
  date: businessDate,
  paise: amount,
});
