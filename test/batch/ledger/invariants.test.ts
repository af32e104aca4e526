// Six invariants after every random operation, beside a model of the books that is a plain list of transfers: conservation, components never negative, derived
// balances, floors, holds, and refusals that leave every balance byte for byte. LEDGER_RUNS lengthens it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ChartRow, chartRow } from '../../../batch/ledger/account-chart.ts';
import { shortfallOf } from '../../../batch/ledger/account-state.ts';
import type { Ledger } from '../../../batch/ledger/ledger.ts';
import { type Outcome, PostingError, type Transfer } from '../../../batch/ledger/posting.ts';
import { POSTING_KINDS, type PostingKind } from '../../../batch/ledger/posting-kinds.ts';
import { DAY, NEXT_DAY, request, withLedger } from './scratch-ledger.ts';

const RUNS = Number(process.env['LEDGER_RUNS'] ?? 25);
const ACCOUNTS = [
  'CLIENT/A',
  'CLIENT/B',
  'CLIENT-MARGIN/A',
  'SUSPENSE',
  'USCNBA/X',
  'UPSTREAMED/NCL',
  `CLEARING/NCL-1@${NEXT_DAY}`,
  'OWN-BANK/X',
  'LEVIES/STT',
  'BROKERAGE',
  'CAPITAL',
];
const DEBIT_NATURED = /^(USCNBA|UPSTREAMED|CLEARING|OWN-BANK)/;
const CLAIM = /^(CLIENT|SUSPENSE)/;
const POOL = /^(USCNBA|UPSTREAMED|CLEARING)/;

type Step =
  | { readonly do: 'post' | 'pend'; readonly kind: PostingKind; readonly transfers: readonly Transfer[] }
  | { readonly do: 'settle' | 'void' | 'reverse'; readonly of: number; readonly part: number }
  | { readonly do: 'expire' }
  | { readonly do: 'again' };

const KINDS = Object.keys(POSTING_KINDS) as PostingKind[];
const WISHES: readonly PostingKind[] = ['WITHDRAWAL', 'TRANSFER', 'UPSTREAM', 'SWEEP'];
const money = (id: string): string => (chartRow(id) as ChartRow).money;
const amount = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 100 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 ** 13 }) });
const anyTransfer = fc.record({ debit: fc.constantFrom(...ACCOUNTS), credit: fc.constantFrom(...ACCOUNTS), amount });

/** One to three transfers, mostly such as the kind may make. */
function posting(kind: PostingKind): fc.Arbitrary<{ kind: PostingKind; transfers: Transfer[] }> {
  const pairs = ACCOUNTS.flatMap((debit) => ACCOUNTS.map((credit) => ({ debit, credit }))).filter(
    ({ debit, credit }) => debit !== credit && POSTING_KINDS[kind].moves.some(([from, to]) => from === money(debit) && to === money(credit)),
  );
  const allowed = fc.tuple(fc.constantFrom(...pairs), amount).map(([pair, paise]) => ({ ...pair, amount: paise }));
  const transfer = fc.oneof({ weight: 20, arbitrary: allowed }, { weight: 1, arbitrary: anyTransfer });
  return fc.array(transfer, { minLength: 1, maxLength: 3 }).map((transfers) => ({ kind, transfers }));
}

const of = (kinds: readonly PostingKind[]): fc.Arbitrary<{ kind: PostingKind; transfers: Transfer[] }> => fc.constantFrom(...kinds).chain(posting);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: of(KINDS).map((one) => ({ do: 'post' as const, ...one })) },
  { weight: 2, arbitrary: of(['RECEIPT', 'OPENING']).map((one) => ({ do: 'post' as const, ...one })) },
  { weight: 5, arbitrary: of(WISHES).map((one) => ({ do: 'post' as const, ...one })) },
  { weight: 4, arbitrary: of(['WITHDRAWAL', 'TRANSFER', 'UPSTREAM', 'OPENING']).map((one) => ({ do: 'pend' as const, ...one })) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('settle' as const, 'void' as const, 'reverse' as const), of: fc.nat(16), part: fc.nat(100) }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'expire' as const }, { do: 'again' as const }) },
);

/** The books as lists: what was posted, what is reserved. */
class Model {
  readonly posted: Transfer[] = [];
  readonly open = new Map<number, readonly Transfer[]>();

  balance(id: string): number {
    // + 0: no minus zero.
    return sum(this.posted, id) * (DEBIT_NATURED.test(id) ? 1 : -1) + 0;
  }

  available(id: string): number {
    const takes = DEBIT_NATURED.test(id) ? 'credit' : 'debit';
    const held = [...this.open.values()].flat().filter((one) => one[takes] === id);
    return this.balance(id) - held.reduce((total, one) => total + one.amount, 0);
  }

  shortfall(): number {
    const claims = ACCOUNTS.filter((id) => CLAIM.test(id)).reduce((total, id) => total + Math.max(0, this.balance(id)), 0);
    return claims - ACCOUNTS.filter((id) => POOL.test(id)).reduce((total, id) => total + this.balance(id), 0);
  }
}

const sum = (list: readonly Transfer[], id: string): number =>
  list.reduce((total, one) => total + (one.debit === id ? one.amount : 0) - (one.credit === id ? one.amount : 0), 0);

