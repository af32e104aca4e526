// The price band of a share: the exchange's list in percent of the previous close, rounded inwards to its tick; a range of prices in the master
// counts before it.
import { describe, expect, it, test } from 'vitest';
import { ExchangeSegment, type ParameterTable } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { faultOf, scratch } from './fixtures.ts';

const { write } = scratch();
const COLUMNS =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty';
const bhavcopy = (exchange: string, token: number, symbol: string, series: string, close: string): string =>
  write(
    `BhavCopy_${exchange}_CM_0_0_0_20261119_F_0000.csv`,
    `${COLUMNS}\n2026-11-19,2026-11-19,CM,${exchange},STK,${token},INE009A01021,${symbol},${series},,,,,,1,1,1,${close},1,1,,${close},0,0,0,0,0,F1,1\n`,
  );

/** INFY at both exchanges, closing at 1,503.30 and 1,503.35; bands in rupees. */
async function bandsOf(nse: string, bse: string, range = ''): Promise<readonly string[]> {
  const table = await loadRiskParameters({
    span: [],
    bhavcopyCm: [bhavcopy('NSE', 1594, 'INFY', 'EQ', '1503.30'), bhavcopy('BSE', 500_209, 'INFY', 'A', '1503.35')],
    securities: write('NSE_CM_security_20112026.csv', `FinInstrmId,TckrSymb,SctySrs,NewBrdLotQty,BidIntrvl,PricRg\n1594,INFY,EQ,1,5,${range}\n`),
    scrips: write('SCRIP_20112026.TXT', 'Scrip_Code|Scrip_Id|Scrip_Group|Market_Lot|Tick_Size|ISIN_CODE\n500209|INFY|A|1|5|INE009A01021\n'),
    ...(nse === '' ? {} : { priceBands: write('sec_list_20112026.csv', nse) }),
    ...(bse === '' ? {} : { priceBandsBse: write('bse_price_bands_20112026.csv', bse) }),
    businessDate: 20261120,
  });
  return [bandIn(table, ExchangeSegment.NSE, 1594), bandIn(table, ExchangeSegment.BSE, 500_209)];
}

function bandIn(table: ParameterTable, segment: number, token: number): string {
  const row = table.find(segment, token);
  return [table.bandLow[row], table.bandHigh[row]].map((ticks = 0) => (ticks / 10_000).toFixed(2)).join(' to ');
}

const nse = (band: string): string => `Symbol,Series,Security Name,Band,Remarks\nINFY,EQ,Infosys,${band},-\n`;
const bse = (band: string): string => `Scrip_Code,Scrip_Id,Band\n500209,INFY,${band}\n`;

describe('the band of a share', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['is 20 % where no list is given', '', '', ['1202.65 to 1803.95', '1202.70 to 1804.00']],
    ['is that of its own exchange', nse('5'), bse('10'), ['1428.15 to 1578.45', '1353.05 to 1653.65']],
    [
      'is 20 % where the list names another share',
      nse('2').replace('EQ', 'BE'),
      bse('2').replace('500209', '500325'),
      ['1202.65 to 1803.95', '1202.70 to 1804.00'],
    ],
    ['is wide where shares have derivatives', nse('No Band'), bse('No Band'), ['1202.65 to 1803.95', '1202.70 to 1804.00']],
  ])('%s', async (_what, atNse, atBse, bands) => {
    expect(await bandsOf(atNse, atBse)).toEqual(bands);
  });

  it('is the master’s range of prices where one is printed: it knows of splits, a percentage of yesterday’s close does not', async () => {
    expect(await bandsOf(nse('5'), bse('5'), '285.60-315.70')).toEqual(['285.60 to 315.70', '1428.20 to 1578.50']);
  });
});

describe('a list of bands', () => {
  test.each([
    [nse('lots'), '', 'sec_list_20112026.csv:2: Band: "lots" is neither a percentage between 0 and 100 nor No Band'],
    [nse('0'), '', 'sec_list_20112026.csv:2: Band: "0" is neither a percentage between 0 and 100 nor No Band'],
    ['', bse('100'), 'bse_price_bands_20112026.csv:2: Band: "100" is neither a percentage between 0 and 100 nor No Band'],
    ['', `${bse('5')}500209,INFY,20\n`, 'bse_price_bands_20112026.csv:3: Scrip_Code: 500209 stands in line 2 already'],
    ['', nse('5'), 'bse_price_bands_20112026.csv:1: Scrip_Code: column is missing'],
  ])('is refused with its place', async (atNse, atBse, reason) => {
    expect(await faultOf(bandsOf(atNse, atBse))).toBe(reason);
  });
});
