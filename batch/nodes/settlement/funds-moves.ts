// How money moves: a plan of moves is stored and reserved in the books in one transaction, then each move is made once by key and booked when, and
// as, it happened. An answer with another amount is never believed: what the counterparty's own statement shows is what is booked, and the difference
// is somebody's break. A plan that met one stops; what it had reserved is given back, and the next plan is made from the books as they are once two
// persons have closed the break.
import type { Database, RootDatabase } from 'lmdb';
import type { Books } from '../../ledger/books.ts';
import type { PostingKind } from '../../ledger/posting-kinds.ts';
import { istDate, type NodeContext, type Outputs, PermanentFault } from '../../runner/index.ts';
import { callKey } from '../../runner/port-call.ts';
import { booksOf, dayNumber } from '../end-of-day/day-parts.ts';
import { type FoundBreak, MoneyBreaks } from './funds-breaks.ts';
import { type FundsParts, type MoneyTarget, movedUnder } from './funds-ports.ts';

/** One movement of money. */
export interface MoneyMove {
  /** What it is for, once per instance: payin-M2026224. */
  readonly name: string;
  readonly at: MoneyTarget;
  readonly request: Outputs;
  readonly paise: number;
  /** How it is booked; undefined for an instruction that moves nothing in our books. */
  readonly posting?: { readonly kind: PostingKind; readonly debit: string; readonly credit: string; readonly narration: string };
  /** Entry that reserves it; 0 before the plan has done so. */
  readonly pending: number;
  /** Reserved by an earlier node, and kept when the plan stops. */
  readonly isGiven?: boolean;
}

/** A move that was made. */
export interface DoneMove {
  readonly name: string;
  readonly paise: number;
  readonly key: string;
}

interface MovePlan {
  /** 1 for the first of an instance. */
  readonly number: number;
  readonly moves: readonly MoneyMove[];
  /** Made by plans before this one, and by this one. */
  readonly before: readonly DoneMove[];
  readonly done: readonly DoneMove[];
  readonly state: 'open' | 'stopped';
}

/**
 * Works out the moves still to be made, from the books in the transaction that reserves them and what was made already; `keyOf` says the key a name
 * will have.
 */
export type Planner = (books: Books, done: readonly DoneMove[], keyOf: (name: string) => string) => MoneyMove[];

/** Whose plan it is: the part of a node's context that a plan needs. */
type MoveScope = Pick<NodeContext, 'root' | 'runId' | 'key' | 'date' | 'now'>;

type PlanKey = [runId: string, instance: string];

/** A reservation outlives every retry. */
const RESERVED_MILLIS = 60 * 86_400_000;
const MICROS_PER_MILLI = 1000;

const plansOf = (root: RootDatabase): Database<MovePlan, PlanKey> => root.openDB({ name: 'money-plans', encoding: 'msgpack' });

/** Key under which a move of a plan is made. */
const keyOf = ({ runId, key }: MoveScope, plan: MovePlan, { name }: Pick<MoneyMove, 'name'>): string => callKey(runId, key, callName(plan, name));
const callName = ({ number }: MovePlan, name: string): string => (number === 1 ? `funds-${name}` : `funds-${name}#${number}`);

/** Paise made so far under a name. */
export const madeOf = (done: readonly DoneMove[], name: string): number => done.reduce((sum, one) => sum + (one.name === name ? one.paise : 0), 0);

type Calendared = Pick<FundsParts, 'calendar'>;

/** Date on which something that happens now is booked, yyyymmdd: today, or the next traded date that is open. */
export function bookingDate({ calendar }: Calendared, root: RootDatabase, now: number): number {
  const { closed } = booksOf(root).head;
  let date = istDate(now);
  while (!calendar.isTraded(date) || dayNumber(date) <= closed) date = calendar.tradedAfter(date);
  return dayNumber(date);
}

/**
 * Makes every move there is to make; what was made, over all plans of the instance. Throws what `context.call` throws, and PermanentFault while a
 * break stops it.
 */
export async function moveMoney(parts: FundsParts, context: NodeContext, planner: Planner): Promise<readonly DoneMove[]> {
  const known = plansOf(context.root).get([context.runId, context.key]);
  let plan = known === undefined || known.state === 'stopped' ? begin(parts, context, planner, known) : known;
  for (const move of plan.moves) if (!plan.done.some(({ name }) => name === move.name)) plan = await carry(parts, context, plan, move);
  return [...plan.before, ...plan.done];
}

