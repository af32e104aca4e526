// A generated day with currency, commodity, cross margin and collateral in pieces: one table of all its files, and clients that have something of each.
import { describe, expect, it } from 'vitest';
import { compiledRules, ExchangeSegment, portfolioMargin } from '../../../engine/index.ts';
import { dayFilesOf } from '../../../workers/reference/generate/day-files.ts';
import { dayGaps } from '../../../workers/reference/generate/day-gaps.ts';
import { otherMarkets } from '../../../workers/reference/generate/other-markets.ts';
import {
  findDayFiles,
  generateDay,
  loadRiskParameters,
  parameterFilesOf,
  readApprovedSecurities,
  readClientFile,
} from '../../../workers/reference/index.ts';
import { scratch } from './fixtures.ts';

const { directory } = scratch();
await generateDay({ seed: 7, date: 20261120, clients: 24, underlyings: 14, strikes: 1, versions: 1, beside: true }, directory);
const day = findDayFiles(directory);
const table = await loadRiskParameters(parameterFilesOf(day));
const clients = readClientFile(day.clients ?? '');
const rowOf = (symbol: string): number => {
  const row = Array.from({ length: table.instruments }, (_, each) => each).find((each) => table.instrumentName(each) === symbol);
  return row ?? expect.fail(`${symbol} is not listed`);
};
const asked = (account: string): { readonly together: number; readonly apart: number } => {
  const positions = clients.find((client) => client.account === account)?.positions ?? [];
  const held = positions.map(({ segment, token, quantity }) => ({ instrument: table.find(segment, token), quantity }));
  const total = (of: typeof held): number => portfolioMargin(table, of, 2_000, (expiry) => compiledRules(table).dated.daysTo(expiry)).sum.total;
  return { together: total(held), apart: held.reduce((sum, one) => sum + total([one]), 0) };
};

describe('the day', () => {
  it.each([
    ['GOLD26DECFUT', ExchangeSegment.MCX, 20_261_204, 100, 500],
    ['CRUDEOIL27JANFUT', ExchangeSegment.MCX, 20_270_119, 100, 500],
    ['USDINR26NOVFUT', ExchangeSegment.CDS, 20_261_126, 1_000, 25],
    ['USDINR26DEC88.5CE', ExchangeSegment.CDS, 20_261_229, 1_000, 25],
  ])('lists %s with its segment, expiry, lot and tick', (symbol, ...terms) => {
    const row = rowOf(symbol);
    expect([table.segment[row], table.expiry[row], table.lot[row], table.tickSize[row]]).toEqual(terms);
  });

  it('asks of natural gas 1 % ELM and the 2 % that its daily margin file adds', () => {
    const row = rowOf('NATURALGAS26DECFUT');
    const price = (table.price[row] as number) * 1e4;
    expect((table.elmLong[row] as number) / price).toBeCloseTo(0.03, 6);
  });

  it('goes on: gold of the next day opens where it closed, under its token', () => {
    const [, before] = otherMarkets(7, 20261120, 20261120);
    const [, after] = otherMarkets(7, 20261120, 20261123);
    const tokens = (contracts: NonNullable<typeof after>['market']['contracts'] = []): Map<string, number> =>
      new Map(contracts.map(({ name, token }) => [name, token]));
    for (const [name, token] of tokens(after?.market.contracts)) expect(tokens(before?.market.contracts).get(name) ?? token, name).toBe(token);
    expect(after?.market.underlyings[0]?.close).not.toBe(before?.market.underlyings[0]?.close);
  });
});

describe('its clients', () => {
  it.each(['HEDGE01', 'HEDGE02'])('%s is asked less for the whole than for its legs', (account) => {
    const { together, apart } = asked(account);
    expect(together).toBeLessThan(apart * 0.75);
  });

  it('hold commodity and currency, and pledge only shares that the list approves', async () => {
    const held = new Set(clients.flatMap(({ positions }) => positions.map(({ segment }) => segment)));
    expect([...held].sort()).toEqual([ExchangeSegment.NFO, ExchangeSegment.CDS, ExchangeSegment.MCX]);
    const { rows } = await readApprovedSecurities(day.approvedSecurities ?? '');
    const approved = new Set(rows.map(({ isin }) => isin));
    const pieces = clients.flatMap((client) => client.pieces ?? []);
    expect(pieces.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['FDR', 'EQUITY']));
    expect(pieces.filter(({ kind, key }) => kind === 'EQUITY' && !approved.has(key))).toEqual([]);
  });
});

describe('a directory with the lists of several days', () => {
  const span = ['nsccl.20261201.i1.zip', 'nsccl.20261201.i2.zip'];
  it('gives those of the SPAN files, whatever the names sort by', () => {
    const files = dayFilesOf('d', [
      ...span,
      'ael_01122026.csv',
      'ael_30112026.csv',
      'C_VAR1_30112026_1.DAT',
      'C_VAR1_01122026_1.DAT',
      'C_VAR1_01122026_6.DAT',
    ]);
    expect([files.elm, files.var]).toEqual(['d/ael_01122026.csv', 'd/C_VAR1_01122026_1.DAT']);
  });
  it('takes one that stands alone, and refuses to choose among others', () => {
    expect(dayFilesOf('d', [...span, 'fo_secban_30112026.csv']).bans).toBe('d/fo_secban_30112026.csv');
    expect(() => dayFilesOf('d', [...span, 'ael_27112026.csv', 'ael_30112026.csv'])).toThrow(
      "d: ael_27112026.csv, ael_30112026.csv: none is of 20261201, the SPAN files' day",
    );
  });
});

describe('a day whose lists are not whole says so', () => {
  const whole = [
    'nsccl.20261201.i1.zip',
    'BhavCopy_NSE_CM_0_0_0_20261130_F_0000.csv',
    'ael_01122026.csv',
    'C_VAR1_01122026_1.DAT',
    'fo_secban_01122026.csv',
  ];
  const gaps = (...names: string[]): string[] => dayGaps(dayFilesOf('d', names));
  const without = (start: string): string[] => whole.filter((name) => !name.startsWith(start));

  it.each([
    ['whole', whole, []],
    ['without VaR', without('C_VAR1'), [/^no VaR list .*: shares are margined at the flat rate policy.cashRateFloor/]],
    ['without VaR and without shares', without('C_VAR1').filter((name) => !name.startsWith('Bhav')), []],
    ['without exposure, by underlying or by contract', without('ael'), [/^no exposure list/]],
    ['with exposure by contract', [...without('ael'), 'F_AEL_OPT_CONTRACTS_01122026.csv'], []],
    ['with the VaR list of the day before', [...without('C_VAR1'), 'C_VAR1_30112026_6.DAT'], [/^C_VAR1_30112026_6.DAT is not of 20261201/]],
    ['without the bans', without('fo_secban'), [/^no list of securities in ban period/]],
  ])('%s', (_what, names, expected) => {
    expect(gaps(...names)).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
});
