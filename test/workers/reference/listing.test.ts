// Contract file and bhavcopy together: tokens, lots, ticks and names; what is expired, unknown or contradictory.
import { describe, expect, test } from 'vitest';
import { InstrumentFlag } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';

const { write } = scratch();
const span = write('alpha.spn', spanText());
/** 2026-11-26 14:30 in seconds since 1980. */
const NEAR = 1_480_170_600;

function contractRow(fields: Readonly<Record<number, string | number>>): string {
  const row: Record<number, string | number> = {
    0: 501,
    2: 'OPTSTK',
    3: 'ALPHA',
    4: NEAR,
    5: 100_000,
    6: 'CE',
    7: 1,
    8: 500,
    9: 500,
    10: 5,
    18: 'ALPHA26NOV1000CE',
    20: 3300,
    ...fields,
  };
  return Array.from({ length: 111 }, (_, at) => row[at] ?? '').join(',');
}

const HEADER =
  'FinInstrmId,UndrlygFinInstrmId,FinInstrmNm,TckrSymb,XpryDt,StrkPric,OptnTp,PrtdToTrad,MinLot,NewBrdLotQty,BidIntrvl,StockNm,BasePric,DelFlg,FrzQty,LwrPricRg,UpprPricRg';

describe('an NSE contract file', () => {
  test('by position, without header', async () => {
    const contracts = write(
      'contract.csv',
      `${contractRow({})}\n${contractRow({ 0: 502, 2: 'FUTSTK', 5: -1, 6: 'XX', 18: 'ALPHA26NOVFUT', 20: 100_500 })}\n`,
    );
    const table = await loadRiskParameters({ span, contracts });
    const call = table.find(2, 501);
    expect(table.instrumentName(call)).toBe('ALPHA26NOV1000CE');
    expect([table.expiry[call], table.strike[call], table.lot[call], table.tickSize[call], table.previousClose[call]]).toEqual([
      20261126, 10_000_000, 500, 500, 330_000,
    ]);
    expect(table.riskArray[call * 16]).toBe(-1120);
    expect(table.instrumentName(table.find(2, 502))).toBe('ALPHA26NOVFUT');
  });

  test('by header, with freeze quantity and price range; deleted contracts are left out', async () => {
    const rows = [
      '501,1,OPTSTK,ALPHA,2026-11-26,100000,CE,1,500,500,5,A,3300,N,20000,5,9900',
      '502,1,OPTSTK,ALPHA,2026-11-26,100000,PE,1,500,500,5,B,3300,Y,0,0,0',
    ];
    const table = await loadRiskParameters({ span, contracts: write('named.csv', [HEADER, ...rows].join('\n')) });
    const call = table.find(2, 501);
    expect([table.freezeQuantity[call], table.bandLow[call], table.bandHigh[call]]).toEqual([20_000, 500, 990_000]);
    expect(table.find(2, 502)).toBe(-1);
  });

  test.each([
    ['a strike', { 5: '1000.5' }, 'c.csv:1: StrkPric: "1000.5" is not a number of at most 0 decimals'],
    ['an option type', { 6: 'CA' }, 'c.csv:1: OptnTp: "CA" is neither CE, PE nor XX'],
    ['an expiry', { 4: 'soon' }, 'c.csv:1: XpryDt: "soon" is neither a date nor seconds since 1980'],
    ['no lot', { 8: 0, 9: 0 }, 'c.csv:1: NewBrdLotQty: no lot'],
    ['an underlying no SPAN file has', { 3: 'GAMMA' }, 'c.csv:1: TckrSymb: GAMMA is no combined commodity of alpha.spn'],
  ])('refuses %s', async (_what, fields, message) => {
    expect(await faultOf(loadRiskParameters({ span, contracts: write('c.csv', contractRow(fields)) }))).toBe(message);
  });
});

const BHAVCOPY_HEADER =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty';
const call = (token: number, expiry: string, strike: number): string =>
  `2026-11-19,2026-11-19,FO,NSE,STO,${token},,ALPHA,,${expiry},${expiry},${strike},CE,ALPHA${strike}CE,0,0,0,35.10,0,33.00,990.00,36.00,0,0,0,0,0,F1,250`;

describe('contract file and bhavcopy', () => {
  test('the contract file decides, the bhavcopy adds', async () => {
    const bhavcopyFo = write(
      'fo.csv',
      [BHAVCOPY_HEADER, call(501, '2026-11-26', 1000), call(777, '2026-11-26', 1100), call(778, '2026-11-19', 1000)].join('\n'),
    );
    const contracts = write('contract.csv', contractRow({}));
    const table = await loadRiskParameters({ span, contracts, bhavcopyFo });
    expect(table.instruments).toBe(2);
    expect(table.lot[table.find(2, 501)]).toBe(500);
    // Strike 1,100 is listed but the SPAN file has no array for it: it stays, and fails closed.
    const bare = table.find(2, 777);
    expect([table.lot[bare], table.flags[bare]]).toEqual([250, InstrumentFlag.NO_RISK_ARRAY]);
    // Token 778 has expired.
    expect(table.find(2, 778)).toBe(-1);
  });

  test('may not contradict each other', async () => {
    const bhavcopyFo = write('fo.csv', [BHAVCOPY_HEADER, call(501, '2026-11-26', 1200)].join('\n'));
    const contracts = write('contract.csv', contractRow({}));
    expect(await faultOf(loadRiskParameters({ span, contracts, bhavcopyFo }))).toBe(
      'fo.csv:2: FinInstrmId: token 501 is ALPHA1200CE here but ALPHA26NOV1000CE in contract.csv:1',
    );
  });
});

