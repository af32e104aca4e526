// A day with three SPAN files, and a client whose collateral is in pieces: equity derivatives, currency, commodity, each contract margined by its own
// clearing corporation's file, from the command line and by the gateway's live engine. One unit of either future costs 1,005; its worst scenario
// loses 150.50 long and 150 short.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../gateway/commands/index.ts';
import type { Gateway } from '../../../gateway/index.ts';
import { findDayFiles, parameterFilesOf } from '../../../workers/reference/index.ts';
import { SMALL_SPAN_FILE } from '../commands/small-span-file.ts';
import { type Answer, askApi } from '../http/api-client.ts';
import { type SmallHouse, smallHouse, startHouse } from '../small-house.ts';
import { tokenFor } from '../tokens.ts';

let house: SmallHouse;
let gateway: Gateway;
let token = '';

const spanOf = (org: string, exchange: string, symbol: string): string =>
  SMALL_SPAN_FILE.replaceAll('20260129', '20261125')
    .replaceAll('20260226', '20261231')
    .replaceAll('20260326', '20270331')
    .replace('<date>20260101', '<date>20261120')
    .replace('<ec>NSCCL', `<ec>${org}`)
    .replaceAll('<exch>NSE', `<exch>${exchange}`)
    .replaceAll('ALPHA', symbol);
const COLUMNS =
  'TradDt,BizDt,Sgmt,Src,FinInstrmTp,FinInstrmId,ISIN,TckrSymb,SctySrs,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,FinInstrmNm,OpnPric,HghPric,LwPric,ClsPric,LastPric,PrvsClsgPric,UndrlygPric,SttlmPric,OpnIntrst,ChngInOpnIntrst,TtlTradgVol,TtlTrfVal,TtlNbOfTxsExctd,SsnId,NewBrdLotQty,Rmks,Rsvd1,Rsvd2,Rsvd3,Rsvd4';
const listing = (segment: string, source: string, [type, token_, symbol, lot]: readonly [string, number, string, number]): string =>
  `${COLUMNS}\n2026-11-19,2026-11-19,${segment},${source},${type},${token_},,${symbol},,2026-11-25,2026-11-25,,,${symbol}26NOVFUT,1005,1005,1005,1005,1005,1005,1000,1005,0,0,0,0,0,F1,${lot},,,,,\n`;

beforeAll(async () => {
  house = await smallHouse();
  const put = (name: string, text: string): void => writeFileSync(join(house.day, name), text);
  put('mcxccl.20261120.s.spn', spanOf('MCXCCL', 'MCX', 'GOLD'));
  put('nsccl_x.20261120.i1.spn', spanOf('NSCCL', 'NSE', 'USDINR'));
  put('BhavCopy_MCX_CO_0_0_0_20261119_F_0000.csv', listing('CO', 'MCX', ['FUTCOM', 70_001, 'GOLD', 10]));
  put('BhavCopy_NSE_CD_0_0_0_20261119_F_0000.csv', listing('CD', 'NSE', ['FUTCUR', 9_001, 'USDINR', 1_000]));
  const mixed = { account: 'MIXED', riskGroup: 'g8', status: 'ACTIVE', kind: 'CLIENT', segments: [1, 2, 3, 7] };
  const pieces = [
    { kind: 'EQUITY', key: 'INE002A01018', quantity: 100 },
    { kind: 'FDR', key: 'FD-1', quantity: 50_000_00 },
  ];
  writeFileSync(join(house.day, 'clients.jsonl'), `${JSON.stringify({ ...mixed, cash: 1e11, cashEquivalent: 0, nonCash: 0, pieces })}\n`);
  put('approved_securities_20261120.csv', 'kind,isin,price,haircut,cap\nEQUITY,INE002A01018,1400.00,20.00,\n');
  gateway = await startHouse(house);
  token = await tokenFor(join(house.folder, 'data'), { role: 'admin', subject: 'asha' });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(house.folder, { recursive: true, force: true });
});

interface Verdict {
  readonly accepted: boolean;
  readonly text: string;
  readonly requirement_after_paise: number;
}
const ask = <Data>(path: string, body: unknown): Promise<Answer<Data>> => askApi<Data>(gateway, 'POST', path, { token, body });
/** Rupees the client must have with the order working. */
async function weighed(exchange: string, symbol: string, side: string, quantity: number): Promise<number> {
  const order = { account: 'MIXED', exchange, symbol, side, quantity, price: 1_005, product: 'NRML' };
  const { data } = await ask<Verdict>('/v1/orders/what-if', order);
  expect(data).toMatchObject({ accepted: true });
  return data.requirement_after_paise / 100;
}

