// The books as a table of what may and may not be done: two phases, floors, facts, keys, reversals, statements, closes.
import { describe, expect, it } from 'vitest';
import { CHART, chartRow } from '../../../batch/ledger/account-chart.ts';
import { NotClosable } from '../../../batch/ledger/close.ts';
import { PostingError } from '../../../batch/ledger/posting.ts';
import { DAY, NEXT_DAY, post, request, transfersOf, verdict, withLedger } from './scratch-ledger.ts';

const [ANU, BALA, BANK, CLEARING] = ['CLIENT/ANU', 'CLIENT/BALA', 'USCNBA/HDFC', `CLEARING/NCL-2026081@${NEXT_DAY}`];

describe('a withdrawal in two phases', () => {
  it('reserves, then pays; what is reserved is not available', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000_00);
      const pending = ledger.transact((books) => books.pend({ ...request('WITHDRAWAL', ANU, BANK, 600_00), expiresAt: 1e12 }));
      expect(pending.status === 'done' && pending.sequence).toBe(2);
      expect(ledger.account(ANU)).toMatchObject({ balance: 1_000_00, available: 400_00 });
      expect(verdict(post(ledger, 'WITHDRAWAL', ANU, BANK, 500_00))).toBe('insufficientFunds');
      expect(verdict(ledger.transact((books) => books.settle({ ...request('', '', '', 1), pending: 2, amounts: [250_00] })))).toBe('done');
      expect(ledger.account(ANU)).toMatchObject({ balance: 750_00, available: 750_00, debitsPending: 0 });
      expect(ledger.pending(2)).toMatchObject({ state: 'settled', by: 3 });
    }));

  it.each([
    ['settled', 'alreadySettled'],
    ['voided', 'alreadyVoided'],
    ['expired', 'alreadyExpired'],
  ] as const)('is resolved once: after it was %s, %s', async (state, reason) =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000_00);
      ledger.transact((books) => books.pend({ ...request('WITHDRAWAL', ANU, BANK, 600_00), expiresAt: 1e12 }));
      ledger.transact((books) => {
        if (state === 'settled') books.settle({ ...request('', '', '', 1), pending: 2 });
        else if (state === 'voided') books.void({ ...request('', '', '', 1), pending: 2 });
        else expect(books.expire(2e12, DAY)).toBe(1);
      });
      for (const operation of ['settle', 'void'] as const)
        expect(verdict(ledger.transact((books) => books[operation]({ ...request('', '', '', 1), pending: 2 })))).toBe(reason);
      expect(ledger.account(ANU)).toMatchObject({ debitsPending: 0, balance: state === 'settled' ? 400_00 : 1_000_00 });
    }),
  );

  it('cannot be settled when its time is up, nor above its amount, nor when it is none', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000_00);
      ledger.transact((books) => books.pend({ ...request('WITHDRAWAL', ANU, BANK, 600_00), at: 10, expiresAt: 20 }));
      const settle = (more: object): string =>
        verdict(ledger.transact((books) => books.settle({ ...request('', '', '', 1), pending: 2, at: 11, ...more })));
      expect(settle({ amounts: [600_01] })).toBe('amountAbovePending');
      expect(settle({ at: 20 })).toBe('pendingExpired');
      expect(settle({ pending: 1 })).toBe('notPending');
      expect(settle({ pending: 99 })).toBe('unknownEntry');
    }));
});

