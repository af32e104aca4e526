// The command line of charges, as a user meets it: the published notes, plans, and files that are wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand as run } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-charges-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
function file(text: string | Buffer, extension = 'json'): string {
  serial += 1;
  const path = join(folder, `f${serial}.${extension}`);
  writeFileSync(path, text);
  return path;
}

const OPTIONS_NOTE = [
  { exchange: 'NSE', segment: 'OPT', product: 'NRML', side: 'BUY', quantity: 20, price: 589 },
  { exchange: 'NSE', segment: 'OPT', product: 'NRML', side: 'SELL', quantity: 20, price: 797, orderId: '7' },
];
const trades = (list: readonly object[] = OPTIONS_NOTE): string => file(JSON.stringify(list));
const plan = (lines: object): string => file(JSON.stringify(lines));
const good = { exchange: 'NSE', segment: 'EQ', product: 'CNC', side: 'BUY', quantity: 1, price: 100 };

describe('charges', () => {
  it('says a published note in exactly the agreed shape', async () => {
    const said = await run('charges', '--trades', trades(), '--date', '2026-09-01', '--plan', plan({ default: { flat: 20 } }), '--json');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(said.out)).toEqual({
      brokerage: { exact: '40', note: '40.00' },
      stt: { exact: '23.91', note: '24.00' },
      exchange: { exact: '9.846144', note: '9.85' },
      ipft: { exact: '0.002772', note: '0.00' },
      sebi: { exact: '0.02772', note: '0.03' },
      stamp: { exact: '0.3534', note: '0.00' },
      gst: { exact: '8.97779448', note: '8.98' },
      total: { exact: '83.11783048', note: '82.86' },
    });
  });

  it('charges no brokerage without a plan, and the lower of percent and flat with one', async () => {
    const list = [{ ...good, quantity: 10, price: '1000.50' }];
    const brokerage = async (...more: string[]): Promise<string> =>
      JSON.parse((await run('charges', '--trades', trades(list), '--date', '20261120', '--json', ...more)).out).brokerage.note;
    expect(await brokerage()).toBe('0.00');
    expect(await brokerage('--plan', plan({ default: { percent: 0.03, flat: 20 } }))).toBe('3.00');
    expect(await brokerage('--plan', plan({ default: { flat: 20 }, 'EQ-CNC': { percent: 0.5, flat: 25 } }))).toBe('25.00');
  });

  it('splits GST by state and prints a table', async () => {
    const said = await run('charges', '--trades', trades(), '--date', '2026-09-01', '--member-state', 'KA', '--client-state', 'KA');
    expect(said.out).toMatch(/cgst +0\.88889724 +0\.89\n/);
    expect(said.out).toMatch(/igst +0 +0\.00\n/);
  });

  it('takes a price that arithmetic spoilt for the price it is', async () => {
    const said = await run('charges', '--trades', trades([{ ...good, price: 79.28999999999999 }]), '--date', '2026-09-01', '--json');
    expect(JSON.parse(said.out).stt.exact).toBe('0.07929');
  });

  it('reads a file of many chunks, with brackets, quotes and newlines inside texts', async () => {
    const awkward = { ...good, orderId: 'a"]},{[\\\n', note: 'é'.repeat(50) };
    const list = Array.from({ length: 12_000 }, () => awkward);
    const said = await run(
      'charges',
      '--trades',
      file(JSON.stringify(list, null, 1)),
      '--date',
      '2026-09-01',
      '--json',
      '--plan',
      plan({ default: { flat: 20 } }),
    );
    expect(JSON.parse(said.out)).toMatchObject({ stt: { note: '1200.00' }, brokerage: { note: '20.00' } });
  });

  it.each([
    ['an object', '{}', 'line 1: is not a JSON array'],
    ['nothing', '', 'is empty, not a JSON array'],
    ['a file cut short', `[${JSON.stringify(good)},{"exch`, 'ends inside the array, after 1 whole elements: the file is cut short'],
    ['something after the end', '[]]', 'has something after the end of the array'],
    ['a missing element', `[${JSON.stringify(good)},,{}]`, 'an element is missing between the commas'],
    ['broken JSON on its line', `[\n${JSON.stringify(good)},\n{"a" 1}]`, 'element 2 (line 3): is not JSON'],
    ['a number', '[7]', 'trade 1 (line 1): 7 is not an object'],
    ['a missing field', JSON.stringify([good, { ...good, side: undefined }]), 'trade 2 (line 1): side: is missing'],
    ['an unknown exchange', JSON.stringify([{ ...good, exchange: 'NYSE' }]), 'trade 1 (line 1): exchange: "NYSE" is none of NSE, BSE, MCX'],
    ['half a share', JSON.stringify([{ ...good, quantity: 1.5 }]), 'quantity: 1.5 is not a whole number'],
    ['a price below zero', JSON.stringify([{ ...good, price: -1 }]), 'price: -1 is not a price above zero'],
    ['a price with eight decimals', JSON.stringify([{ ...good, price: 1.00000001 }]), 'with at most six decimals'],
    ['a misspelt order id', JSON.stringify([{ ...good, order_id: '7' }]), 'order_id: is not a field of a trade; orderId is'],
    ['a market without rates', JSON.stringify([{ ...good, exchange: 'MCX' }]), 'no exchange charge is known for MCX EQ on 2026-09-01'],
  ])('refuses %s, saying where', async (_name, text, message) => {
    const said = await run('charges', '--trades', file(text), '--date', '2026-09-01', '--json');
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain(message);
  });

  it.each([
    ['a day that is none', ['--trades', 'x.json', '--date', '2026-02-30'], 1, '--date 2026-02-30 is not a day'],
    ['a missing file', ['--trades', 'nowhere.json', '--date', '2026-02-03'], 1, 'nowhere.json: cannot be read (ENOENT)'],
    ['missing options', [], 2, '--trades FILE.json and --date YYYY-MM-DD are needed'],
    ['an unknown option', ['--trade', 'x'], 2, "Unknown option '--trade'"],
  ])('refuses %s', async (_name, args, code, message) => {
    const said = await run('charges', ...args);
    expect(said.code).toBe(code);
    expect(said.err).toContain(message);
  });

  it.each([
    ['a combination that is none', { 'EQ-XYZ': {} }, 'EQ-XYZ: is no combination'],
    ['a negative amount', { default: { flat: -1 } }, 'default.flat: -1 is not a number from 0'],
    ['a misspelt term', { default: { percentage: 1 } }, 'default.percentage: unknown field'],
    ['a line that is no object', { default: 20 }, 'default: 20 is not an object'],
  ])('refuses a plan with %s', async (_name, lines, message) => {
    const said = await run('charges', '--trades', trades(), '--date', '2026-09-01', '--plan', plan(lines));
    expect(said.code).toBe(1);
    expect(said.err).toContain(message);
  });

  it('runs as a program of its own', () => {
    const bin = join(import.meta.dirname, '../../batch/bin/tarazu-batch.js');
    const said = spawnSync(process.execPath, [bin, 'charges', '--trades', trades(), '--date', '2026-09-01', '--json'], { encoding: 'utf8' });
    expect(said.stderr).toBe('');
    expect(JSON.parse(said.stdout).stt.note).toBe('24.00');
  });
});