/** Stores the plan and reserves what it moves, in one transaction. */
function begin(parts: FundsParts, context: NodeContext, planner: Planner, last: MovePlan | undefined): MovePlan {
  const [stopping] = new MoneyBreaks(context.root).stopping(context.key, context.date);
  if (stopping !== undefined) throw new PermanentFault(`${stopping.text}: no more money moves here until two persons have closed ${stopping.id}`);
  const before = last === undefined ? [] : [...last.before, ...last.done];
  const head = headOf(parts, context);
  return booksOf(context.root).transact((books) => {
    const draft: MovePlan = { number: (last?.number ?? 0) + 1, moves: [], before, done: [], state: 'open' };
    const moves = planner(books, before, (name) => keyOf(context, draft, { name }));
    const plan = { ...draft, moves: moves.map((move) => reserved(books, context, draft, move, head)) };
    plansOf(context.root).putSync([context.runId, context.key], plan);
    return plan;
  });
}

function reserved(books: Books, context: MoveScope, plan: MovePlan, move: MoneyMove, head: BookingHead): MoneyMove {
  if (move.posting === undefined || move.pending !== 0) return move;
  const { kind, debit, credit, narration } = move.posting;
  const outcome = books.pend({
    ...head,
    key: `${keyOf(context, plan, move)} pending`,
    kind,
    narration,
    transfers: [{ debit, credit, amount: move.paise }],
    expiresAt: head.at + RESERVED_MILLIS,
  });
  if (outcome.status === 'refused') throw new PermanentFault(`${move.name}: ${outcome.detail}`);
  return { ...move, pending: outcome.sequence };
}

/** Makes one move and books it; the plan as it is then. */
async function carry(parts: FundsParts, context: NodeContext, plan: MovePlan, move: MoneyMove): Promise<MovePlan> {
  const key = keyOf(context, plan, move);
  const port = parts.port(move.at);
  let answer: Outputs;
  try {
    answer = await context.call(port, callName(plan, move.name), { ...move.request, paise: move.paise });
  } catch (error) {
    if (error instanceof PermanentFault)
      stop(parts, context, plan, { key, kind: 'refused', ours: move.paise, theirs: 0, text: `${move.name}: ${error.message}` });
    throw error;
  }
  if (answer['paise'] === move.paise) return finish(parts, context, plan, { move, moved: move.paise });
  const told = typeof answer['paise'] === 'number' ? answer['paise'] : 0;
  const moved = await movedUnder(port, move.at, key);
  const text = `${move.name}: ${move.paise} paise asked, ${told} answered, ${moved ?? 'nothing'} on the ${move.at}'s own books`;
  const exception = { key, ours: move.paise, text } as const;
  if (moved === move.paise) return finish(parts, context, plan, { move, moved, exception: { ...exception, kind: 'answer', theirs: told } });
  if (moved === undefined) stop(parts, context, plan, { ...exception, kind: 'notMoved', theirs: 0 });
  else finish(parts, context, plan, { move, moved, exception: { ...exception, kind: 'amount', theirs: moved } });
  throw new PermanentFault(text);
}

interface Exception extends Pick<FoundBreak, 'kind' | 'ours' | 'theirs' | 'text'> {
  /** Key of the call it is about. */
  readonly key: string;
}

function raise({ root, key: instance, date, now }: MoveScope, { key: about, ...found }: Exception): void {
  new MoneyBreaks(root).raise({ ...found, about, instance, date }, now());
}

/** How a move ended. */
interface Ended {
  readonly move: MoneyMove;
  readonly moved: number;
  readonly exception?: Exception;
}

/**
 * Books what moved, notes the move as made, raises what there is to raise and, when another amount moved, ends the plan: all or nothing. Found made
 * already (by its evidence), it stays as it is.
 */
function finish(parts: Calendared, scope: MoveScope, plan: MovePlan, { move, moved, exception }: Ended): MovePlan {
  const key = keyOf(scope, plan, move);
  const stored = plansOf(scope.root).get([scope.runId, scope.key]) ?? plan;
  if (stored.done.some(({ name }) => name === move.name)) return stored;
  const isStopped = exception?.kind === 'amount';
  const next: MovePlan = { ...stored, done: [...stored.done, { name: move.name, paise: moved, key }], state: isStopped ? 'stopped' : 'open' };
  const head = headOf(parts, scope);
  booksOf(scope.root).transact((books) => {
    if (exception !== undefined) raise(scope, exception);
    if (move.posting !== undefined) {
      const { narration } = move.posting;
      if (moved <= move.paise) expectDone(books.settle({ ...head, key: `${key} settled`, narration, pending: move.pending, amounts: [moved] }));
      else bookMore(books, { ...head, key, narration }, move, moved);
    }
    if (isStopped) giveBack(books, scope, next, head);
    plansOf(scope.root).putSync([scope.runId, scope.key], next);
  });
  return next;
}

interface BookingHead {
  readonly businessDate: number;
  readonly at: number;
}

const headOf = (parts: Calendared, { root, now }: MoveScope): BookingHead => ({
  businessDate: bookingDate(parts, root, now()),
  at: Math.floor(now() / MICROS_PER_MILLI),
});

