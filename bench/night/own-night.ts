// The process that is measured: trade file to reconciled book, charges and ledger, as the nodes of the night do it, in one environment whose commit
// is flushed. Our own list lies packed in memory when the clock starts, as the order system's does once it is read; PostgreSQL has it in a table with
// an index by then. Arguments: trade file, directory, trades, clients. Answers with seconds of each part, peak memory and what clients owe together.
import { join } from 'node:path';
import { loadTradeFile } from '../../batch/files/trade-file.ts';
import { Ledger } from '../../batch/ledger/ledger.ts';
import { chargePostings, notesOf } from '../../batch/nodes/end-of-day/charge-compute.ts';
import { standAs } from '../../batch/nodes/end-of-day/node-postings.ts';
import { TradeReconciler } from '../../batch/recon/reconcile-trades.ts';
import { TradeBook } from '../../batch/recon/trade-book.ts';
import { NightStore } from '../../batch/runner/index.ts';
import { businessDate, ChargeTariff, chargeRatesOn } from '../../engine/index.ts';
import { addOwnTrade, ownTradeOf, PLAN } from './trade-day.ts';

const [file = '', directory = '', trades = '0', clients = '0'] = process.argv.slice(2);
const DATE = '2026-11-20';
const ours = new TradeBook();
ours.expect(Number(trades));
for (let i = 0; i < Number(trades); i++) addOwnTrade(ours, ownTradeOf(i, Number(clients)));
const seconds: Record<string, number> = {};
let since = performance.now();
const part = (name: string): void => {
  const now = performance.now();
  seconds[name] = (now - since) / 1_000;
  since = now;
};

const book = new TradeBook();
await loadTradeFile(file, { segment: 'CM', date: DATE, exchanges: ['NSE'] }, book);
part('read');
const reconciler = new TradeReconciler(book, 'engine');
reconciler.addBook(ours);
const { matched, breaks } = reconciler.result();
part('reconcile');
const { lines, gates } = notesOf(book, new ChargeTariff(chargeRatesOn(businessDate(20261120)), PLAN), 'CM', DATE);
part('charges');
const store = new NightStore(join(directory, 'state'));
const ledger = new Ledger(store.root);
const scope = { root: store.root, date: DATE, node: 'EOD-CHARGE-COMPUTE@CM', at: 1 };
store.transaction(() => void standAs(ledger, scope, chargePostings(lines, { chain: 'CM', businessDate: 20261120, at: 1, due: 20261123 })));
part('ledger');
let owed = 0;
for (const account of ledger.accounts()) if (account.id.startsWith('CLIENT/')) owed -= account.balance;
process.send?.({
  seconds,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  isWhole: matched === Number(trades) && breaks.length === 0 && gates.every(({ left, right }) => left === right),
  owed,
  entries: ledger.head.sequence,
});
await store.close();
process.disconnect?.();
