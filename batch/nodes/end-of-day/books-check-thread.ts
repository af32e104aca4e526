// The thread that proves the books: opens the environment it is given for reading, folds the journal, compares, answers, ends.
import { parentPort, workerData } from 'node:worker_threads';
import { Ledger } from '../../ledger/ledger.ts';
import { NightStore } from '../../runner/index.ts';

const store = new NightStore(String(workerData), { readOnly: true });
const ledger = new Ledger(store.root);
const { entries, accounts, findings } = ledger.verify();
parentPort?.postMessage({ entries, accounts, findings, root: ledger.trialBalance().root });
await store.close();
