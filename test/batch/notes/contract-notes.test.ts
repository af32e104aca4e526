// Contract notes of a day as a client, an auditor and operations see them. PDFs are read by poppler (pdfsig, pdftotext), not by our own code.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasPoppler, mustRun, NOTE_TRADES, NoteDay, pdfText, signatureOf } from './note-day.ts';

const SKIPPED = 'poppler-utils (pdfsig, pdftotext) is not installed: signed documents are NOT checked';

describe.skipIf(!hasPoppler && !mustRun)(`notes of a day (skipped without poppler: ${SKIPPED})`, () => {
  let day: NoteDay;
  beforeAll(async () => {
    day = new NoteDay();
    await day.run();
  });
  afterAll(() => day.end());

  it('gives every client one note over all segments and ties them to what was booked', () => {
    expect(day.error('EOD-CN-GENERATE')).toBe('');
    expect(day.status('EOD-CN-GENERATE')).toBe('done');
    expect(day.outputs('EOD-CN-GENERATE')).toMatchObject({ notes: 4, made: 4, trades: 8, own: 1 });
  });

  it('is signed, readable with the password only, and says so to strangers’ programs', async () => {
    const path = await day.path('C0001', 'pdf');
    expect(signatureOf(path, 'ABCPD1234F')).toMatch(/Signature is Valid/);
    expect(signatureOf(path, 'ABCPD1234F')).toMatch(/Total document signed/);
    expect(signatureOf(path, 'ABCPD1234F')).toMatch(/SHA-256[\s\S]*adbe\.pkcs7\.detached/);
    expect(pdfText(path, 'ABCPD1234F')).toContain('CONTRACT NOTE CUM TAX INVOICE');
    expect(() => pdfText(path, 'wrong')).toThrow(/Incorrect password/);
    expect(() => pdfText(path, '')).toThrow(/Incorrect password/);
    expect(pdfText(await day.path('C0002', 'pdf'), 'river stone 9')).toContain('Binod Rai');
  });

  it('shows when a byte was changed', async () => {
    const path = await day.path('C0003', 'pdf');
    const bytes = readFileSync(path);
    const at = bytes.length - 2000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(`${path}.tampered.pdf`, bytes);
    expect(signatureOf(`${path}.tampered.pdf`, 'CDEPI3456H')).not.toMatch(/Signature is Valid/);
  });

  it('says the same on paper, in XML and in CSV', async () => {
    const [text, xml, csv] = [pdfText(await day.path('C0001', 'pdf'), 'ABCPD1234F'), await day.read('C0001', 'xml'), await day.read('C0001', 'csv')];
    const net = /<Net amount="-(\d+\.\d\d)"/.exec(xml)?.[1] ?? '';
    expect(net).toBe('196171.63');
    expect(text).toContain('Net amount payable by you: Rs 1,96,171.63');
    const totals = csv.split('\n').filter((line) => line.includes('NOTE TOTAL'));
    expect(totals.map((line) => line.split(',')[23])).toEqual(['-187123.38', '-9048.25']);
    expect(187_123.38 + 9_048.25).toBeCloseTo(196_171.63, 6);
    for (const shown of ['1,360.5538', '(1,86,809.30)', '(9,041.25)', '(240.00)', '(32.00)']) expect(text).toContain(shown);
    for (const figure of ['average="1360.5538"', 'amount="-186809.30"', 'amount="-9041.25"', 'stt="240.00"', 'stamp="32.00"'])
      expect(xml).toContain(figure);
    const numbers = csv
      .trimEnd()
      .split('\n')
      .slice(1, -2)
      .map((line) => line.split(',')[6]);
    expect(numbers).toEqual(['T1', 'T2', 'T5', 'F1']);
    expect([...xml.matchAll(/tradeId="(\w+)"/g)].map((match) => match[1])).toEqual(numbers);
    for (const id of numbers) expect(text).toMatch(new RegExp(`\\b${id}\\b`));
    expect(csv.split('\n')[0]?.split(',')).toHaveLength(28);
  });

  it('marks the day’s futures at the closing rate, and names the rate beside every contract', async () => {
    // C0002 sold 75 NIFTY futures at 25,610.00; they closed at 25,650.00.
    const text = pdfText(await day.path('C0002', 'pdf'), 'river stone 9').replace(/ +/g, ' ');
    expect(text).toMatch(/NIFTY 24 NOV 2026 FUT Sell 75 25,610\.0000 25,650\.00 [\d.]+ 19,20,750\.00 \(3,0\d\d\.\d\d\)/);
    expect(text).toMatch(/Futures of the day at closing rate 23-11-2026 \(3,000\.00\)/);
    expect(text).toMatch(/F2 09:16:01 NIFTY 24 NOV 2026 FUT S 75 25,610\.00 .* 25,650\.00 \(3,0\d\d\.\d\d\) MTM/);
    expect(await day.read('C0002', 'xml')).toMatch(/<Obligation segment="FO" .*settlement="Futures of the day at closing rate" .*amount="-3000.00"/);
    expect(pdfText(await day.path('C0001', 'pdf'), 'ABCPD1234F')).toMatch(/NIFTY 24 NOV 2026 25600 CE +Buy +75 +120\.5500 +130\.25/);
  });

  it('repeats its head on every page, numbers the pages, and splits GST by state', async () => {
    const text = pdfText(await day.path('C0001', 'pdf'), 'ABCPD1234F');
    const pages = text.split('\f').filter((page) => page.trim() !== '');
    expect(pages.every((page) => page.includes('CN/20112026/000001'))).toBe(true);
    expect(pages.map((page) => /Page (\d+ of \d+)/.exec(page)?.[1])).toEqual(pages.map((_page, i) => `${i + 1} of ${pages.length}`));
    expect(await day.read('C0001', 'xml')).toMatch(/cgst="3.21" sgst="3.21" igst="0.00"/);
    expect(await day.read('C0002', 'xml')).toMatch(/cgst="0.00" sgst="0.00" igst="\d+\.\d\d"/);
  });

  it('numbers clients in order without a gap, commodities apart', async () => {
    expect(await Promise.all(['C0001', 'C0002', 'C0003'].map(async (client) => (await day.stored(client)).number))).toEqual([
      'CN/20112026/000001',
      'CN/20112026/000002',
      'CN/20112026/000003',
    ]);
    expect((await day.stored('C0001', 'COM')).number).toBe('CNC/20112026/000001');
  });
});

