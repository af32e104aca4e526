// Money of SET-PAYIN-PREP and SET-PAYIN-EXECUTE. The evening before: every settlement that the member has to pay is reserved in the books under its
// settlement number, and liquid funds are held against the highest pay-in so far; short of that buffer, two persons have to accept it. On the day
// they are held against it once more, before anything moves; then the settlement account is filled (client bank, cash released by the clearing
// corporation, last the firm's own money for clients in debit), and each settlement is paid in once.
import type { Database, RootDatabase } from 'lmdb';
import { GRACE_MINUTES } from '../../calendar/settlement-windows.ts';
import type { Books } from '../../ledger/books.ts';
import { type NodeContext, type Output, type Outputs, PermanentFault } from '../../runner/index.ts';
import { booksOf } from '../end-of-day/day-parts.ts';
import { bufferOf, keepPayIn, needBuffer, sourcesOf } from './funds-buffer.ts';
import { releaseHeld } from './funds-early-pay-in.ts';
import { type FundsHouse, readFundsHouse, settlementAccount } from './funds-house.ts';
import { bookingDate, leftLying, type MoneyMove, madeOf, moveMoney } from './funds-moves.ts';
import { accountOf, type FundsObligation, fundsObligations, keepDueTimes } from './funds-obligations.ts';
import type { FundsParts } from './funds-ports.ts';
import { legOutputs, type SettlementLeg } from './settlement-leg.ts';

/** A settlement's pay-in as the books reserve it. */
interface Reservation {
  readonly paise: number;
  readonly pending: number;
  readonly version: number;
}

const MICROS_PER_MILLI = 1000;
const MICROS_PER_MINUTE = 60e6;
const RESERVED_MILLIS = 60 * 86_400_000;

const reservationsOf = (root: RootDatabase): Database<Reservation, string> => root.openDB({ name: 'pay-in-reservations', encoding: 'msgpack' });
/** Leg of SET-PAYIN-PREP. Outputs: instructions by settlement number, the buffer. */
export function payInPrepLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const house = readFundsHouse(parts.dataDirectory);
      const instructions = fundsObligations(parts, context).filter(({ net }) => net < 0);
      const payIn = instructions.reduce((sum, { net }) => sum - net, 0);
      const buffer = bufferOf(context, house);
      return {
        outputs: { instructions: instructions.map(instructionOf), payIn, buffer: { ...buffer } },
        gates: [{ name: `liquid funds short of ${house.bufferPercent} % of the highest pay-in (paise)`, left: buffer.short, right: 0 }],
        note: buffer.short === 0 ? '' : `liquid funds of ${buffer.liquid} paise where ${buffer.required} are held against the highest pay-in`,
        commit: () => {
          reserve(parts, context, instructions);
          if (context.segment === 'CM') releaseHeld(parts, context, context.date);
          keepPayIn(context, payIn);
          keepDueTimes(context.root, instructions);
        },
      };
    },
  };
}

const instructionOf = ({ net, ...rest }: FundsObligation): Output => ({ ...rest, paise: Math.abs(net) });

/** Reserves every pay-in under its settlement number; what a correction changed is given back and reserved anew, unless it was paid. */
function reserve(parts: FundsParts, context: NodeContext, instructions: readonly FundsObligation[]): void {
  const ledger = booksOf(context.root);
  const table = reservationsOf(context.root);
  const at = Math.floor(context.now() / MICROS_PER_MILLI);
  const head = { businessDate: bookingDate(parts, context.root, context.now()), at };
  ledger.transact((books) => {
    for (const one of instructions) {
      const name = `${one.clearing}-${one.number}`;
      const known = table.get(name);
      if (known?.paise === -one.net) continue;
      const version = (known?.version ?? 0) + 1;
      if (known !== undefined) giveBack(books, { ...head, key: `pay-in ${name} ${known.version} given back` }, known, name);
      const narration = `pay-in of settlement ${one.number}`;
      const transfers = [{ debit: accountOf(one), credit: settlementAccount(one.clearing), amount: -one.net }];
      const request = { ...head, key: `pay-in ${name} ${version}`, kind: 'PAY_IN', narration, transfers, expiresAt: at + RESERVED_MILLIS };
      const outcome = books.pend(request);
      if (outcome.status === 'refused') throw new PermanentFault(`${name}: ${outcome.detail}`);
      table.putSync(name, { paise: -one.net, pending: outcome.sequence, version });
    }
  });
}

