// The books of bank, depository, clearing corporation and exchange: what was instructed under which key, what became of it, and the balances that follow.
// An instruction is decided once per key; asking again by key changes nothing. Faults are played where the network or the other side would fail.
import type { CallTarget } from '../ports/ports-file.ts';
import { MoneyBooks } from './bank-money.ts';
import type { Desk } from './depository-desk.ts';
import type { UnitBooks } from './depository-doors.ts';
import type { FaultSwitches } from './faults.ts';
import type { MarketDay } from './market-day.ts';

/** An instruction as it was decided. */
export interface Instruction {
  readonly key: string;
  readonly request: Readonly<Record<string, unknown>>;
  state: 'done' | 'refused' | 'pending';
  answer: Readonly<Record<string, unknown>>;
  reason: string;
  /** Questions it stays pending for. */
  questions: number;
}

/** See the file's head. Money in paise, securities in units. */
export class Counterparties {
  /** Bank and clearing corporations' books of money. */
  readonly money: MoneyBooks;
  /** Units at the depository by `client|ISIN`. */
  readonly units: Map<string, number> = new Map();
  /** Who decides instructions of a counterparty that have more to them than an amount. */
  readonly desks: Map<CallTarget, Desk> = new Map();
  /** Securities at depositories and clearing corporation, where they are played. */
  securities: UnitBooks | undefined;
  private readonly faults: FaultSwitches;
  private readonly byTarget = new Map<CallTarget, Map<string, Instruction>>();

  constructor(day: Pick<MarketDay, 'clients' | 'sharesBefore'>, faults: FaultSwitches, money: MoneyBooks = new MoneyBooks()) {
    this.faults = faults;
    this.money = money;
    for (const { account, holdings } of day.clients)
      for (const { token, free, pledged } of holdings) this.units.set(`${account}|${day.sharesBefore.get(token)?.isin ?? token}`, free + pledged);
  }

  /** Instructions of one counterparty, in order of arrival. */
  of(target: CallTarget): Instruction[] {
    return [...(this.byTarget.get(target)?.values() ?? [])];
  }

  /** Decides an instruction, or returns what was decided under its key. */
  instruct(target: CallTarget, key: string, request: Readonly<Record<string, unknown>>): Instruction {
    const book = this.byTarget.get(target) ?? new Map<string, Instruction>();
    this.byTarget.set(target, book);
    const known = book.get(key) ?? this.doneEarlier(target, key);
    if (known !== undefined) return known;
    const made = this.decide(target, key, request);
    book.set(key, made);
    return made;
  }

  /** What became of a key; undefined when it never came. Pending ones are decided when asked often enough. */
  inquire(target: CallTarget, key: string): Instruction | undefined {
    const found = this.byTarget.get(target)?.get(key) ?? this.doneEarlier(target, key);
    if (found?.state === 'pending') {
      found.questions -= 1;
      if (found.questions <= 0) this.settle(target, found);
    }
    return found;
  }

  private decide(target: CallTarget, key: string, request: Readonly<Record<string, unknown>>): Instruction {
    const made: Instruction = { key, request, state: 'pending', answer: {}, reason: '', questions: 0 };
    if (this.faults.play('reject')) {
      made.state = 'refused';
      made.reason = 'refused on purpose';
    } else if (this.faults.play('undecided')) {
      made.questions = 2;
    } else {
      this.settle(target, made);
    }
    return made;
  }

  private settle(target: CallTarget, made: Instruction): void {
    const { request } = made;
    const decision = this.desks.get(target)?.(request);
    if (decision !== undefined) {
      made.state = 'refused' in decision ? 'refused' : 'done';
      if ('refused' in decision) made.reason = decision.refused;
      else made.answer = { key: made.key, reference: `${target}-${this.byTarget.get(target)?.size ?? 0}`, ...decision.answer };
      return;
    }
    if (MoneyBooks.concerns(target, request)) {
      this.settleMoney(target, made);
      return;
    }
    if (target === 'depository' && request['isin'] !== undefined)
      this.add(this.units, `${String(request['client'] ?? '')}|${String(request['isin'])}`, numberOf(request['units']));
    made.state = 'done';
    made.answer = { reference: `${target}-${this.byTarget.get(target)?.size ?? 0}` };
  }

  private settleMoney(target: CallTarget, made: Instruction): void {
    const { refused, paise, reference } = this.money.settle(target, made.key, made.request, this.faults);
    made.state = refused === '' ? 'done' : 'refused';
    made.reason = refused;
    made.answer = { key: made.key, reference, paise: refused === '' && this.faults.play('wrong-amount') ? paise + WRONG_BY : paise };
  }

  /** Money that moved for a key before this process began. */
  private doneEarlier(target: CallTarget, key: string): Instruction | undefined {
    const done = target === 'bank' || target === 'clearing' ? this.money.done(target, key) : undefined;
    return done === undefined ? undefined : { key, request: {}, state: 'done', answer: { key, ...done }, reason: '', questions: 0 };
  }

  private add(book: Map<string, number>, key: string, amount: number): void {
    book.set(key, (book.get(key) ?? 0) + amount);
  }
}

/** Paise by which the fault wrong-amount answers wrong: not what short-movement keeps back, or both at once would answer what was asked. */
const WRONG_BY = 300;
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);