let at = 0;

function run(ledger: Ledger, model: Model, one: Step, last: { request?: () => Outcome }): void {
  at += 1;
  const head = { ...request('', '', '', 1), at, approvals: ['mira', 'dev'] };
  const before = [...ledger.accounts()].map((state) => JSON.stringify(state));
  const attempt = (ask: () => Outcome): Outcome | undefined => {
    try {
      last.request = ask;
      return ask();
    } catch (error) {
      if (!(error instanceof PostingError)) throw error;
      return undefined;
    }
  };
  let outcome: Outcome | undefined;
  if (one.do === 'again') {
    if (last.request !== undefined) outcome = attempt(last.request);
    if (outcome !== undefined) expect(outcome.repeated).toBe(true);
    expect(
      [...ledger.accounts()].map((state) => JSON.stringify(state)),
      'a repeat changes nothing',
    ).toEqual(before);
    return;
  }
  if (one.do === 'expire') {
    const soon = at + 1_000_000 * (at % 2);
    ledger.transact((books) => books.expire(soon, DAY));
    if (at % 2 === 1) model.open.clear();
    return;
  }
  if (one.do === 'post') outcome = attempt(() => ledger.transact((books) => books.post({ ...head, kind: one.kind, transfers: one.transfers })));
  else if (one.do === 'pend')
    outcome = attempt(() => ledger.transact((books) => books.pend({ ...head, kind: one.kind, transfers: one.transfers, expiresAt: at + 1_000 })));
  else if (one.do === 'settle') {
    const parts = (model.open.get(one.of) ?? []).map((transfer) => Math.floor((transfer.amount * one.part) / 100));
    outcome = attempt(() => ledger.transact((books) => books.settle({ ...head, pending: one.of, ...(one.part === 0 ? {} : { amounts: parts }) })));
  } else if (one.do === 'void') outcome = attempt(() => ledger.transact((books) => books.void({ ...head, pending: one.of })));
  else if (one.do === 'reverse') outcome = attempt(() => ledger.transact((books) => books.reverse({ ...head, entry: one.of })));
  if (outcome?.status !== 'done') {
    expect(
      [...ledger.accounts()].map((state) => JSON.stringify(state)),
      'a refusal changes nothing',
    ).toEqual(before);
    return;
  }
  follow(ledger, model, one, outcome.sequence);
}

function follow(ledger: Ledger, model: Model, one: Exclude<Step, { do: 'again' | 'expire' }>, sequence: number): void {
  const booked = ledger.entry(sequence)?.transfers ?? [];
  if ((one.do === 'post' || one.do === 'pend') && POSTING_KINDS[one.kind].nature === 'voluntary') checkFloors(model, one.transfers);
  const shortBefore = model.shortfall();
  if (one.do === 'pend') model.open.set(sequence, one.transfers);
  else model.posted.push(...booked);
  if ('of' in one && one.do !== 'reverse') model.open.delete(one.of);
  if (one.do === 'post' && POSTING_KINDS[one.kind].nature === 'voluntary')
    expect(model.shortfall(), 'a wish never makes client money short').toBeLessThanOrEqual(Math.max(0, shortBefore));
}

/** Transfer by transfer, nothing was taken that was not there. */
function checkFloors(model: Model, wanted: readonly Transfer[]): void {
  const trial = new Model();
  trial.posted.push(...model.posted);
  for (const [sequence, held] of model.open) trial.open.set(sequence, held);
  for (const transfer of wanted) {
    const taken = [
      [transfer.debit, DEBIT_NATURED.test(transfer.debit)],
      [transfer.credit, !DEBIT_NATURED.test(transfer.credit)],
    ] as const;
    for (const [id, gains] of taken)
      if (!gains && /^(CLIENT|SUSPENSE|USCNBA|UPSTREAMED|OWN-BANK)/.test(id))
        expect(trial.available(id), `${id} was overdrawn`).toBeGreaterThanOrEqual(transfer.amount);
    trial.posted.push(transfer);
  }
}

function checkAll(ledger: Ledger, model: Model): void {
  let [balances, holds] = [0, 0];
  for (const state of ledger.accounts()) {
    for (const part of [state.debits, state.credits, state.debitsPending, state.creditsPending]) expect(part).toBeGreaterThanOrEqual(0);
    balances += state.debits - state.credits;
    holds += state.debitsPending - state.creditsPending;
    expect(state.balance, `balance of ${state.id}`).toBe(model.balance(state.id));
    expect(state.available, `available of ${state.id}`).toBe(model.available(state.id));
    expect(ledger.statement(state.id, Math.max(0, state.lines - 1))?.lines[0]?.balance ?? 0, `last line of ${state.id}`).toBe(state.balance);
  }
  expect([balances, holds]).toEqual([0, 0]);
  expect(shortfallOf(ledger.head.totals)).toBe(model.shortfall());
}

it('holds the six invariants after every operation, and the journal gives the same books', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 50 }), async (steps) =>
      withLedger((ledger) => {
        at = 0;
        const model = new Model();
        const last = {};
        for (const one of steps) {
          run(ledger, model, one, last);
          checkAll(ledger, model);
        }
        expect(ledger.verify().findings).toEqual([]);
      }),
    ),
    { numRuns: RUNS },
  );
});
