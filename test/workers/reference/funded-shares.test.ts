// Which shares may be bought with the house's funding (MTF), and what each asks: the house's list by ISIN over the day's VaR file. SEBI
// CIR/MRD/DP/54/2017: VaR and three times ELM of a share with derivatives, five times of another; the house's 25 % or its own figure where that is
// more.
import { describe, expect, it } from 'vitest';
import { fundedShares, readFundedList } from '../../../workers/reference/funded-shares.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import type { Listing } from '../../../workers/reference/listing.ts';
import { ReferenceFileError } from '../../../workers/reference/reference-error.ts';
import { readVarFile } from '../../../workers/reference/var-file.ts';
import { scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const NSE = 1;
const BSE = 4;
const isinOf = (at: number): string => `INE00000${at}018`;
const LISTING = {
  kind: 'EQ' as const,
  name: '',
  expiry: 0,
  strike: 0,
  lot: 1,
  tickSize: 500,
  freezeQuantity: 0,
  bandLow: 0,
  bandHigh: 0,
  previousClose: 10_000_000,
  underlyingClose: 0,
  isIndex: false,
  file: 'listing.csv',
  line: 2,
};
const share = (segment: number, token: number, symbol: string, isin: string, series = 'EQ'): Listing => ({
  ...LISTING,
  segment,
  token,
  symbol,
  series,
  isin,
});
/** VaR 10 %, ELM 3.5 %: 20.5 % with derivatives, 27.5 % without. CALM 6 % and 2 %, WILD 45 % and 15 %. */
const RISK = new Map([
  [isinOf(1), { varMargin: 1_000, extremeLoss: 350 }],
  [isinOf(2), { varMargin: 1_000, extremeLoss: 350 }],
  [isinOf(3), { varMargin: 600, extremeLoss: 200 }],
  [isinOf(4), { varMargin: 4_500, extremeLoss: 1_500 }],
]);
const rates = (
  listings: readonly Listing[],
  list: ReadonlyMap<string, number>,
  underSurveillance: ReadonlySet<string> = new Set(),
  businessDate = 20261120,
): unknown => fundedShares(listings, { businessDate, fundedList: list, riskByIsin: RISK, underSurveillance }, (symbol) => symbol === 'FNO').funded;

describe('a share on the list', () => {
  it.each([
    ['with derivatives asks VaR and 3 ELM: 20.5 %, so the house’s 25 %', share(NSE, 1, 'FNO', isinOf(1)), 0, 2_500, 'cash.mtf'],
    ['without, VaR and 5 ELM: 27.5 %', share(NSE, 2, 'CASH', isinOf(2)), 0, 2_750, 'cash.mtf.elmOther'],
    ['a calm one: 16 %, so 25 %', share(NSE, 3, 'CALM', isinOf(3)), 0, 2_500, 'cash.mtf'],
    ['a wild one: never above all of it', share(NSE, 4, 'WILD', isinOf(4)), 0, 10_000, 'cash.mtf.elmOther'],
    ['one the house itself asks more of', share(NSE, 2, 'CASH', isinOf(2)), 4_000, 4_000, 'cash.mtf.house'],
  ])('%s', (_, listing, margin, rate, rule) => {
    expect(rates([listing], new Map([[listing.isin ?? '', margin]]))).toEqual([[NSE, listing.token, rate, rule]]);
  });

  it('is funded at both exchanges at one rate, derivatives at either counting', () => {
    const list = new Map([[isinOf(1), 0]]);
    const both = [share(NSE, 1, 'FNO', isinOf(1)), share(BSE, 500001, 'FNOLTD', isinOf(1), 'A')];
    expect(rates(both, list)).toEqual([
      [NSE, 1, 2_500, 'cash.mtf'],
      [BSE, 500001, 2_500, 'cash.mtf'],
    ]);
  });

  it.each([
    ['not on the list', share(NSE, 1, 'FNO', isinOf(1)), isinOf(2), new Set<string>()],
    ['one the VaR file does not name', share(NSE, 9, 'NEW', isinOf(9)), isinOf(9), new Set<string>()],
    ['trade for trade', share(NSE, 1, 'FNO', isinOf(1), 'BE'), isinOf(1), new Set<string>()],
    ['of the T+0 session', share(NSE, 1, 'FNO', isinOf(1), 'T0'), isinOf(1), new Set<string>()],
    ['under surveillance', share(NSE, 1, 'FNO', isinOf(1)), isinOf(1), new Set(['FNO|EQ'])],
  ])('is not funded: %s', (_, listing, listed, surveyed) => {
    expect(rates([listing], new Map([[listed, 0]]), surveyed)).toEqual([]);
  });

  it('a house without a list funds nothing: the table says nothing of it', () => {
    expect(
      fundedShares([share(NSE, 1, 'FNO', isinOf(1))], { businessDate: 20261120, riskByIsin: RISK, underSurveillance: new Set() }, () => true),
    ).toEqual({});
  });
});

describe('the files', () => {
  it('the list is CSV by ISIN, percent where the house asks more', async () => {
    const { list } = await readFundedList(write('mtf.csv', `isin,margin\n${isinOf(1)},\n${isinOf(2)},37.5\n`));
    expect([...list]).toEqual([
      [isinOf(1), 0],
      [isinOf(2), 3_750],
    ]);
  });

  it.each([
    ['no ISIN', `isin,margin\nRELIANCE,\n`, 'is not an ISIN'],
    ['twice', `isin\n${isinOf(1)}\n${isinOf(1)}\n`, 'is on the list already'],
    ['above all of it', `isin,margin\n${isinOf(1)},101\n`, 'is not a percentage'],
    ['nothing', 'isin,margin\n', 'names nothing'],
    ['another column', `isin,haircut\n${isinOf(1)},20\n`, 'haircut'],
  ])('%s is refused with its place', async (_, text, says) => {
    const file = write('bad.csv', text);
    await expect(readFundedList(file)).rejects.toThrow(ReferenceFileError);
    await expect(readFundedList(file)).rejects.toThrow(says);
  });

  it('VaR and ELM come apart out of the VaR file, the larger of a security’s series', async () => {
    const file = write(
      'C_VAR1_20112026_1.DAT',
      `20,A,EQ,${isinOf(1)},9.00,0,9.00,3.50,0.00,12.50\n20,A,BE,${isinOf(1)},9.00,0,11.25,2.00,0.00,13.25\n`,
    );
    expect([...(await readVarFile(file)).parts]).toEqual([[isinOf(1), { varMargin: 1_125, extremeLoss: 350 }]]);
  });

  it('the list of a day is in its table, with its hash among the sources', async () => {
    const HEADER =
      'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
    const row = `2026-11-19,2026-11-19,CM,NSE,STK,7,${isinOf(1)},CASH,EQ,,,,,CASH,1000,1000,1000,1000.00,1000,1000,,1000,,,1,1000,1,F1,1,,,,,`;
    const table = await loadRiskParameters({
      span: write('one.spn', spanText()),
      bhavcopyCm: write('BhavCopy_NSE_CM_0_0_0_20261119_F_0000.csv', [HEADER, row].join('\n')),
      var: write('C_VAR1_20112026_2.DAT', `20,CASH,EQ,${isinOf(1)},9.00,0,9.00,3.50,0.00,12.50`),
      funded: write('mtf_20261120.csv', `isin\n${isinOf(1)}\n`),
    });
    expect(table.details.funded).toEqual([[NSE, 7, 2_650, 'cash.mtf.elmOther']]);
    expect(table.details.sources.map(({ role }) => role)).toContain('funded');
  });
});
