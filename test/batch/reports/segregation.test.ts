// The segregation report's row of a client, as the auditor adds it up: received and ledger on one side, kept and placed on the other.
import { expect, it } from 'vitest';
import { publicLayout } from '../../../batch/reports/layouts.ts';
import { printReport } from '../../../batch/reports/print-report.ts';
import { segregationRows } from '../../../batch/reports/segregation-figures.ts';
import { collateralView } from '../../../engine/index.ts';
import { rupees } from '../../engine/builders.ts';
import { openDesk } from '../../engine/desk.ts';

const LIST = [
  { kind: 'EQUITY', isin: 'INE009A01021', price: rupees(2_500), haircut: 1_250 },
  { kind: 'GSEC', isin: 'IN0020230085', price: rupees(101.25), haircut: 200 },
  { kind: 'OVERNIGHT_FUND', isin: 'INF200KA1LE6', price: rupees(1_000), haircut: 500 },
];
const PIECES = [
  { kind: 'CASH', segment: 2, quantity: 40_000_00 },
  { kind: 'CASH', segment: 7, quantity: 5_000_00 },
  { kind: 'FDR', key: 'FD-1', quantity: 30_000_00, segment: 2 },
  { kind: 'BANK_GUARANTEE', key: 'BG-1', quantity: 20_000_00, segment: 2 },
  { kind: 'EQUITY', key: 'INE009A01021', quantity: 10 },
  { kind: 'EQUITY', key: 'INE009A01021', quantity: 2, segment: 2 },
  { kind: 'EQUITY', key: 'INE999A01999', quantity: 2 },
  { kind: 'OVERNIGHT_FUND', key: 'INF200KA1LE6', quantity: 1, segment: 1 },
  { kind: 'GSEC', key: 'IN0020230085', quantity: 100, segment: 2 },
];

/** Printed rows by heading; a figure that is not there is ''. */
function printed(): Record<string, string>[] {
  const desk = openDesk();
  desk.tell('SetHaircuts', { date: 20261120, rows: LIST });
  desk.tell('SetCollateral', { account: 'A1', cash: 100_000_00, cashEquivalent: 0, nonCash: 700_00, pieces: PIECES });
  const view = collateralView(desk.state, 'A1');
  const rows = segregationRows(
    { pieces: view?.pieces ?? [], given: (view?.cashEquivalentGiven ?? 0) + (view?.nonCashGiven ?? 0) },
    { balance: 100_000_00, clear: 100_000_00 },
  );
  const shared = { dateDayFirst: '20-11-2026', pan: 'AAACT1234A', clientPan: '', client: 'A1', settlement: '0.00' };
  const layout = publicLayout('segregation', 20261120)?.columns ?? [];
  const text = printReport(
    'segregation',
    layout,
    rows.map((row) => ({ ...shared, ...row })),
  );
  const [headings = [], ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(headings.map((heading, index) => [heading, line[index] ?? ''])));
}

it('names every segment that something is placed in, and the ledger once', () => {
  expect(printed().map((row) => [row['Segment Indicator'], row['Financial ledger balance (clear)-B']])).toEqual([
    ['CM', '0.00'],
    ['FO', '95000.00'],
    ['CO', '5000.00'],
  ]);
});

it('tells kinds apart where they are', () => {
  const [cash = {}, home = {}] = printed();
  const of = (row: Record<string, string>, ...headings: string[]): (string | undefined)[] => headings.map((heading) => row[heading]);
  expect(of(home, 'Retained by TM Cash', 'Placed with CM Cash', 'Placed with CC Cash')).toEqual(['55000.00', '40000.00', '40000.00']);
  expect(of(home, 'Received FDR', 'Placed with CC FDR', 'Received BG', 'BG funded placed with CC')).toEqual([
    '30000.00',
    '30000.00',
    '20000.00',
    '20000.00',
  ]);
  // 12 shares at 2,500 less 12.5 %: ten kept, two placed; a share on no list is worth nothing, 700 came as a figure.
  expect(
    of(home, 'Received Approved securities non-cash', 'Retained by TM Approved securities non-cash', 'Placed with CC Approved securities non-cash'),
  ).toEqual(['26250.00', '21875.00', '4375.00']);
  expect(of(home, 'Received Non-approved securities', 'Received Other', 'Retained by TM Other')).toEqual(['0.00', '700.00', '700.00']);
  expect(of(home, 'G-Sec/T-bill received', 'G-Sec/T-bill placed CC', 'G-Sec/T-bill retained TM')).toEqual(['9922.50', '9922.50', '0.00']);
  expect(of(cash, 'Placed with CC Approved securities cash', 'Retained by TM Approved securities cash')).toEqual(['950.00', '0.00']);
});

it('balances: received and ledger are what is kept and placed', () => {
  for (const row of printed()) {
    const sum = (start: string): number =>
      Object.entries(row).reduce((total, [heading, cell]) => total + (heading.startsWith(start) ? Math.round(Number(cell) * 100) : 0), 0);
    const ledger = Math.round(Number(row['Financial ledger balance (clear)-B']) * 100);
    expect(sum('Received ') + ledger, row['Segment Indicator']).toBe(sum('Retained by TM ') + sum('Placed with CM '));
    expect(sum('Placed with CM ')).toBe(sum('Placed with CC '));
  }
});