describe('facts and wishes', () => {
  it('a fact takes a client below zero, a wish does not', async () =>
    withLedger((ledger) => {
      expect(verdict(post(ledger, 'TRADE', ANU, CLEARING, 5_000_00))).toBe('done');
      expect(ledger.account(ANU)?.balance).toBe(-5_000_00);
      expect(verdict(post(ledger, 'TRANSFER', ANU, BALA, 1))).toBe('insufficientFunds');
    }));

  it("the firm cannot take clients' money: a sweep stops where claims begin", async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000_00);
      ledger.transact((books) =>
        books.post(request('CHARGES', ANU, 'BROKERAGE', 1, { transfers: transfersOf([ANU, 'BROKERAGE', 20_00], [ANU, 'LEVIES/GST', 3_60]) })),
      );
      expect(verdict(post(ledger, 'SWEEP', 'OWN-BANK/HDFC', BANK, 23_61))).toBe('clientMoneyShortfall');
      expect(verdict(post(ledger, 'SWEEP', 'OWN-BANK/HDFC', BANK, 23_60))).toBe('done');
      expect(ledger.head.totals).toMatchObject({ pool: 976_40, claims: 976_40 });
    }));

  it("one client's debit is not paid with another's credit: it shows as missing until the firm funds it", async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000_00);
      post(ledger, 'MTM', BALA, CLEARING, 300_00);
      expect(ledger.head.totals.claims - ledger.head.totals.pool).toBe(300_00);
      post(ledger, 'CAPITAL', 'OWN-BANK/HDFC', 'CAPITAL', 300_00);
      post(ledger, 'FIRM_FUNDING', BANK, 'OWN-BANK/HDFC', 300_00);
      expect(ledger.head.totals.claims - ledger.head.totals.pool).toBe(0);
    }));

  it.each([
    ['an unknown account', () => request('RECEIPT', BANK, 'CLIENTS/ANU', 1), 'CLIENTS/ANU is not in the chart of accounts'],
    ['a part that is none', () => request('RECEIPT', BANK, 'CLIENT/', 1), 'CLIENT is written with /CLIENT-CODE'],
    ['a clearing account without its date', () => request('TRADE', ANU, 'CLEARING/NCL-1', 1), 'CLEARING is written with /NAME@YYYYMMDD'],
    ['an unknown kind', () => request('GIFT', BANK, ANU, 1), '"GIFT" is not a kind of posting'],
    [
      'a move its kind may not make',
      () => request('WITHDRAWAL', ANU, 'OWN-BANK/HDFC', 1),
      'may not debit CLIENT/ANU (claim) and credit OWN-BANK/HDFC (own)',
    ],
    ["client money for the firm's costs", () => request('PENALTY', BANK, 'LEVIES/penalty', 1), 'may not debit USCNBA/HDFC'],
    ['half a paisa', () => request('RECEIPT', BANK, ANU, 0.5), 'amount 0.5 is not a whole number of paise above zero'],
    ['nothing', () => request('RECEIPT', BANK, ANU, 0), 'amount 0 is not'],
    ['itself', () => request('TRANSFER', ANU, ANU, 1), 'debits and credits CLIENT/ANU'],
    [
      'one approval where two are needed',
      () => request('WRITE_OFF', 'BAD-DEBTS', ANU, 1, { approvals: ['mira'] }),
      'needs the approval of 2 different persons',
    ],
    [
      'the same approval twice',
      () => request('WRITE_OFF', 'BAD-DEBTS', ANU, 1, { approvals: ['mira', 'mira'] }),
      'approvals must be names of different persons',
    ],
  ])('refuses %s and has no memory of it', async (_name, make, message) =>
    withLedger((ledger) => {
      const bad = make();
      expect(() => ledger.transact((books) => books.post(bad))).toThrow(PostingError);
      expect(() => ledger.transact((books) => books.post(bad))).toThrow(message);
      expect([...ledger.accounts()]).toEqual([]);
      expect(ledger.head.commit).toBe(0);
    }),
  );
});

describe('keys', () => {
  it('the same key does nothing twice and answers the same, refusals too', async () =>
    withLedger((ledger) => {
      const receipt = request('RECEIPT', BANK, ANU, 100, { key: 'utr 1' });
      const withdrawal = request('WITHDRAWAL', ANU, BANK, 200, { key: 'ask 1' });
      const first = ledger.transact((books) => [books.post(receipt), books.post(withdrawal)]);
      post(ledger, 'RECEIPT', BANK, ANU, 1_000);
      const again = ledger.transact((books) => [books.post({ ...receipt, at: 999 }), books.post(withdrawal)]);
      expect(again).toEqual(first.map((outcome) => ({ ...outcome, repeated: true })));
      expect(ledger.account(ANU)?.balance).toBe(1_100);
    }));

  it('another request under a key is refused', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 100, { key: 'utr 1' });
      expect(() => post(ledger, 'RECEIPT', BANK, ANU, 101, { key: 'utr 1' })).toThrow('the key was used for another request');
      expect(() => ledger.transact((books) => books.void({ ...request('', '', '', 1), key: 'utr 1', pending: 1 }))).toThrow(PostingError);
    }));
});

describe('corrections', () => {
  it('reverses once, exactly, and never a reversal', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000);
      const reverse = (entry: number): string => verdict(ledger.transact((books) => books.reverse({ ...request('', '', '', 1), entry })));
      expect([reverse(1), reverse(1), reverse(2), reverse(9)]).toEqual(['done', 'alreadyReversed', 'notReversible', 'unknownEntry']);
      expect(ledger.account(ANU)).toMatchObject({ balance: 0, debits: 1_000, credits: 1_000 });
      expect(ledger.entry(2)).toMatchObject({ type: 'reversal', link: 1, transfers: [{ debit: ANU, credit: BANK, amount: 1_000 }] });
    }));

  it('a posting refused half way leaves nothing, also inside a transaction that goes on', async () =>
    withLedger((ledger) => {
      const twoSteps = request('SWEEP', '', '', 1, { transfers: transfersOf(['OWN-BANK/HDFC', BANK, 400], ['OWN-BANK/HDFC', BANK, 700]) });
      ledger.transact((books) => {
        books.post(request('RECEIPT', BANK, ANU, 1_000));
        expect(verdict(books.post(twoSteps))).toBe('insufficientFunds');
        expect(verdict(books.post({ ...twoSteps, key: 'less', transfers: transfersOf(['OWN-BANK/HDFC', BANK, 400]) }))).toBe('clientMoneyShortfall');
        books.post(request('RECEIPT', BANK, BALA, 5));
      });
      expect(ledger.head.totals).toEqual({ posted: 1_005n, pending: 0, pool: 1_005, claims: 1_005 });
      expect(ledger.account('OWN-BANK/HDFC')).toBeUndefined();
      expect(ledger.verify().findings).toEqual([]);
    }));

  it('a transaction that throws leaves nothing', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000);
      const before = ledger.trialBalance().root;
      expect(() =>
        ledger.transact((books) => {
          books.post(request('RECEIPT', BANK, BALA, 5));
          throw new Error('the step failed');
        }),
      ).toThrow('the step failed');
      expect(ledger.trialBalance().root).toBe(before);
      expect(ledger.account(BALA)).toBeUndefined();
      expect(post(ledger, 'RECEIPT', BANK, BALA, 5)).toMatchObject({ sequence: 2 });
      expect(ledger.verify().findings).toEqual([]);
    }));
});