describe('notes that change', () => {
  let day: NoteDay;
  afterEach(() => day.end());

  it('issues a second version under the same number with the reason, and nothing for notes that did not change', async () => {
    day = new NoteDay();
    await day.run();
    const before = await day.stored('C0003');
    day.named('CM', [...NOTE_TRADES.CM.filter((words) => !words.startsWith('T5')), 'T5 S C0001 SBIN 33 812.05 CN', 'T7 B C0009 SBIN 1 812.00']);
    await day.correct(['trades-cm']);
    expect(day.error('EOD-CN-GENERATE')).toBe('');
    const { number, versions } = await day.stored('C0001');
    expect(number).toBe('CN/20112026/000001');
    expect(versions.map(({ version, reason }) => [version, reason])).toEqual([
      [1, ''],
      [2, 'corrected trades-cm'],
    ]);
    expect(await day.read('C0001', 'xml')).not.toContain('T5');
    expect(await day.stored('C0003')).toEqual(before);
    expect(day.status('EOD-CN-GENERATE')).not.toBe('done');
    expect(day.outputs('EOD-CN-GENERATE')).toMatchObject({ notes: 4, made: 1 });
  });

  it('refuses a broker file with a typo, naming the field, and makes no note', async () => {
    day = new NoteDay();
    day.broker({ gstin: 'WRONG' });
    await day.run();
    expect(day.error('EOD-CN-GENERATE')).toMatch(/broker\.json: gstin: must be a GSTIN/);
    await expect(day.stored('C0001')).rejects.toThrow('has no EQ note');
  });
});
