// Trades a second through charges: as records in memory, one note or one per client, and from a JSON file as the command reads it, beside JSON.parse of the
// same bytes at once. The answers of both ways are compared.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chargesOfFile } from '../batch/charges/note-from-files.ts';
import { businessDate, type ChargedTrade, ChargeNote, ChargeTariff, chargeRatesOn, exactOfPaise, paise } from '../engine/index.ts';
import type { Bench, BenchResult, Measure, Size } from './bench.ts';
import { configurationHash } from './machine.ts';
import { outFolder } from './out-folder.ts';

const DATE = businessDate(20261120);
const PLAN = new Map([['default', { fraction: 300_000n, flat: exactOfPaise(paise(20_00)) }]]);
const MARKETS = [
  ['NSE', 'EQ', 'CNC'],
  ['NSE', 'EQ', 'MIS'],
  ['NSE', 'FUT', 'NRML'],
  ['NSE', 'OPT', 'NRML'],
  ['BSE', 'EQ', 'CNC'],
  ['MCX', 'COM_FUT', 'NRML'],
] as const;
/** Fills of one order. */
const FILLS = 3;

function tradeOf(i: number): ChargedTrade {
  const [exchange, segment, product] = MARKETS[i % MARKETS.length] ?? MARKETS[0];
  const price = (500 + ((i * 7919) % 300_000)) * 50_000;
  return {
    exchange,
    segment,
    product,
    side: i % 2 === 0 ? 'BUY' : 'SELL',
    quantity: 1 + (i % 500),
    price,
    orderId: String(1_100_000_000_000_000 + Math.floor(i / FILLS)),
  };
}

const perSecond = (count: number, work: () => void): number => {
  const start = performance.now();
  work();
  return (count / (performance.now() - start)) * 1_000;
};

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const [count, clients] = size === 'smoke' ? [6_000, 500] : [1_000_000, 100_000];
  const tariff = new ChargeTariff(chargeRatesOn(DATE), PLAN);
  const trades = Array.from({ length: count }, (_, i) => tradeOf(i));
  const measures: Measure[] = [];
  let total = 0;
  const oneNote = perSecond(count, () => {
    const note = new ChargeNote(tariff);
    for (const trade of trades) note.add(trade);
    total = note.charges().total.note;
  });
  say('one note');
  const notes = Array.from({ length: clients }, () => new ChargeNote(tariff));
  const byClient = perSecond(count, () => {
    for (const [index, trade] of trades.entries()) notes[Math.floor(index / FILLS) % clients]?.add(trade);
    for (const note of notes) note.charges();
  });
  say('a note per client');
  const folder = mkdtempSync(join(outFolder(), 'charges-'));
  const [file, plan] = [join(folder, 'trades.json'), join(folder, 'plan.json')];
  try {
    writeFileSync(file, `[${trades.map((trade) => JSON.stringify({ ...trade, price: trade.price / 1e6 })).join(',\n')}]`);
    writeFileSync(plan, '{"default":{"percent":0.03,"flat":20}}');
    const start = performance.now();
    const charges = await chargesOfFile({ trades: file, date: DATE, plan });
    const fromFile = (count / (performance.now() - start)) * 1_000;
    if (charges.total.note !== total) throw new Error(`the file gives ${charges.total.note}, the records ${total}`);
    const parse = perSecond(count, () => void JSON.parse(readFileSync(file, 'utf8')));
    measures.push(
      { label: 'one note', value: oneNote, unit: 'trades/s' },
      { label: `a note per client, ${clients.toLocaleString('en-IN')} clients`, value: byClient, unit: 'trades/s' },
      {
        label: 'from a JSON file',
        value: fromFile,
        unit: 'trades/s',
        note: `${Math.round(statSync(file).size / 1e6)} MB, streamed; JSON.parse of it at once ${Math.round(parse).toLocaleString('en-IN')}/s`,
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { trades: count, clients, fillsPerOrder: FILLS };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series: [],
    targets: [{ claim: 'a million trades from a file, seconds', value: 1e6 / (measures[2]?.value ?? 1), bound: 5, sense: 'at most' }],
    excluded: ['reconciliation and booking'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'charges', title: 'Trades through charges', run };