describe('tax-reconcile', () => {
  const day = trades([
    { ...good, client: 'C1', quantity: 100, price: 1_000 },
    { ...good, client: 'C2', quantity: 50, price: 1_000 },
    { ...good, client: 'C4', product: 'MIS' },
  ]);
  const stt =
    'RptHdr,Sgmt,ClntId,TckrSymb,TtlTaxs,Rmks\n10,CM,,,150.00,\n40,CM,C1,SBIN,60.00,\n40,CM,C1,TCS,40.00,\n40,CM,C2,SBIN,51.00,\n40,CM,C3,SBIN,2.00,\n';

  it('lays our notes beside the clearing corporation, security rows only', async () => {
    const said = await run('tax-reconcile', '--trades', day, '--date', '2026-09-01', '--stt', file(gzipSync(stt), 'csv.gz'), '--json');
    expect(said.code).toBe(1);
    const [tax] = JSON.parse(said.out);
    expect(tax).toMatchObject({ tax: 'stt', ours: '150.00', clearing: '153.00', difference: '3.00' });
    expect(tax.lines.map((line: { client: string; difference: string; status: string }) => [line.client, line.difference, line.status])).toEqual([
      ['C1', '0.00', 'equal'],
      ['C2', '1.00', 'different'],
      ['C3', '2.00', 'missingHere'],
      ['C4', '0.00', 'equal'],
    ]);
  });

  it('adds stamp duty by state', async () => {
    const stamp = 'RptHdr,ClntId,CtrySubDvsn,StmpDtyAmt\n40,C1,MH,15.00\n40,C2,KA,8.00\n';
    const said = await run('tax-reconcile', '--trades', day, '--date', '2026-09-01', '--stamp', file(stamp, 'csv'), '--json');
    expect(said.code).toBe(0);
    expect(JSON.parse(said.out)[0].byState).toEqual({ MH: '15.00', KA: '8.00' });
  });

  it.each([
    ['a column is missing', 'RptHdr,ClntId\n40,C1\n', 'line 1: has no column TtlTaxs'],
    ['an amount is none', stt.replace('51.00', '5I.00'), 'line 5: TtlTaxs: "5I.00" is not an amount'],
    ['a row is cut', stt.replace('40,CM,C3,SBIN,2.00,\n', '40,CM,C3'), 'line 6: has 3 columns where the header has 6'],
    ['no row is at security level', 'RptHdr,ClntId,TtlTaxs\n10,,5.00\n', 'has no security-level row'],
    ['it is empty', '', 'is empty: there is no header'],
  ])('refuses a file when %s', async (_name, text, message) => {
    const said = await run('tax-reconcile', '--trades', day, '--date', '2026-09-01', '--stt', file(text, 'csv'));
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain(message);
  });

  it('refuses half a gzip file, and trades without a client', async () => {
    const half = file(gzipSync(stt).subarray(0, 40), 'csv.gz');
    expect((await run('tax-reconcile', '--trades', day, '--date', '2026-09-01', '--stt', half)).err).toContain('is not a whole gzip file');
    expect((await run('tax-reconcile', '--trades', trades(), '--date', '2026-09-01', '--stt', half)).err).toContain('trade 1: client: is missing');
  });
});