describe('shares', () => {
  const HEADER = 'FinInstrmId,TckrSymb,SctySrs,FinInstrmNm,ISIN,NewBrdLotQty,ParVal,SctyTpFlg,BidIntrvl,PricRg,DelFlg';
  const BHAVCOPY = (token: number, symbol: string, series: string, close: string): string =>
    `2026-11-19,2026-11-19,CM,NSE,STK,${token},INE1,${symbol},${series},,,,,${symbol} LTD,0,0,0,${close},0,0,,${close},,,0,0,0,F1,1`;
  const bhavcopyCm = write('cm.csv', [BHAVCOPY_HEADER, BHAVCOPY(11, 'ALPHA', 'EQ', '1000.00'), BHAVCOPY(12, 'OMEGA', 'BE', '99.99')].join('\n'));

  test('ticks and ranges of the security file; without it by rule', async () => {
    const securities = write(
      'security.csv',
      [
        HEADER,
        '11,ALPHA,EQ,ALPHA LTD,INE1,1,1000,0,10,900.00-1100.00,N',
        '13,GONE,EQ,GONE,INE2,1,1000,0,5,,Y',
        '14,NEW,EQ,NEW,INE3,1,1000,0,5,0.00-99999.00,N',
      ].join('\n'),
    );
    const table = await loadRiskParameters({ span, bhavcopyCm, securities });
    const row = (token: number): number => table.find(1, token);
    const terms = (token: number): unknown[] => [table.tickSize, table.bandLow, table.bandHigh, table.flags].map((column) => column[row(token)]);
    expect(terms(11)).toEqual([1_000, 9_000_000, 11_000_000, 0]);
    expect(terms(12)).toEqual([100, 800_000, 1_199_800, InstrumentFlag.TRADE_TO_TRADE]);
    expect(row(13)).toBe(-1);
    // No close is known for it: fails closed.
    expect(table.flags[row(14)]).toBe(InstrumentFlag.NO_RISK_ARRAY);
  });

  test('a bad range or tick is refused', async () => {
    const load = (line: string): Promise<string> => faultOf(loadRiskParameters({ span, securities: write('s.csv', `${HEADER}\n${line}`) }));
    expect(await load('11,ALPHA,EQ,A,INE1,1,1000,0,5,900,N')).toBe('s.csv:2: PricRg: "900" is not a range of prices');
    expect(await load('11,ALPHA,EQ,A,INE1,1,1000,0,0,,N')).toBe('s.csv:2: BidIntrvl: 0 is not a tick in paise');
  });

  test('the VaR file decides the cash rate: at least 20 %, in full when it does not name the share', async () => {
    const rates = async (record: string): Promise<number[]> => {
      const table = await loadRiskParameters({ span, bhavcopyCm, var: write('v.DAT', record) });
      return [11, 12].map((token) => table.cashRate[table.find(1, token)] ?? 0);
    };
    expect(await rates('20,ALPHA,EQ,INE1,30,0,30,3.5,0,33.5')).toEqual([3_350, 10_000]);
    expect(await rates('20,ALPHA,EQ,INE1,9,0,9,3.5,0,12.5\n20,OMEGA,BE,INE2,20,0,20,5,75,100')).toEqual([2_000, 10_000]);
  });
});

describe('a ban list', () => {
  const bans = (text: string): string => write('fo_secban.csv', text);
  const flagOf = async (text: string): Promise<number> => {
    const table = await loadRiskParameters({ span, bans: bans(text) });
    return table.flags[table.find(2, 1)] ?? -1;
  };
  test('marks every derivative of the underlying', async () => {
    expect(await flagOf('Securities in Ban For Trade Date 20-NOV-2026:\n1,OTHER\n2,ALPHA\n')).toBe(InstrumentFlag.BANNED);
    expect(await flagOf('Securities in Ban For Trade Date 20-NOV-2026: NIL\n')).toBe(0);
  });
  test.each([
    ['of another day', 'Securities in Ban For Trade Date 19-NOV-2026:', 'fo_secban.csv:1: is for 20261119, the parameters are for 20261120'],
    ['without title', '1,ALPHA', 'fo_secban.csv:1: "1,ALPHA" does not name the trade date of a ban list'],
    ['with a bare symbol', 'Securities in Ban For Trade Date 20-NOV-2026:\nALPHA', 'fo_secban.csv:2: "ALPHA" is not a number and a symbol'],
    ['that is empty', '', 'fo_secban.csv: the file is empty'],
  ])('%s is refused', async (_what, text, message) => {
    expect(await faultOf(loadRiskParameters({ span, bans: bans(text) }))).toBe(message);
  });
});

test('two SPAN files: other symbols and the same date, or they are refused', async () => {
  const beta = spanText().replaceAll('ALPHA', 'BETA');
  const both = await loadRiskParameters({ span: [span, write('beta.spn', beta)] });
  expect([both.underlyingName(0), both.underlyingName(1)]).toEqual(['ALPHA', 'BETA']);
  expect(await faultOf(loadRiskParameters({ span: [span, span] }))).toBe('alpha.spn: commodity ALPHA: is also in alpha.spn');
  const other = write('other.spn', beta.replace('<date>20261120', '<date>20261119'));
  expect(await faultOf(loadRiskParameters({ span: [span, other] }))).toBe('other.spn: date: is for 20261119, but alpha.spn is for 20261120');
});
