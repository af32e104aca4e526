// What settlements of a segment come to in money, from what the end of day left: the member's net by settlement number, the taxes the clearing
// corporation takes, auctions of shortages. Signs are the member's: above zero it receives.
import type { Database, RootDatabase } from 'lmdb';
import { settlementDateOf, settlementWindow } from '../../calendar/settlement-windows.ts';
import { clearingAccount, dueDateOf } from '../../ledger/account-chart.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { istMicros, type NodeContext, type Output, PermanentFault } from '../../runner/index.ts';
import { booksOf, dayNumber, recordOf, settledOf } from '../end-of-day/day-parts.ts';
import { settlementOf } from '../end-of-day/settlements.ts';
import { paidEarly } from './funds-early-pay-in.ts';
import type { FundsParts } from './funds-ports.ts';
import { auctionFunds } from './shortage-funds.ts';

/** One settlement's money. */
export interface FundsObligation {
  readonly clearing: string;
  readonly number: string;
  readonly type: string;
  /** Pay-in date, yyyymmdd; part of the ledger account. */
  readonly due: number;
  /** Microseconds since 1970. */
  readonly payInBy: number;
  readonly payOutBy: number;
  readonly session: string;
  /** Paise; above zero the member receives. */
  readonly net: number;
}

/** Ledger account of a settlement. */
export const accountOf = ({ clearing, number, due }: Pick<FundsObligation, 'clearing' | 'number' | 'due'>): string =>
  clearingAccount(clearing, number, due);

const dueTimesOf = (root: RootDatabase): Database<number, string> => root.openDB({ name: 'settlement-due-times', encoding: 'msgpack' });

/** Notes until when each settlement has to be at zero. To be called in the commit of the node that prepared it. */
export function keepDueTimes(root: RootDatabase, obligations: readonly FundsObligation[]): void {
  for (const one of obligations) dueTimesOf(root).putSync(accountOf(one), one.payOutBy);
}

/** When a settlement's pay-out is due, microseconds; 0 when nobody noted it. */
export const dueTimeOf = (root: RootDatabase, account: string): number => dueTimesOf(root).get(account) ?? 0;

/** Settlements of the segment of `context` that come to anything, by number. */
export function fundsObligations(parts: FundsParts, context: NodeContext): FundsObligation[] {
  const { calendar } = parts;
  const segment = settledOf(context);
  const left = context.outputsOf(`EOD-OBLIG-PROCESS@${segment}`);
  const dates = { businessDate: dayNumber(context.date), due: dayNumber(settlementDateOf(segment, context.date, calendar)) };
  const own = settlementOf(segment, ' ', dates);
  const taxes = Object.values(recordOf(left['taxes'], 'taxes')).reduce<number>((sum, each) => sum + numeric(each, 'taxes'), 0);
  const found = [
    ...settlementsOf(left['settlements']),
    ...auctionFunds(parts, context),
    ...(segment === 'CM' ? auctionsDue(booksOf(context.root), own.due) : []),
    { clearing: own.clearing, number: `${segment}TAX${dates.businessDate}`, type: '', due: own.due, net: -taxes },
  ];
  return lessPaidEarly(context, found, own.due)
    .filter(({ net }) => net !== 0)
    .map((one) => {
      const { date, payInBy, payOutBy, session } = settlementWindow(one.type, context.date, calendar);
      return { ...one, payInBy: istMicros(date, payInBy), payOutBy: istMicros(date, payOutBy), session };
    })
    .sort((a, b) => (a.number < b.number ? -1 : 1));
}

type NamedNet = Omit<FundsObligation, 'payInBy' | 'payOutBy' | 'session'>;

/** What was paid in during the day is no more to be paid; where that was too much, or for nothing, it comes back with the pay-out. */
function lessPaidEarly(context: NodeContext, found: readonly NamedNet[], due: number): NamedNet[] {
  const early = context.segment === 'CM' ? paidEarly(context.root, context.date) : new Map<string, number>();
  const left = found.map((one) => {
    const name = `${one.clearing}-${one.number}`;
    const paid = early.get(name) ?? 0;
    early.delete(name);
    return { ...one, net: one.net + paid };
  });
  const unowed = [...early].map(([name, net]): NamedNet => {
    const [clearing = '', number = ''] = name.split('-');
    return { clearing, number, type: number.slice(0, 1), due, net };
  });
  return [...left, ...unowed];
}

/** Auctions of shortages that settle on `due`: no obligation file has them, the books do. */
function auctionsDue(ledger: Ledger, due: number): NamedNet[] {
  return [...ledger.accounts()].flatMap(({ id, balance }) => {
    const [, clearing = '', number] = /^CLEARING\/([A-Z]+)-(AUC\d+)@/.exec(id) ?? [];
    return number !== undefined && dueDateOf(id) === due ? [{ clearing, number, type: 'A', due, net: balance }] : [];
  });
}

function settlementsOf(value: Output | undefined): { clearing: string; number: string; type: string; due: number; net: number }[] {
  if (!Array.isArray(value)) throw new PermanentFault('EOD-OBLIG-PROCESS left no settlements');
  return value.map((one: Output) => {
    const row = recordOf(one, 'settlements');
    return {
      clearing: String(row['clearing']),
      number: String(row['number']),
      type: String(row['type'] ?? ''),
      due: numeric(row['due'], 'due'),
      net: numeric(row['net'], 'net'),
    };
  });
}

function numeric(value: Output | undefined, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new PermanentFault(`an earlier node left no ${name}`);
  return value;
}
