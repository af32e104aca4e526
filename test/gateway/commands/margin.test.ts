// `tarazu margin` and `tarazu risk-array` as a person or a script runs them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../gateway/commands/index.ts';
import { SMALL_SPAN_FILE } from './small-span-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-margin-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const parameters = file('small.spn', SMALL_SPAN_FILE);

async function tarazu(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const heard = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    heard.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    heard.err += String(text);
    return true;
  });
  const code = await runCommandLine(args);
  return { code, ...heard };
}

const margin = (portfolio: unknown, ...more: string[]): ReturnType<typeof tarazu> =>
  tarazu('margin', '--parameters', parameters, '--portfolio', file('portfolio.json', portfolio), ...more);
const position = (type: string, quantity: number, more: object = {}): object => ({ symbol: 'ALPHA', type, expiry: '2026-01-29', quantity, ...more });

describe('tarazu margin', () => {
  it('prints SPAN, its parts, exposure and total as JSON, in rupees', async () => {
    const { code, out } = await margin([position('FUT', 100), position('CE', -100, { strike: 1000 })], '--json');
    expect(code).toBe(0);
    const { underlyings, sum } = JSON.parse(out);
    expect(underlyings).toHaveLength(1);
    // Scenario 13: 100 x (150.50 - 35.10); sold calls are worth 3,510; exposure 3.5 % of 1,005 and of the stock's 1,000.
    expect(underlyings[0]).toMatchObject({
      symbol: 'ALPHA',
      span: 15_050,
      scanRisk: 11_540,
      activeScenario: 13,
      calendar: 0,
      interCommodity: 0,
      spot: 0,
      som: 0,
      nov: -3_510,
      exposure: 3_517.5 + 3_500,
      premium: 0,
      total: 22_067.5,
    });
    expect(sum).toMatchObject({ span: 15_050, total: 22_067.5, cash: 0 });
  });

  it('charges the calendar spread, and 20 % of a share', async () => {
    const far = position('FUT', -100, { expiry: '2026-02-26' });
    const { underlyings, sum } = JSON.parse(
      (await margin([position('FUT', 100), far, { symbol: 'ALPHA', type: 'EQ', quantity: -10 }], '--json')).out,
    );
    expect(underlyings[0]).toMatchObject({ scanRisk: 0, calendar: 2_200, exposure: 3_517.5 + 3_535, cash: 2_000 });
    expect(underlyings[0].total).toBe(2_200 + 7_052.5 + 2_000);
    expect(sum).toMatchObject({ cash: 2_000, total: 2_200 + 7_052.5 + 2_000 });
    const alone = JSON.parse((await margin([{ symbol: 'ALPHA', type: 'EQ', quantity: 10 }], '--json')).out);
    expect(alone.underlyings).toMatchObject([{ symbol: 'ALPHA', span: 0, cash: 2_000, total: 2_000 }]);
    expect(alone.sum).toMatchObject({ span: 0, cash: 2_000, total: 2_000 });
  });

  it('takes exposure rates from an ELM file', async () => {
    const header = 'Sr No.,Symbol,Instrument Type,Normal ELM Margin%,Additional ELM% for Trade Date 01-Jan-2026,Total applicable ELM%';
    const elm = file('ael_01012026.csv', `${header}\n1,ALPHA,OTH,3.5,15,18.5\n2,ALPHA,OTM,5.25,15,20.25\n`);
    const { underlyings } = JSON.parse((await margin([position('PE', -100, { strike: 1000 })], '--elm', elm, '--json')).out);
    expect(underlyings[0].exposure).toBe(18_500);
  });

  it('prints a table for people', async () => {
    const { code, out } = await margin([position('PE', 100, { strike: 1000 })]);
    expect(code).toBe(0);
    expect(out).toMatch(/parameters of 20260101/);
    expect(out).toMatch(/ALPHA .* 2,500\.00 +0\.00 +0\.00\n/);
    expect(out).toMatch(/\nsum /);
  });

  it.each([
    ['an unknown symbol', [position('FUT', 1, { symbol: 'BETA' })], '[0].symbol: "BETA" is not an underlying'],
    ['an unknown expiry', [position('FUT', 1), position('FUT', 1, { expiry: '2026-03-26' })], '[1].expiry: ALPHA has no FUT of that expiry'],
    ['an unknown strike', [position('CE', 1, { strike: 1010 })], '[0].strike: ALPHA has no CE 1010 of that expiry (nearest: 1000)'],
    ['a day that does not exist', [position('FUT', 1, { expiry: '2026-02-30' })], '[0].expiry: "2026-02-30" is not a date'],
    ['a date in another form', [position('FUT', 1, { expiry: '29-JAN-2026' })], '[0].expiry: "29-JAN-2026" is not a date'],
    ['a missing quantity', [{ symbol: 'ALPHA', type: 'FUT', expiry: '2026-01-29' }], '[0].quantity: is missing'],
    ['part of a unit', [position('FUT', 1.5)], '[0].quantity: 1.5 is not a whole number'],
    ['a text for a number', [position('CE', 1, { strike: '1000' })], '[0].strike: "1000" is not a number'],
    ['an unknown type', [position('XX', 1)], '[0].type: "XX" is none of FUT, CE, PE, EQ'],
    ['a share that is not in the file', [{ symbol: 'BETA', type: 'EQ', quantity: 1 }], '[0].symbol: "BETA" is not a share'],
    ['an entry that is no object', [7], '[0]: is not an object'],
    ['no list', { symbol: 'ALPHA' }, 'is not a list of positions'],
    ['no JSON', '[{"symbol": "ALPHA",}]', 'is not JSON'],
  ])('names the place of %s', async (_case, portfolio, reason) => {
    const { code, out, err } = await margin(portfolio, '--json');
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(join(folder, 'portfolio.json'));
    expect(err).toContain(reason);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('says what is missing on the command line, and which file cannot be read', async () => {
    expect(await tarazu('margin', '--parameters', parameters)).toMatchObject({ code: 2, err: expect.stringContaining('--portfolio') });
    expect(await tarazu('margin', '--nonsense')).toMatchObject({ code: 2 });
    const nowhere = join(folder, 'nowhere.json');
    expect(await tarazu('margin', '--parameters', parameters, '--portfolio', nowhere)).toMatchObject({
      code: 1,
      err: expect.stringContaining(nowhere),
    });
    const cut = file('cut.spn', SMALL_SPAN_FILE.slice(0, 3_000));
    const answer = await tarazu('margin', '--parameters', cut, '--portfolio', file('empty.json', []));
    expect(answer).toMatchObject({ code: 1, err: expect.stringContaining('cut.spn:') });
  });
});

describe('tarazu risk-array', () => {
  const model = { spot: 55_521.15, strike: 55_500, type: 'CE', days: 82, premium: 1_595, r: 0.0609, sigma: 0.184284, psr: 6_273.89, vsr: 0.05 };
  const shared = { lookaheadDays: 2, extremeMultiplier: 2, cover: 0.35 };
  const ask = (content: unknown, ...more: string[]): ReturnType<typeof tarazu> =>
    tarazu('risk-array', '--model', file('model.json', content), ...more);

  it('prints sixteen losses and the delta of one model', async () => {
    const { code, out } = await ask({ ...model, ...shared }, '--json');
    expect(code).toBe(0);
    const { array, delta } = JSON.parse(out);
    expect(array).toHaveLength(16);
    expect(Math.min(...array)).toBe(-5_134.19);
    expect(Math.max(...array)).toBe(1_595);
    expect(delta).toBe(0.5811);
  });

  it('prints a list for a list; a future needs neither strike nor volatility', async () => {
    const future = { spot: 24_050.35, type: 'FUT', days: 6, r: 0.0662, psr: 2_234.01, ...shared };
    const answers = JSON.parse((await ask([{ ...model, ...shared, type: 'PE' }, future], '--json')).out);
    expect(answers.map((each: { delta: number }) => each.delta)).toEqual([-0.4189, 1]);
    expect((await ask([future])).out).toMatch(/^future, spot 24050.35, 6 days/);
  });

  it('prices an option on a future by Black-76, in rupees of value of its contract', async () => {
    const crude = { spot: 6_500, strike: 6_500, type: 'CE', days: 27, r: 0.06, sigma: 0.36, psr: 585, vsr: 0.04, on: 'FUTURE', ...shared };
    const [one, hundred] = JSON.parse((await ask([crude, { ...crude, valueFactor: 100 }], '--json')).out);
    expect(one.delta).toBe(0.5172);
    expect(hundred.array[12]).toBeCloseTo(100 * one.array[12], -1);
    expect((await ask([crude])).out).toMatch(/^6500 CE, future at 6500, 27 days/);
  });

  it.each([
    ['a missing field', { ...model }, 'lookaheadDays: is missing'],
    ['a negative spot', [{ ...model, ...shared, spot: -1 }], '[0].spot: -1 is not above zero'],
    ['an option on something else', [{ ...model, ...shared, on: 'INDEX' }], '[0].on: "INDEX" is none of SPOT, FUTURE'],
    ['a misspelt field', [{ ...model, ...shared, spott: 1 }], '[0].spott: unknown field (it has spot, '],
    [
      'an unknown type',
      [
        { ...model, ...shared },
        { ...model, ...shared, type: 'C' },
      ],
      '[1].type: "C" is none of CE, PE, FUT',
    ],
  ])('names the place of %s', async (_case, content, reason) => {
    expect(await ask(content, '--json')).toMatchObject({ code: 1, out: '', err: expect.stringContaining(reason) });
  });
});
