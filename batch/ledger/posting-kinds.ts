// What may be booked, as a table: each kind says whether it is a fact or somebody's wish, which classes of money it may move against each other, and how many
// people must have approved it. Facts always post. Wishes stop at the floors, and where they would take client money to pay for something else.
import type { MoneyClass } from './account-chart.ts';

/** Debited class, then credited class. */
export type Move = readonly [MoneyClass, MoneyClass];

export interface PostingKindRow {
  readonly nature: 'fact' | 'voluntary';
  /** Persons that must have approved, all different. */
  readonly approvals: number;
  readonly moves: readonly Move[];
  readonly title: string;
}

const between = (a: MoneyClass, b: MoneyClass): readonly Move[] => [
  [a, b],
  [b, a],
];
const WITHIN_POOL: readonly Move[] = [['pool', 'pool']];
const EVERYTHING: readonly Move[] = (['claim', 'pool', 'own', 'levy', 'result'] as const).flatMap((from) =>
  (['claim', 'pool', 'own', 'levy', 'result'] as const).map((to) => [from, to] as const),
);

/** All kinds, by name. */
export type PostingKind =
  | 'TRADE'
  | 'CHARGES'
  | 'MTM'
  | 'PREMIUM'
  | 'MARGIN'
  | 'MTF_LOAN'
  | 'PENALTY'
  | 'FEE'
  | 'INTEREST'
  | 'AUCTION'
  | 'RECEIPT'
  | 'IDENTIFY'
  | 'PAY_IN'
  | 'PAY_OUT'
  | 'FIRM_FUNDING'
  | 'FUNDING_RETURN'
  | 'TAX_DIFFERENCE'
  | 'REMITTANCE'
  | 'CAPITAL'
  | 'WITHDRAWAL'
  | 'TRANSFER'
  | 'UPSTREAM'
  | 'SWEEP'
  | 'ERROR_TRANSFER'
  | 'WRITE_OFF'
  | 'OPENING';

/** What each kind is. */
export const POSTING_KINDS: Readonly<Record<PostingKind, PostingKindRow>> = {
  TRADE: { nature: 'fact', approvals: 0, moves: between('claim', 'pool'), title: 'Trades of a settlement' },
  CHARGES: {
    nature: 'fact',
    approvals: 0,
    moves: [
      ['claim', 'levy'],
      ['claim', 'result'],
    ],
    title: 'Charges of a contract note',
  },
  MTM: { nature: 'fact', approvals: 0, moves: between('claim', 'pool'), title: 'Mark to market' },
  PREMIUM: { nature: 'fact', approvals: 0, moves: between('claim', 'pool'), title: 'Option premium' },
  MTF_LOAN: { nature: 'fact', approvals: 0, moves: [['claim', 'claim']], title: 'Lent for funded shares, or repaid' },
  MARGIN: { nature: 'fact', approvals: 0, moves: [['claim', 'claim']], title: 'Cash margin held or released' },
  PENALTY: {
    nature: 'fact',
    approvals: 0,
    moves: [
      ['claim', 'levy'],
      ['result', 'levy'],
    ],
    title: 'Penalty',
  },
  FEE: {
    nature: 'fact',
    approvals: 0,
    moves: [
      ['claim', 'result'],
      ['claim', 'levy'],
    ],
    title: 'Depository, pledge and desk fees',
  },
  INTEREST: {
    nature: 'fact',
    approvals: 0,
    moves: [
      ['claim', 'result'],
      ['claim', 'levy'],
    ],
    title: 'Interest on debits',
  },
  AUCTION: { nature: 'fact', approvals: 0, moves: [...between('claim', 'pool'), ['claim', 'claim']], title: 'Auction, close-out, internal shortage' },
  RECEIPT: { nature: 'fact', approvals: 0, moves: [['pool', 'claim']], title: 'Money received from a client' },
  IDENTIFY: { nature: 'fact', approvals: 0, moves: [['claim', 'claim']], title: 'Suspense receipt credited to its client' },
  PAY_IN: { nature: 'fact', approvals: 0, moves: WITHIN_POOL, title: 'Pay-in to a clearing corporation' },
  PAY_OUT: { nature: 'fact', approvals: 0, moves: WITHIN_POOL, title: 'Pay-out of a clearing corporation' },
  FIRM_FUNDING: { nature: 'fact', approvals: 0, moves: [['pool', 'own']], title: "Firm's money put in for client debits" },
  FUNDING_RETURN: { nature: 'voluntary', approvals: 0, moves: [['own', 'pool']], title: "Firm's money put in for client debits, taken back" },
  TAX_DIFFERENCE: { nature: 'fact', approvals: 0, moves: between('levy', 'result'), title: "Note's tax made equal to the clearing corporation's" },
  REMITTANCE: {
    nature: 'fact',
    approvals: 0,
    moves: [
      ['levy', 'own'],
      ['levy', 'pool'],
    ],
    title: 'Levies passed on',
  },
  CAPITAL: { nature: 'fact', approvals: 0, moves: between('own', 'result'), title: "The firm's own receipts and payments" },
  WITHDRAWAL: { nature: 'voluntary', approvals: 0, moves: [['claim', 'pool']], title: 'Payment to a client' },
  TRANSFER: { nature: 'voluntary', approvals: 0, moves: [['claim', 'claim']], title: 'Between accounts of clients' },
  UPSTREAM: { nature: 'voluntary', approvals: 0, moves: WITHIN_POOL, title: 'Client funds moved between bank and clearing corporation' },
  SWEEP: { nature: 'voluntary', approvals: 0, moves: [['own', 'pool']], title: "Firm's share taken out of the client bank" },
  ERROR_TRANSFER: {
    nature: 'fact',
    approvals: 2,
    moves: [...between('claim', 'own'), ...between('pool', 'own')],
    title: 'Wrong client: to or from the error account',
  },
  WRITE_OFF: { nature: 'fact', approvals: 2, moves: [['result', 'claim']], title: 'Client debit written off' },
  OPENING: { nature: 'fact', approvals: 2, moves: EVERYTHING, title: 'Balances brought forward' },
};

/** The row of a kind; undefined for a word that is none. */
export function postingKind(kind: string): PostingKindRow | undefined {
  return Object.hasOwn(POSTING_KINDS, kind) ? POSTING_KINDS[kind as PostingKind] : undefined;
}