describe('statements', () => {
  it('page with a cursor that stays right while more is booked', async () =>
    withLedger((ledger) => {
      for (let i = 1; i <= 5; i++) post(ledger, 'RECEIPT', BANK, ANU, i * 100, { narration: `UTR${i}` });
      const first = ledger.statement(ANU, 0, 3);
      expect(first?.lines.map(({ line, amount, balance, narration }) => [line, amount, balance, narration])).toEqual([
        [1, 100, 100, 'UTR1'],
        [2, 200, 300, 'UTR2'],
        [3, 300, 600, 'UTR3'],
      ]);
      post(ledger, 'TRADE', ANU, CLEARING, 700);
      const second = ledger.statement(ANU, first?.next, 3);
      expect(second?.lines.map(({ amount, balance, counter }) => [amount, balance, counter])).toEqual([
        [400, 1_000, BANK],
        [500, 1_500, BANK],
        [-700, 800, CLEARING],
      ]);
      expect([second?.next, second?.balance]).toEqual([undefined, 800]);
      expect(ledger.statement('CLIENT/NOBODY')).toBeUndefined();
    }));
});

describe('closing a day', () => {
  it('stores the root, and books nothing on that day any more', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, ANU, 1_000);
      post(ledger, 'TRADE', ANU, CLEARING, 400);
      const close = ledger.close({ date: DAY, at: 1 });
      expect(close.root).toBe(ledger.trialBalance().root);
      expect(() => post(ledger, 'RECEIPT', BANK, ANU, 5)).toThrow(`business date ${DAY} is closed`);
      expect(() => ledger.close({ date: DAY, at: 2 })).toThrow(PostingError);
      expect(verdict(post(ledger, 'RECEIPT', BANK, ANU, 5, { businessDate: NEXT_DAY, valueDate: DAY }))).toBe('done');
      expect(ledger.verify()).toMatchObject({ entries: 3, findings: [] });
    }));

  it('waits for zero: a settlement that is due, suspense, error, missing client money', async () =>
    withLedger((ledger) => {
      post(ledger, 'RECEIPT', BANK, 'SUSPENSE', 70);
      post(ledger, 'TRADE', ANU, CLEARING, 400);
      const open = [
        { account: 'SUSPENSE', amount: 70 },
        { account: 'SEGREGATION', amount: 400 },
      ];
      expect(ledger.openBreaks(DAY)).toEqual(open);
      expect(ledger.openBreaks(NEXT_DAY)).toEqual([{ account: CLEARING, amount: -400 }, ...open]);
      expect(() => ledger.close({ date: DAY, at: 1 })).toThrow(NotClosable);
      const approved = open.map((one) => ({ ...one, reason: 'bank names the payer tomorrow', raisedBy: 'mira', approvedBy: 'dev' }));
      for (const [change, message] of [
        [{ approvedBy: 'mira' }, 'needs two persons'],
        [{ amount: 69 }, 'was approved at Rs 0.69, but it is Rs 0.70'],
        [{ reason: ' ' }, 'needs a reason'],
        [{ account: 'ERROR' }, 'there is nothing open under this name'],
      ] as const)
        expect(() => ledger.close({ date: DAY, at: 1, breaks: approved.map((one, index) => (index === 0 ? { ...one, ...change } : one)) })).toThrow(
          message,
        );
      expect(ledger.close({ date: DAY, at: 1, breaks: approved }).breaks).toHaveLength(2);
      expect(ledger.closeOf(DAY)?.shortfall).toBe(400);
    }));
});

it('has a chart whose every code is shaped', () => {
  expect(CHART.length).toBeGreaterThan(15);
  expect(new Set(CHART.map((row) => row.code)).size).toBe(CHART.length);
  for (const row of CHART) {
    const example = { none: row.code, client: `${row.code}/C000123`, name: `${row.code}/HDFC`, dated: `${row.code}/NCL-2026081@20260505` }[row.part];
    expect(typeof chartRow(example), example).toBe('object');
  }
});
