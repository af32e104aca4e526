// LEDGER-NIGHT beside the rest: a night's books proved whole (every entry folded again, trial balance and its root) on a read snapshot in a thread,
// while another segment's evening (trade file to notes) goes on; against one after the other. What both come to is compared.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadTradeFile } from '../batch/files/trade-file.ts';
import { Ledger } from '../batch/ledger/ledger.ts';
import { type BooksReport, checkBooks } from '../batch/nodes/end-of-day/books-check.ts';
import { chargePostings, type Notes, notesOf } from '../batch/nodes/end-of-day/charge-compute.ts';
import { standAs } from '../batch/nodes/end-of-day/node-postings.ts';
import { TradeReconciler } from '../batch/recon/reconcile-trades.ts';
import { TradeBook } from '../batch/recon/trade-book.ts';
import { NightStore } from '../batch/runner/index.ts';
import { businessDate, ChargeTariff, chargeRatesOn } from '../engine/index.ts';
import type { Bench, BenchResult, Size } from './bench.ts';
import { configurationHash } from './machine.ts';
import { addOwnTrade, ownTradeOf, PLAN, writeTradeFile } from './night/trade-day.ts';
import { outFolder } from './out-folder.ts';

const DATE = '2026-11-20';
const DAY = 20261120;

/** The other segment's evening: its file read, laid beside our list, charged. Throws when it finds breaks. */
async function evening(file: string, ours: TradeBook): Promise<Notes> {
  const book = new TradeBook();
  await loadTradeFile(file, { segment: 'CM', date: DATE, exchanges: ['NSE'] }, book);
  const reconciler = new TradeReconciler(book, 'engine');
  reconciler.addBook(ours);
  if (reconciler.result().breaks.length > 0) throw new Error('an evening without breaks has some');
  return notesOf(book, new ChargeTariff(chargeRatesOn(businessDate(DAY)), PLAN), 'CM', DATE);
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ readonly seconds: number; readonly result: Result }> {
  const begin = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begin) / 1_000, result };
}

/** Throws when a proof is not of the books that were written. */
function checkProof(proof: BooksReport, root: string): void {
  if (proof.findings.length > 0 || proof.root !== root) throw new Error(`the books were not proved: ${proof.findings[0] ?? 'another root'}`);
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const [trades, clients] = size === 'smoke' ? [3_000, 300] : [1_000_000, 100_000];
  const folder = mkdtempSync(join(outFolder(), 'beside-'));
  const [file, state] = [join(folder, `Trade_NSE_CM_0_TM_90001_${DAY}_F_0000.csv`), join(folder, 'state')];
  mkdirSync(state);
  const store = new NightStore(state);
  try {
    writeTradeFile(file, trades, clients);
    const ours = new TradeBook();
    for (let i = 0; i < trades; i++) addOwnTrade(ours, ownTradeOf(i, clients));
    const { lines } = await evening(file, ours);
    const ledger = new Ledger(store.root);
    const day = { chain: 'CM', businessDate: DAY, at: 1, due: 20261123 } as const;
    store.transaction(() => void standAs(ledger, { root: store.root, date: DATE, node: 'EOD-CHARGE-COMPUTE@CM', at: 1 }, chargePostings(lines, day)));
    const { root } = ledger.trialBalance();
    say('books written');
    const books = await timed(() => checkBooks(state));
    const rest = await timed(() => evening(file, ours));
    const both = await timed(() => Promise.all([checkBooks(state), evening(file, ours)]));
    for (const proof of [books.result, both.result[0]]) checkProof(proof, root);
    if (both.result[1].lines.length !== rest.result.lines.length) throw new Error('the evening beside the books came to other notes');
    const sequential = books.seconds + rest.seconds;
    const parameters = { trades, clients, entries: ledger.head.sequence };
    return {
      parameters,
      configuration: configurationHash(parameters),
      measures: [
        { label: 'books proved', value: parameters.entries / books.seconds, unit: 'entries/s', note: `${books.seconds.toFixed(2)} s` },
        { label: 'one after the other', value: sequential, unit: 's', note: `the other evening ${rest.seconds.toFixed(2)} s` },
        { label: 'side by side', value: both.seconds, unit: 's', note: `${Math.round((1 - both.seconds / sequential) * 100)} % of the night saved` },
      ],
      series: [],
      targets: [{ claim: 'one after the other over side by side', value: sequential / both.seconds, bound: 1, sense: 'at least' }],
      excluded: ['fetching, uploads and what else waits for others, which nothing here shortens'],
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** See the file's head. */
export const bench: Bench = { name: 'books-beside', title: 'Books proved beside the rest of the night', run };
