// Which listings are one share: by ISIN, ordinary series of both exchanges, since clearing corporations are interoperable.
import { describe, expect, it, test } from 'vitest';
import type { ParameterTable } from '../../../engine/index.ts';
import { loadRiskParameters } from '../../../workers/reference/index.ts';
import { scratch } from './fixtures.ts';

const { write } = scratch();
const COLUMNS =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty';
type Row = readonly [token: number, isin: string, symbol: string, series: string];
const bhavcopy = (exchange: string, rows: readonly Row[]): string =>
  write(
    `BhavCopy_${exchange}_CM_0_0_0_20261119_F_0000.csv`,
    [
      COLUMNS,
      ...rows.map(
        ([token, isin, symbol, series]) =>
          `2026-11-19,2026-11-19,CM,${exchange},STK,${token},${isin},${symbol},${series},,,,,,100,100,100,100,100,100,,100,0,0,0,0,0,F1,1`,
      ),
    ].join('\n'),
  );
const load = (nse: readonly Row[], bse: readonly Row[], businessDate = 20261120): Promise<ParameterTable> =>
  loadRiskParameters({ span: [], bhavcopyCm: [bhavcopy('NSE', nse), bhavcopy('BSE', bse)], businessDate });

const NSE: Row = [1594, 'INE009A01021', 'INFY', 'EQ'];
const BSE: Row = [500_209, 'INE009A01021', 'INFY', 'A'];

describe('listings of one ISIN', () => {
  test.each<[string, readonly Row[], readonly Row[], number, readonly (readonly number[])[] | undefined]>([
    ['net', [NSE], [BSE], 20261120, [[1, 1594, 4, 500_209]]],
    ['did not net before 3 June 2019', [NSE], [BSE], 20190531, undefined],
    ['of two shares are two', [NSE], [[500_325, 'INE002A01018', 'RELIANCE', 'A']], 20261120, undefined],
    ['trade for trade stay apart', [[1594, 'INE009A01021', 'INFY', 'BE']], [BSE], 20261120, undefined],
    ['trade for trade at BSE stay apart', [NSE], [[500_209, 'INE009A01021', 'INFY', 'T']], 20261120, undefined],
    ['beside same-day settlement: the ordinary series', [[99, 'INE009A01021', 'INFY', 'T0'], NSE], [BSE], 20261120, [[1, 1594, 4, 500_209]]],
  ])('%s', async (_what, nse, bse, date, pairs) => {
    expect((await load(nse, bse, date)).details.sameShare).toEqual(pairs);
  });

  it('without ISIN are not tied', async () => {
    expect((await load([[1594, '', 'INFY', 'EQ']], [[500_209, '', 'INFY', 'A']])).details.sameShare).toBeUndefined();
  });
});
