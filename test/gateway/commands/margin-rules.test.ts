// `tarazu margin` with a date, products, several clearing organisations, and its explanation, as a person runs it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../gateway/commands/index.ts';
import { SMALL_SPAN_FILE } from './small-span-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-margin-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const small = file('small.spn', SMALL_SPAN_FILE);
const bse = file('bse.spn', SMALL_SPAN_FILE.replace('<ec>NSCCL', '<ec>ICCL').replaceAll('<exch>NSE', '<exch>BSE'));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const heard = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    heard.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    heard.err += String(text);
    return true;
  });
  const code = await runCommandLine(['margin', ...args]);
  return { code, ...heard };
}

const margin = (portfolio: unknown, ...more: string[]): ReturnType<typeof run> =>
  run('--parameters', small, '--portfolio', file('portfolio.json', portfolio), ...more);

const future = (expiry: string, quantity: number, more: object = {}): object => ({ symbol: 'ALPHA', type: 'FUT', expiry, quantity, ...more });
const option = (type: string, quantity: number): object => ({ symbol: 'ALPHA', type, expiry: '2026-01-29', strike: 1000, quantity });
const share = (quantity: number, more: object = {}): object => ({ symbol: 'ALPHA', type: 'EQ', quantity, ...more });
const spread = [future('2026-01-29', 100), future('2026-02-26', -100)];

describe('tarazu margin --date', () => {
  it('names the rules of that day and adds what they ask', async () => {
    const { underlyings, sum, businessDate } = JSON.parse((await margin(spread, '--date', '2026-01-05', '--json')).out);
    expect(businessDate).toBe(20260105);
    // Both legs' 3.5 %, less all of the near month's and two thirds of the far month's.
    expect(underlyings[0].rules).toEqual([
      { rule: 'elm.calendarThird', amount: -5_874.17, inExposure: false, basis: 'futures spread on a third of its far month' },
    ]);
    expect(sum).toMatchObject({ exposure: 7_052.5, addOns: -5_874.17, total: 2_200 + 7_052.5 - 5_874.17 });
  });

  it.each([
    ['2026-04-30', 'elm.calendarThird'],
    ['2026-05-04', 'calendar.stock.expiryDay'],
  ])('on %s a spread with an expiring stock leg comes under %s', async (date, rule) => {
    const moved = SMALL_SPAN_FILE.replaceAll('20260129', date.replaceAll('-', ''))
      .replaceAll('20260326', '20261231')
      .replaceAll('20260226', '20260827');
    const legs = file('legs.json', [future(date, 100), future('2026-08-27', -100)]);
    const { out } = await run('--parameters', file('moved.spn', moved), '--portfolio', legs, '--date', date, '--json');
    expect(JSON.parse(out).underlyings[0].rules.map((each: { rule: string }) => each.rule)).toEqual([rule]);
  });

  it('asks delivery margin in the last days, at the VaR file’s rate', async () => {
    const rates = file('C_VAR1_27012026_1.DAT', '20,ALPHA,EQ,INE000A01010,0,0,0,0,0,18.00\n');
    const inTheMoney = file('itm.spn', SMALL_SPAN_FILE.replace('<p>1000.00</p>', '<p>1100.00</p>'));
    const args = ['--var', rates, '--json', '--date', '2026-01-28'];
    const path = file('itm.json', [option('CE', 100)]);
    const out = (await run('--parameters', inTheMoney, '--portfolio', path, ...args)).out;
    expect(JSON.parse(out).underlyings[0].rules).toMatchObject([{ rule: 'delivery.E-1', amount: 12_600, inExposure: false }]);
    expect(JSON.parse(out).sum.total).toBe(12_600);
  });

  it('refuses a day that does not exist', async () => {
    expect(await margin(spread, '--date', '2026-02-30')).toMatchObject({ code: 2, err: expect.stringContaining('2026-02-30') });
  });
});

describe('shares in a portfolio', () => {
  const cash = async (entry: object, ...more: string[]): Promise<unknown> => JSON.parse((await margin([entry], '--json', ...more)).out).cash[0];
  it.each([
    ['bought for delivery', share(100, { product: 'CNC' }), { margined: 100, rate: 0.2, rule: 'cash.varElm', margin: 20_000 }],
    ['sold out of holdings', share(-100, { product: 'CNC', free: 100 }), { margined: 0, rate: 0, rule: 'cash.deliverySale', margin: 0 }],
    ['sold before delivery', share(-100, { product: 'CNC', free: 70, t1: 30 }), { margined: 30, rule: 'cash.btst', margin: 6_000 }],
    ['funded', share(100, { product: 'MTF' }), { margined: 100, rate: 0.25, rule: 'cash.mtf', margin: 25_000 }],
    ['without a product', share(-100), { margined: 100, rate: 0.2, margin: 20_000 }],
  ])('%s', async (_what, entry, expected) => {
    expect(await cash(entry)).toMatchObject(expected);
  });

  it('under surveillance pay in full', async () => {
    const listed = file(
      'REG1_IND010126.csv',
      'ScripCode,Symbol,Series,GSM,Long_Term_Additional_Surveillance_Measure (Long Term ASM),ESM\n1,ALPHA,EQ,100,2,100\n',
    );
    expect(await cash(share(100, { product: 'CNC' }), '--surveillance', listed)).toMatchObject({ rate: 1, margin: 100_000 });
    const mild = file(
      'REG1_IND020126.csv',
      'ScripCode,Symbol,Series,GSM,Long_Term_Additional_Surveillance_Measure (Long Term ASM),ESM\n1,ALPHA,EQ,1,1,100\n',
    );
    expect(await cash(share(100, { product: 'CNC' }), '--surveillance', mild)).toMatchObject({ rate: 0.2 });
    expect((await margin([], '--surveillance', file('other.csv', 'Symbol,Series\nALPHA,EQ\n'))).err).toContain('not a surveillance file');
  });

  it.each([
    ['an unknown product', share(1, { product: 'XYZ' }), '[0].product: "XYZ" is none of CNC'],
    ['a holding below zero', share(1, { free: -1 }), '[0].free: -1 is not a number of units'],
  ])('name the place of %s', async (_what, entry, reason) => {
    expect(await margin([entry])).toMatchObject({ code: 1, err: expect.stringContaining(reason) });
  });
});

