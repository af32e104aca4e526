// The list of approved securities: what a line means, and every fault by its place.
import { describe, expect, test } from 'vitest';
import { readApprovedSecurities } from '../../../workers/reference/index.ts';
import { faultOf, scratch } from './fixtures.ts';

const { write } = scratch();
const HEADER = 'kind,isin,price,haircut,house_haircut,class,cap,security_share,counts_until\n';
const fault = (lines: string, header = HEADER): Promise<string> => faultOf(readApprovedSecurities(write('list.csv', header + lines)));

test('a line is a security, or a kind as a whole', async () => {
  const text =
    'EQUITY,INE009A01021,1500.25,12.50,20,,500,,\nGSEC,IN0020230085,101.25,2,,,,,2026-12-31\nFUND,INF209K01157,50,10,,CASH_EQUIVALENT,,,\nEQUITY,,,,10,,,25,\nFDR,,,,5,,1000000.50,,\n';
  expect((await readApprovedSecurities(write('list.csv', HEADER + text))).rows).toEqual([
    { kind: 'EQUITY', isin: 'INE009A01021', price: 15_002_500, haircut: 1_250, houseHaircut: 2_000, cap: 500 },
    { kind: 'GSEC', isin: 'IN0020230085', price: 1_012_500, haircut: 200, countsUntil: 20261231 },
    { kind: 'FUND', isin: 'INF209K01157', price: 500_000, haircut: 1_000, class: 'CASH_EQUIVALENT' },
    { kind: 'EQUITY', houseHaircut: 1_000, securityShare: 2_500 },
    { kind: 'FDR', houseHaircut: 500, cap: 100_000_050 },
  ]);
});

describe('a fault is named by file, line and column', () => {
  test.each([
    ['a house haircut below the exchange’s', 'EQUITY,INE009A01021,1500,15,10,,,,', "list.csv:2: house_haircut: 10 % is below the exchange's 15 %"],
    ['a kind of no kind', 'GOLD,,,,,,,,', 'list.csv:2: kind: "GOLD" must be one of CASH, FDR'],
    ['a number that is no ISIN', 'EQUITY,US0378331005,10,10,,,,,', 'list.csv:2: isin: "US0378331005" is not an ISIN'],
    ['a deposit by ISIN', 'FDR,INE009A01021,10,10,,,,,', 'list.csv:2: isin: is not for FDR'],
    ['a security without haircut', 'EQUITY,INE009A01021,10,,,,,,', 'list.csv:2: haircut: is empty'],
    ['more than all of it', 'EQUITY,INE009A01021,10,100.01,,,,,', 'list.csv:2: haircut: "100.01" is not a percentage'],
    ['no price', 'EQUITY,INE009A01021,0,10,,,,,', 'list.csv:2: price: "0" is not a price in rupees'],
    ['a price of a kind', 'FDR,,5,,,,,,', 'list.csv:2: price: is for a security only'],
    ['a share of one security', 'EQUITY,INE009A01021,10,10,,,,25,', 'list.csv:2: security_share: is for a kind as a whole'],
    [
      'the same security twice',
      'EQUITY,INE009A01021,10,10,,,,,\nEQUITY,INE009A01021,11,10,,,,,',
      'list.csv:3: isin: INE009A01021 is on line 2 already',
    ],
    ['a day of no calendar', 'GSEC,IN0020230085,10,2,,,,,2026-02-30', 'list.csv:2: counts_until: "2026-02-30" is not a date'],
    ['nothing', '', 'list.csv: the list names nothing'],
  ])('%s', async (_what, lines, message) => {
    expect(await fault(lines === '' ? '' : `${lines}\n`)).toContain(message);
  });

  test('a column nobody knows', async () => {
    expect(await fault('EQUITY,,,,\n', 'kind,isin,price,haircut,haircutt\n')).toContain('list.csv:1: haircutt: column is not known');
  });
});
