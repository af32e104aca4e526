// Statements a client and an auditor ask for: they say what books and notes say, on paper and in CSV alike; and first in, first out as a tax adviser
// would do it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Night, nightDirectory } from '../../../batch/night/night.ts';
import { statementAnswer } from '../../../batch/night/statement-route.ts';
import { type Gain, gainsOf, type TaxTrade } from '../../../batch/notes/statements/tax-lots.ts';
import { NightStore } from '../../../batch/runner/index.ts';
import { runCommand } from '../run-command.ts';
import { hasPoppler, mustRun, NoteDay, pdfText } from './note-day.ts';

const share = (date: string, side: 'B' | 'S', quantity: number, rupees: number): TaxTrade => ({
  date,
  segment: 'CM',
  key: 'INE002A01018',
  name: 'RELIANCE EQ',
  side,
  quantity,
  price: rupees * 10_000,
});
const said = ({ kind, bought, sold, quantity, cost, proceeds }: Gain): string =>
  `${kind} ${bought || '?'}..${sold} ${quantity} ${Number(proceeds - cost) / 10_000}`;

describe('first in, first out', () => {
  it.each<[string, TaxTrade[], string[]]>([
    [
      'same day first',
      [share('2026-01-05', 'B', 10, 100), share('2026-02-02', 'B', 5, 120), share('2026-02-02', 'S', 8, 130)],
      ['short term 2026-01-05..2026-02-02 3 90', 'speculative 2026-02-02..2026-02-02 5 50'],
    ],
    [
      'sold before bought on a day is speculative too',
      [share('2026-02-02', 'S', 5, 130), share('2026-02-02', 'B', 5, 120)],
      ['speculative 2026-02-02..2026-02-02 5 50'],
    ],
    [
      'oldest lot first; 365 days are short, 366 long',
      [share('2025-02-01', 'B', 4, 100), share('2025-02-02', 'B', 4, 110), share('2026-02-02', 'S', 6, 150)],
      ['long term 2025-02-01..2026-02-02 4 200', 'short term 2025-02-02..2026-02-02 2 80'],
    ],
    ['a sale of shares that no note brought', [share('2026-02-02', 'S', 5, 130)], ['cost not known ?..2026-02-02 5 650']],
    [
      'options written first',
      [
        { ...share('2026-02-02', 'S', 75, 12), segment: 'FO', key: 'NIFTY CE' },
        { ...share('2026-02-03', 'B', 50, 10), segment: 'FO', key: 'NIFTY CE' },
      ],
      ['derivatives 2026-02-03..2026-02-02 50 100'],
    ],
  ])('%s', (_what, trades, expected) => {
    expect(gainsOf(trades).map(said)).toEqual(expected);
  });

  it('loses no unit and no rupee of a sale, whatever was traded', () => {
    const trade = fc.record({
      day: fc.integer({ min: 1, max: 9 }),
      side: fc.constantFrom('B' as const, 'S' as const),
      quantity: fc.integer({ min: 1, max: 50 }),
      price: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 30 }), (raw) => {
        const trades = raw.sort((a, b) => a.day - b.day).map(({ day, side, quantity, price }) => share(`2026-03-0${day}`, side, quantity, price));
        const gains = gainsOf(trades);
        const sales = trades.filter(({ side }) => side === 'S');
        expect(gains.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(sales.reduce((sum, { quantity }) => sum + quantity, 0));
        expect(gains.reduce((sum, { proceeds }) => sum + proceeds, 0n)).toBe(
          sales.reduce((sum, { quantity, price }) => sum + BigInt(quantity * price), 0n),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe.skipIf(!hasPoppler && !mustRun)('statements of a day (skipped without poppler: pdftotext is NOT there to read them)', () => {
  let day: NoteDay;
  let out: string;
  beforeAll(async () => {
    day = new NoteDay();
    await day.run();
    expect(day.error('EOD-CN-GENERATE')).toBe('');
    expect(day.status('EOD-CN-GENERATE')).toBe('done');
    await day.close();
    out = mkdtempSync(join(tmpdir(), 'statements-'));
  });
  afterAll(() => day.end());

  const made = async (kind: string): Promise<{ text: string; csv: string }> => {
    const { code, err } = await runCommand(
      'statement',
      kind,
      '--client',
      'C0001',
      '--from',
      '2026-11-01',
      '--to',
      '2026-11-30',
      '--data',
      day.data,
      '--out',
      out,
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    const stem = join(out, `${kind}-C0001-2026-11-01-2026-11-30`);
    return { text: pdfText(`${stem}.pdf`, 'ABCPD1234F'), csv: readFileSync(`${stem}.csv`, 'utf8') };
  };

  it('ledger: ends at the balance of the books, in the same figures on paper and in CSV', async () => {
    const { text, csv } = await made('ledger');
    const closing = csv.trimEnd().split('\n').at(-1) ?? '';
    expect(closing).toMatch(/Closing balance,,,-\d+\.\d\d$/);
    // Cash trades, premium, marks and the charges of three notes.
    expect(closing.split(',').at(-1)).toBe((await balance()).toFixed(2));
    expect(text).toContain('Statement of account');
    expect(text).toMatch(/Closing balance +\(1,9\d,\d{3}\.\d\d\)/);
    expect(csv).toContain('"');
  });

  it('obligation and margin: what settled, and that no cash margin was held', async () => {
    expect((await made('obligation')).csv).toContain('-186809.30');
    expect((await made('margin')).csv.trimEnd().split('\n').at(-1)).toBe(',,,Closing balance,,,0.00');
  });

  it('tax: sale without a purchase on file is said to be that, charges and STT apart', async () => {
    const { text, csv } = await made('tax');
    expect(csv).toContain('cost not known,SBIN,not known,20-11-2026,33,,26797.65,');
    expect(csv).toContain('STT / CTT of the period,,,,,,-240.00');
    expect(text).toContain('Not in these figures');
  });

  it('from the server: the same figures in every form, and the PAN in none', async () => {
    const store = new NightStore(join(nightDirectory(day.data), 'state'), { readOnly: true });
    const night = { store, runner: { parts: { now: () => 1_780_000_000_000_000 } } } as unknown as Night;
    const asked = { kind: 'ledger', client: 'C0001', from: '2026-11-01', to: '2026-11-30' };
    const answer = (more: Partial<Parameters<typeof statementAnswer>[2]>): ReturnType<typeof statementAnswer> =>
      statementAnswer(night, day.data, { ...asked, format: 'json', ...more });
    try {
      const { csv } = await made('ledger');
      expect((await answer({ format: 'csv' })).body).toBe(csv);
      const { client, rows } = JSON.parse(String((await answer({})).body)) as { client: object; rows: (string | { amount_paise: number })[][] };
      expect(client).toEqual({ code: 'C0001', name: 'Asha Devi', pan: 'ABXXXXXX4F' });
      expect(rows.at(-1)?.at(-1)).toEqual({ amount_paise: Math.round(Number(csv.trimEnd().split(',').at(-1)) * 100) });
      const pdf = join(out, 'served.pdf');
      writeFileSync(pdf, (await answer({ format: 'pdf' })).body);
      expect(pdfText(pdf, 'ABCPD1234F')).toMatch(/Asha Devi \| client C0001 \| PAN ABXXXXXX4F/);
      await expect(answer({ client: 'C9999' })).rejects.toMatchObject({ status: 404 });
      await expect(answer({ kind: 'gossip' })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('ledger, margin') });
      await expect(answer({ from: '2026-12-01' })).rejects.toMatchObject({ status: 400 });
    } finally {
      await store.close();
    }
  });

  it('lists notes and says how far making them is', async () => {
    expect((await runCommand('notes', 'list', '--date', '2026-11-20', '--data', day.data)).out).toMatch(/CN\/20112026\/000001 {2}v1 {2}C0001/);
    expect((await runCommand('notes', 'list', '--date', '2026-11-20', '--client', 'NOBODY', '--data', day.data)).err).toBe(
      'no note of 2026-11-20 for NOBODY has been made\n',
    );
    expect((await runCommand('notes', 'progress', '--date', '2026-11-20', '--data', day.data)).out).toContain('4 of 4 notes');
    expect((await runCommand('notes', 'shred', '--date', '2026-11-20', '--data', day.data)).code).toBe(2);
  });

  async function balance(): Promise<number> {
    const { balances } = { balances: await day.balances(/^CLIENT\/C0001$/) };
    await day.close();
    return (balances['CLIENT/C0001'] ?? 0) / 100;
  }
});