describe('a day of three SPAN files', () => {
  // MCX: 1 % ELM, and 5 % because 25 November is the second trading day from here. Currency: 1 % ELM.
  const expected = [
    ['MCX', 'GOLD26NOVFUT', 'SELL', 10, 10 * (150 + 10.05 + 50.25)],
    ['MCX', 'GOLD26NOVFUT', 'BUY', 20, 20 * (150.5 + 10.05 + 50.25)],
    ['CDS', 'USDINR26NOVFUT', 'BUY', 1_000, 1_000 * (150.5 + 10.05)],
    ['CDS', 'USDINR26NOVFUT', 'SELL', 2_000, 2_000 * (150 + 10.05)],
  ] as const;

  it.each(expected)('%s %s: the engine asks for %s %i', async (exchange, symbol, side, quantity, rupees) => {
    expect(await weighed(exchange, symbol, side, quantity)).toBeCloseTo(rupees, 2);
  });

  it('`tarazu margin` over the same files gives the same, each with its rules', async () => {
    const { span, ...listed } = parameterFilesOf(findDayFiles(house.day));
    const portfolio = join(house.folder, 'portfolio.json');
    const held = (symbol: string, quantity: number): object => ({ symbol, type: 'FUT', expiry: '2026-11-25', quantity });
    writeFileSync(portfolio, JSON.stringify([held('GOLD', -10), held('USDINR', 1_000)]));
    let out = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    const files = [span].flat().slice(1);
    const code = await runCommandLine([
      'margin',
      ...files.flatMap((file) => ['--parameters', file]),
      '--portfolio',
      portfolio,
      '--date',
      '2026-11-20',
      '--json',
    ]);
    spy.mockRestore();
    expect([code, Object.keys(listed).includes('bhavcopyFo')]).toEqual([0, true]);
    const { underlyings } = JSON.parse(out) as { underlyings: readonly { symbol: string; total: number; rules: readonly object[] }[] };
    expect(underlyings.map(({ symbol, total }) => [symbol, total])).toEqual([
      ['GOLD', expected[0][4]],
      ['USDINR', expected[2][4]],
    ]);
    expect(underlyings[0]?.rules).toEqual([{ rule: 'commodity.tender', amount: 502.5, inExposure: true, basis: '10 x GOLD26NOVFUT' }]);
  });

  it('the next file of equity derivatives leaves the others in force; one of a stranger is refused', async () => {
    const next = await ask<{ instruments: number }>('/v1/parameters', { file: join(house.day, 'nsccl.20261120.i2.zip') });
    expect(next.status).toBe(200);
    expect(await weighed('MCX', 'GOLD26NOVFUT', 'SELL', 10)).toBeCloseTo(expected[0][4], 2);
    const stranger = join(house.folder, 'ncdex.20261120.s.spn');
    writeFileSync(stranger, spanOf('NCCL', 'NCX', 'GUAR'));
    const refused = await ask('/v1/parameters', { file: stranger });
    expect(refused.error?.message).toMatch(/none of the SPAN files in force/);
  });
});

describe('collateral that the day’s client file has in pieces', () => {
  const valued = async (): Promise<unknown> => {
    const { data } = await askApi<{ pieces: readonly { key: string; counted_paise: number }[] }>(gateway, 'GET', '/v1/clients/MIXED/collateral', {
      token,
    });
    return data.pieces.map(({ key, counted_paise }) => [key, counted_paise / 100]);
  };

  it('is valued by the list of approved securities that lies beside it: price and haircut', async () => {
    expect(await valued()).toEqual([
      ['INE002A01018', 100 * 1_400 * 0.8],
      ['FD-1', 50_000],
    ]);
  });

  it('follows another list of the day, with a cap of 60 shares a client', async () => {
    const rows = [{ kind: 'EQUITY', isin: 'INE002A01018', price: 14_000_000, haircut: 2_000, cap: 60 }];
    await ask('/v1/collateral/haircuts', { date: 20_261_120, rows, replace: true, revalue: true });
    expect(await valued()).toEqual([
      ['INE002A01018', 60 * 1_400 * 0.8],
      ['FD-1', 50_000],
    ]);
  });
});