describe('obligations beside the positions', () => {
  it('after expiry: the cash segment’s rate on the value at the close, and the loss since', async () => {
    const owed = [
      { symbol: 'ALPHA', type: 'DELIVERY', quantity: 250, price: 1_010 },
      { type: 'DAY', premiumPaid: 500, premiumReceived: 120, realised: -40 },
    ];
    const { obligations, sum } = JSON.parse((await margin(owed, '--json')).out);
    expect(obligations).toMatchObject([
      { rule: 'delivery.afterExpiry', symbol: 'ALPHA', amount: 250 * 1_000 * 0.2 + 250 * 10 },
      { rule: 'crystallised', amount: 420 },
    ]);
    expect(sum.total).toBe(52_920);
    expect((await margin(owed)).out).toMatch(/ALPHA \(delivery\.afterExpiry\).* 52,500\.00\n/);
    expect((await margin(owed, '--explain')).out).toMatch(/^ +52,920\.00 {2}margin/);
    expect((await margin([{ symbol: 'BETA', type: 'DELIVERY', quantity: 1, price: 1 }])).err).toContain('[0].symbol: "BETA" is not a share');
  });
});

describe('two clearing organisations', () => {
  const both = (portfolio: unknown): Promise<{ code: number; out: string; err: string }> => margin(portfolio, '--parameters', bse, '--json');
  it('margin one symbol side by side, without netting', async () => {
    const { out } = await both([future('2026-01-29', 100, { clearingOrg: 'NSCCL' }), future('2026-01-29', -100, { clearingOrg: 'ICCL' })]);
    const { underlyings } = JSON.parse(out);
    expect(underlyings.map((line: { symbol: string; scanRisk: number }) => [line.symbol, line.scanRisk])).toEqual([
      ['ALPHA', 15_050],
      ['ALPHA@ICCL', 15_000],
    ]);
  });

  it('must be told apart', async () => {
    expect((await both(spread)).err).toContain('[0].clearingOrg: is missing: ALPHA is margined by NSCCL and ICCL');
    expect((await both([future('2026-01-29', 1, { clearingOrg: 'MCXCCL' })])).err).toContain('"MCXCCL" does not margin ALPHA');
  });
});

describe('tarazu margin --explain', () => {
  it('prints a tree: amount, figure, rule, and the row and file it was read from', async () => {
    const { out } = await margin([...spread, option('CE', -100), share(-10)], '--explain', '--date', '2026-01-05');
    const lines = out.split('\n');
    const line = (text: string): string | undefined => lines.find((each) => each.includes(text));
    expect(line('tier 1, scenario')).toContain('price +1 x range, volatility +1 x range');
    expect(line('100 x ALPHA26JANFUT  [')).toContain('[units x loss of one long unit; ra of ALPHA26JANFUT of small.spn]');
    expect(line('45 spreads, A long')).toMatch(/^ +990\.00 .*dSpread 1 \(A:20260129 B:20260226\) of small\.spn/);
    expect(line('elm.calendarThird')).toMatch(/^ +-5,874\.17/);
    expect(line('100 x ALPHA26JANFUT, 35.175 a unit')).toContain('[elm.stock; ALPHA26JANFUT]');
    const { sum } = JSON.parse((await margin([...spread, option('CE', -100), share(-10)], '--json', '--date', '2026-01-05')).out);
    const tree = JSON.parse((await margin([...spread, option('CE', -100), share(-10)], '--explain', '--json', '--date', '2026-01-05')).out);
    expect(tree.amount / 100).toBe(sum.total);
  });

  it('finds a contract by its trading symbol', async () => {
    expect((await margin([{ name: 'ALPHA26JANFUT', quantity: 10 }], '--explain')).out).toContain('10 x ALPHA26JANFUT');
    expect((await margin([{ name: 'BETA26JANFUT', quantity: 10 }])).err).toContain('[0].name: "BETA26JANFUT" is not an instrument');
  });
});