function giveBack(books: Books, head: { businessDate: number; at: number; key: string }, { pending, paise }: Reservation, name: string): void {
  const outcome = books.void({ ...head, narration: 'the obligation changed', pending });
  if (outcome.status === 'refused')
    throw new PermanentFault(`${name}: ${paise} paise were paid in already; what changed since needs an obligation of its own`);
}

/** Leg of SET-PAYIN-EXECUTE. Outputs: what was paid in by settlement, from where, how late. */
export function payInExecuteLeg(parts: FundsParts): SettlementLeg {
  return {
    name: 'funds',
    run: async (context) => {
      const house = readFundsHouse(parts.dataDirectory);
      const prepared = legOutputs(context, context.key.replace('EXECUTE', 'PREP'), 'funds');
      const instructions = instructionsOf(prepared);
      const buffer = instructions.length === 0 ? undefined : needBuffer(context, house, prepared);
      const done = await moveMoney(parts, context, (books, made) => payInMoves(books, context, house, { instructions, made }));
      const lateMinutes = Math.max(0, ...instructions.map(({ payInBy }) => Math.ceil((context.now() - payInBy) / MICROS_PER_MINUTE)));
      const paid = instructions.map(({ clearing, number }) => ({ clearing, number, paise: madeOf(done, `payin-${clearing}-${number}`) }));
      return {
        outputs: {
          paid,
          payIn: paid.reduce((sum, { paise }) => sum + paise, 0),
          fromBank: madeOf(done, 'transfer'),
          released: madeOf(done, 'release'),
          ownFunds: madeOf(done, 'own-funds'),
          lateMinutes,
          ...(buffer === undefined ? {} : { buffer: { ...buffer } }),
        },
        gates: [{ name: 'paid in = to be paid in (paise)', left: paid.reduce((sum, { paise }) => sum + paise, 0), right: sumOf(instructions) }],
        note:
          lateMinutes === 0
            ? ''
            : `pay-in ${lateMinutes} minutes late${lateMinutes <= GRACE_MINUTES ? ', within the grace for proven delay of a bank' : ''}`,
      };
    },
  };
}

/** A pay-in or pay-out as the evening's node left it. */
export interface Instruction extends Pick<FundsObligation, 'clearing' | 'number' | 'due' | 'payInBy' | 'payOutBy'> {
  readonly paise: number;
}

/** Instructions of a node's outputs. Throws PermanentFault when they are not what a node of this release leaves. */
export function instructionsOf(outputs: Outputs): Instruction[] {
  const list = outputs['instructions'];
  if (!Array.isArray(list)) throw new PermanentFault('the evening left no instructions');
  return list as unknown as Instruction[];
}

const sumOf = (instructions: readonly Instruction[]): number => instructions.reduce((sum, { paise }) => sum + paise, 0);

interface PayIns {
  readonly instructions: readonly Instruction[];
  readonly made: Parameters<Parameters<typeof moveMoney>[2]>[1];
}

