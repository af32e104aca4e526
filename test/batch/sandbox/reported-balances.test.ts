// What the other side knows of clients' money: the ledger balances of the member's segregation report, summed over a client's rows.
import { expect, it } from 'vitest';
import { reportedBalances } from '../../../batch/sandbox/files/reported-balances.ts';

const report = (...rows: readonly string[]): string => ['Date,Segment Indicator,UCC Code,Financial ledger balance-A', ...rows].join('\n');

it('sums a client over its segments, debits below zero', () => {
  const balances = reportedBalances(report('09-11-2026,FO,C1,1000.10', '09-11-2026,CM,C1,0.05', '09-11-2026,FO,C2,-12.34'));
  expect(Object.fromEntries(balances)).toEqual({ C1: 100_015, C2: -1_234 });
});

it('names the row that says nothing', () => {
  expect(() => reportedBalances(report('09-11-2026,FO,C1,1.00', '09-11-2026,FO,C2,x'))).toThrow('segregation report, row 2');
});
