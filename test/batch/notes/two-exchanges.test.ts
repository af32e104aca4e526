// The note of a client who traded one share at both exchanges: one note, one row a side with the average over both, one obligation; the annexure by exchange.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { obligationFile, taxFile } from '../end-of-day/trading-day.ts';
import { NoteDay } from './note-day.ts';

let day: NoteDay;
beforeAll(async () => {
  day = new NoteDay({ CM: ['T1 B C0001 RELIANCE 100 1360.00', 'T2 S C0001 RELIANCE 30 1362.00'], FO: [], COM: [] }, { memberships: ['BSE'] });
  day.named('BSE', ['T1 B C0001 RELIANCE@BSE 60 1361.60', 'T2 B C0001 RELIANCE@BSE 40 1362.05']);
  for (const role of ['stt-bse', 'stamp-bse'] as const) day.put(role, taxFile(role === 'stt-bse' ? 'stt' : 'stamp', ['C0001 0.00']));
  day.put('obligation-cm', obligationFile('CM', ['C0001 M 2026224 272178.00 40860.00']));
  await day.run();
});
afterAll(() => day.end());

it('is one note with one row a side: the average is that of both exchanges’ values', async () => {
  const xml = await day.read('C0001', 'xml');
  const rows = [...xml.matchAll(/<Row [^>]*>/g)].map(([row]) => row);
  // (100 × 1,360 + 60 × 1,361.60 + 40 × 1,362.05) / 200 = 1,360.89
  expect(
    rows.map((row) => ['security', 'side', 'quantity', 'average', 'value'].map((cell) => new RegExp(`${cell}="([^"]*)"`).exec(row)?.[1])),
  ).toEqual([
    ['RELIANCE', 'B', '200', '1360.8900', '272178.0000'],
    ['RELIANCE', 'S', '30', '1362.0000', '40860.0000'],
  ]);
});

it('has one obligation of the settlement both exchanges’ trades go to, and it ties to the clearing corporation’s', async () => {
  const xml = await day.read('C0001', 'xml');
  expect([...xml.matchAll(/<Obligation [^>]*>/g)].map(([one]) => /settlement="([^"]*)".*amount="([^"]*)"/.exec(one)?.slice(1))).toEqual([
    ['M 2026224', '-231318.00'],
  ]);
  expect(day.outputs('EOD-OBLIG-PROCESS@CM')).toMatchObject({ differences: 0 });
});

it('names the exchange of every trade in the annexure, NSE’s first, and none on the front page', async () => {
  const xml = await day.read('C0001', 'xml');
  const trades = [...xml.matchAll(/<Trade [^>]*>/g)].map(([trade]) => /exchange="([^"]*)".*tradeId="([^"]*)"/.exec(trade)?.slice(1));
  expect(trades).toEqual([
    ['NSE', 'T1'],
    ['NSE', 'T2'],
    ['BSE', 'T1'],
    ['BSE', 'T2'],
  ]);
});