/** More moved than was reserved: it is a fact, so it is booked, and the reservation goes. */
function bookMore(books: Books, head: { businessDate: number; at: number; key: string; narration: string }, move: MoneyMove, moved: number): void {
  const { kind, debit, credit } = move.posting ?? {};
  if (kind === undefined || debit === undefined || credit === undefined) return;
  expectDone(books.void({ ...head, key: `${head.key} voided`, pending: move.pending }));
  // UPSTREAM is a wish by kind; what the bank did is none any more.
  const fact = kind === 'UPSTREAM' ? 'PAY_IN' : kind;
  expectDone(books.post({ ...head, key: `${head.key} settled`, kind: fact, transfers: [{ debit, credit, amount: moved }] }));
}

function expectDone(outcome: ReturnType<Books['post']>): void {
  if (outcome.status === 'refused') throw new PermanentFault(`the books refuse what has happened: ${outcome.detail}`);
}

/** Ends a plan whose next move did not happen. */
function stop(parts: Calendared, scope: MoveScope, plan: MovePlan, exception: Exception): void {
  const next: MovePlan = { ...plan, state: 'stopped' };
  booksOf(scope.root).transact((books) => {
    raise(scope, exception);
    giveBack(books, scope, next, headOf(parts, scope));
    plansOf(scope.root).putSync([scope.runId, scope.key], next);
  });
}

/** Gives back what a plan has reserved itself and not moved. */
function giveBack(books: Books, scope: MoveScope, plan: MovePlan, head: BookingHead): void {
  for (const move of plan.moves) {
    if (move.pending === 0 || move.isGiven === true || plan.done.some(({ name }) => name === move.name)) continue;
    expectDone(books.void({ ...head, key: `${keyOf(scope, plan, move)} voided`, narration: 'not moved', pending: move.pending }));
  }
}

/** A move that was begun and whose end nobody has booked. */
export interface OpenMove {
  readonly key: string;
  readonly at: MoneyTarget;
  readonly paise: number;
  /** Books it as it happened by the counterparty's own books. */
  readonly finish: (moved: number, now: number) => void;
}

/** Moves of every plan that are still open, whoever's they are. */
export function openMoves(parts: Calendared, root: RootDatabase): OpenMove[] {
  const found: OpenMove[] = [];
  for (const { key, value: plan } of plansOf(root).getRange({})) {
    if (plan.state === 'stopped') continue;
    const [runId, instance] = key;
    const scope = (now: number): MoveScope => ({ root, runId, key: instance, date: runId.slice(0, DATE_LENGTH), now: () => now });
    for (const move of plan.moves) {
      if (plan.done.some(({ name }) => name === move.name)) continue;
      const finished = (moved: number, now: number): void => {
        const text = `${move.name}: booked by the ${move.at}'s own books, ${moved} paise of ${move.paise}`;
        const key = keyOf(scope(now), plan, move);
        const exception = { key, kind: 'amount', ours: move.paise, theirs: moved, text } as const;
        finish(parts, scope(now), plan, moved === move.paise ? { move, moved } : { move, moved, exception });
      };
      found.push({ key: keyOf(scope(0), plan, move), at: move.at, paise: move.paise, finish: finished });
    }
  }
  return found;
}

/** Has the instance of `context` begun to move money? */
export const isBegun = ({ root, runId, key }: Pick<NodeContext, 'root' | 'runId' | 'key'>): boolean => plansOf(root).get([runId, key]) !== undefined;

/** Paise moved under any of the names by all instances of a run. */
export function movedInRun(root: RootDatabase, runId: string, names: readonly string[]): number {
  let moved = 0;
  for (const { value: plan } of plansOf(root).getRange({ start: [runId, ''], end: [runId, '\uffff'] }))
    for (const { name, paise } of [...plan.before, ...plan.done]) if (names.includes(name)) moved += paise;
  return moved;
}

/** Everything that was moved under names that begin with `prefix`, paise by the rest of the name. */
export function movedByName(root: RootDatabase, prefix: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { value: plan } of plansOf(root).getRange({}))
    for (const { name, paise } of [...plan.before, ...plan.done])
      if (name.startsWith(prefix)) found.set(name.slice(prefix.length), (found.get(name.slice(prefix.length)) ?? 0) + paise);
  return found;
}

/**
 * Paise under names that begin with `came`, less those under `went`, that no open plan is about to move: received and lying there, because the plan
 * that would have passed it on was stopped.
 */
export function leftLying(root: RootDatabase, came: string, went: string): number {
  const signOf = (name: string): number => (name.startsWith(came) ? 1 : name.startsWith(went) ? -1 : 0);
  let left = 0;
  for (const { value: plan } of plansOf(root).getRange({})) {
    const open = plan.state === 'open' ? plan.moves.filter(({ name }) => !plan.done.some((one) => one.name === name)) : [];
    for (const { name, paise } of [...plan.before, ...plan.done, ...open]) left += signOf(name) * paise;
  }
  return left;
}

const DATE_LENGTH = 10;