/** Fills the settlement accounts, then pays in what has not been paid. Throws PermanentFault, with nothing moved, when there is not enough. */
function payInMoves(books: Books, context: NodeContext, house: FundsHouse, { instructions, made }: PayIns): MoneyMove[] {
  const left = instructions
    .map((one) => ({ ...one, paise: one.paise - madeOf(made, `payin-${one.clearing}-${one.number}`) }))
    .filter(({ paise }) => paise > 0);
  const table = reservationsOf(context.root);
  const paying = left.map((one): MoneyMove => {
    const name = `payin-${one.clearing}-${one.number}`;
    const reserved = madeOf(made, name) === 0 ? table.get(`${one.clearing}-${one.number}`) : undefined;
    const isGiven = reserved?.paise === one.paise;
    return { ...payingMove(one, name), pending: isGiven ? reserved.pending : 0, isGiven };
  });
  const taken = new Map<string, number>();
  const filling = [...new Set(left.map(({ clearing }) => clearing))].flatMap((clearing) => {
    const own = paying.filter(({ request }) => request['clearing'] === clearing);
    const [need, unreserved] = [own, own.filter(({ pending }) => pending === 0)].map((moves) => moves.reduce((sum, { paise }) => sum + paise, 0));
    // A pay-out that came and was not passed on lies in the same account and is not there to pay with.
    const lying = leftLying(context.root, `payout-${clearing}-`, `sweep-${clearing}`);
    return fillingMoves(books, house, clearing, { taken, need: need ?? 0, unreserved: (unreserved ?? 0) + lying });
  });
  return [...filling, ...paying];
}

function payingMove(one: Instruction, name: string): Omit<MoneyMove, 'pending'> {
  return {
    name,
    at: 'clearing',
    request: { kind: 'payin', clearing: one.clearing, settlement: one.number },
    paise: one.paise,
    posting: { kind: 'PAY_IN', debit: accountOf(one), credit: settlementAccount(one.clearing), narration: `pay-in of settlement ${one.number}` },
  };
}

interface Filling {
  /** Taken from each source for other settlement accounts of the same plan. */
  readonly taken: Map<string, number>;
  readonly need: number;
  /** What else has to stay in the account and is not among its reservations yet. */
  readonly unreserved: number;
}

/** Moves into one settlement account what it is short of for everything reserved on it, at most `need`. */
function fillingMoves(books: Books, house: FundsHouse, clearing: string, { taken, need, unreserved }: Filling): MoneyMove[] {
  const to = settlementAccount(clearing);
  const account = books.account(to);
  const reserved = (account?.creditsPending ?? 0) + unreserved;
  let short = Math.min(need, Math.max(0, reserved - (account?.balance ?? 0) - (account?.debitsPending ?? 0)));
  const moves: MoneyMove[] = [];
  for (const source of sourcesOf(house)) {
    const has = Math.max(0, (books.account(source)?.available ?? 0) - (taken.get(source) ?? 0));
    const paise = Math.min(short, has);
    if (paise === 0) continue;
    taken.set(source, (taken.get(source) ?? 0) + paise);
    short -= paise;
    moves.push({ ...fillingMove(house, source, clearing), paise, pending: 0 });
  }
  if (short > 0) throw new PermanentFault(`pay-in to ${clearing}: ${short} paise more are needed than there are liquid funds; nothing was moved`);
  return moves;
}

function fillingMove(house: FundsHouse, source: string, clearing: string): Omit<MoneyMove, 'paise' | 'pending'> {
  const to = settlementAccount(clearing);
  const narration = `for pay-in to ${clearing}`;
  const transfer = { at: 'bank', request: { kind: 'transfer', from: source, to, name: clearing } } as const;
  if (source === house.own) return { name: 'own-funds', ...transfer, posting: { kind: 'FIRM_FUNDING', debit: to, credit: source, narration } };
  if (source === house.client) return { name: 'transfer', ...transfer, posting: { kind: 'PAY_IN', debit: to, credit: source, narration } };
  const reason = clearing === house.upstreamTo ? 'PAY-IN' : 'OTHER-CC';
  return {
    name: 'release',
    at: 'clearing',
    request: { kind: 'release', clearing: house.upstreamTo, form: 'CASH', reason, to },
    posting: { kind: 'UPSTREAM', debit: to, credit: source, narration: `released for pay-in to ${clearing}` },
  };
}
