// Loans on shares bought with funding (MTF), as the night sees them: what the engine's close of a date left lent, kept by date because the engine
// goes on. The books move a client's loan by the difference to the date before; so engine and books follow each other, and a gate lays them side by
// side.
import type { Database, RootDatabase } from 'lmdb';
import { clientLoanAccount } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { NodeContext } from '../../runner/index.ts';
import { readEngine } from '../engine/engine-state.ts';
import { booksOf, type DayParts, dayNumber } from './day-parts.ts';

/** Paise lent by client, whoever owes nothing left out. */
export type Loans = ReadonlyMap<string, number>;

/** Loans before and after a date. */
export interface LoansOfDate {
  readonly before: Loans;
  readonly after: Loans;
}

type Kept = Database<[client: string, paise: number][], number>;

/** Loans after the close of a date, by date (yyyymmdd); under 0 those the books had before the first. */
const loansIn = (root: RootDatabase): Kept => root.openDB({ name: 'funded-loans', encoding: 'msgpack' });
const FIRST = 0;

/** See the file's head. After a date the engine has closed; as last kept where it has gone on or never ran. Without a loan ever nothing is kept. */
export async function loansOf({ dataDirectory }: DayParts, { root, date }: Pick<NodeContext, 'root' | 'date'>): Promise<LoansOfDate> {
  const [kept, today] = [loansIn(root), dayNumber(date)];
  const { slots, clients } = await readEngine(dataDirectory);
  const isClosed = slots.length > 0 && slots.every(({ businessDate, isOpen }) => !isOpen && businessDate === today);
  const lent = [...clients.values()].flatMap(({ account, lent: paise = 0 }): [string, number][] => (paise === 0 ? [] : [[account, paise]]));
  const isFirst = kept.get(FIRST) === undefined;
  if (isClosed && isFirst && lent.length > 0) kept.putSync(FIRST, [...bookedLoans(booksOf(root))]);
  if (isClosed && (lent.length > 0 || !isFirst))
    kept.putSync(
      today,
      lent.sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const [earlier] = [...kept.getRange({ start: today - 1, reverse: true, limit: 1 })];
  const before = new Map(earlier?.value);
  return { before, after: new Map(kept.get(today) ?? before) };
}

/** What the books say is lent. */
export function bookedLoans(ledger: Ledger): Loans {
  const prefix = clientLoanAccount('');
  const loans = [...ledger.accounts()].filter(({ id, balance }) => id.startsWith(prefix) && balance !== 0);
  return new Map(loans.map(({ id, balance }) => [id.slice(prefix.length), -balance]));
}

/** Paise that were lent (above zero) or repaid, by client; whoever's loan stands as it was is left out. */
export function drawnOf({ before, after }: LoansOfDate): Map<string, number> {
  const clients = [...new Set([...before.keys(), ...after.keys()])].sort();
  return new Map(clients.map((client) => [client, (after.get(client) ?? 0) - (before.get(client) ?? 0)] as const).filter(([, paise]) => paise !== 0));
}

/** Paise of all loans. */
export const sumOf = (loans: Loans): number => [...loans.values()].reduce((sum, paise) => sum + paise, 0);
