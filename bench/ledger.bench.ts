// Postings a second: a client's trades (one transfer) and a note's charges (eight) as two entries, in transactions of several sizes, beside bare LMDB
// transactions that keep the same facts as records of their own: entry, key, two lines a transfer, account. Every commit is flushed to the disk on both sides.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { Ledger } from '../batch/ledger/ledger.ts';
import { LEDGER_DATABASES } from '../batch/ledger/ledger-store.ts';
import type { PostingRequest } from '../batch/ledger/posting.ts';
import type { Bench, BenchResult, Measure, Series, Size } from './bench.ts';
import { Histogram } from './histogram.ts';
import { configurationHash } from './machine.ts';
import { outFolder } from './out-folder.ts';

const DAY = 20261120;
/** Entries in one transaction. */
const TRANSACTIONS = [2, 200, 20_000];
const LEVIES = ['STT', 'EXCHANGE', 'IPFT', 'SEBI', 'STAMP', 'GST', 'PENALTY'];
/** Records of the bare side: an entry's head with what each transfer and text adds, a key's, a line's, an account's. */
const ENTRY_BYTES = 40;
const TRANSFER_BYTES = 16;
const KEY_RECORD_BYTES = 8;
const LINE_BYTES = 24;
const ACCOUNT_BYTES = 64;
const ENTRY_TRANSFERS = 9;

interface Rate {
  readonly entriesPerSecond: number;
  readonly transfersPerSecond: number;
  readonly latency: Histogram;
}

const openAt = (path: string, maxDbs: number): ReturnType<typeof open> =>
  open({ path, mapSize: 32 * 2 ** 30, maxDbs, overlappingSync: false, noSubdir: false });

/** Trades and charges of the `n`-th note. */
function requestsOf(n: number, clients: number): readonly [PostingRequest, PostingRequest] {
  const client = `CLIENT/C${String(n % clients).padStart(6, '0')}`;
  const head = { businessDate: DAY, narration: '', at: 1 };
  const charges = [
    { debit: client, credit: 'BROKERAGE', amount: 2_000 },
    ...LEVIES.map((levy, i) => ({ debit: client, credit: `LEVIES/${levy}`, amount: 100 + i })),
  ];
  const trade = { debit: client, credit: `CLEARING/NCL-M2026222@${DAY}`, amount: 150_000 + n };
  return [
    { ...head, key: `TRADE ${DAY} C${n} NCL M2026222`, kind: 'TRADE', transfers: [trade] },
    { ...head, key: `CHARGES ${DAY} C${n} CN/20112026/${n}`, kind: 'CHARGES', transfers: charges },
  ];
}

/** Runs `commit(first note, notes)` for `seconds`. */
function rate(seconds: number, entries: number, commit: (first: number, notes: number) => void): Rate {
  const notes = entries / 2;
  const latency = new Histogram();
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let [now, done] = [start, 0];
  for (; now < end; done += notes) {
    commit(done, notes);
    const after = process.hrtime.bigint();
    latency.record(Number(after - now));
    now = after;
  }
  const elapsed = Number(now - start) / 1e9;
  return { entriesPerSecond: (done * 2) / elapsed, transfersPerSecond: (done * ENTRY_TRANSFERS) / elapsed, latency };
}

async function ownRate(path: string, seconds: number, entries: number, clients: number): Promise<Rate> {
  const root = openAt(path, LEDGER_DATABASES + 2);
  const ledger = new Ledger(root);
  const found = rate(seconds, entries, (first, notes) =>
    ledger.transact((books) => {
      for (let n = first; n < first + notes; n++) for (const request of requestsOf(n, clients)) books.post(request);
    }),
  );
  const { sum } = ledger.trialBalance();
  if (sum === 0n || ledger.head.sequence === 0) throw new Error('the ledger booked nothing');
  await root.close();
  return found;
}

/** The same records, with nothing that knows what they mean. */
async function bareRate(path: string, seconds: number, entries: number, clients: number): Promise<Rate> {
  const root = openAt(path, 8);
  const bytes = (name: string): ReturnType<typeof root.openDB<Buffer, number | string>> => root.openDB({ name, encoding: 'binary' });
  const [journal, keys, lines, accounts] = [bytes('journal'), bytes('keys'), bytes('lines'), bytes('accounts')];
  const [keyRecord, line, account] = [Buffer.alloc(KEY_RECORD_BYTES), Buffer.alloc(LINE_BYTES), Buffer.alloc(ACCOUNT_BYTES)];
  const stored = requestsOf(0, clients).map(({ key, kind, transfers }) =>
    Buffer.alloc(ENTRY_BYTES + transfers.length * TRANSFER_BYTES + key.length + kind.length),
  );
  let [sequence, lineCount] = [0, 0];
  const found = rate(seconds, entries, (first, notes) =>
    root.transactionSync(() => {
      for (let n = first; n < first + notes; n++) {
        for (const [index, request] of requestsOf(n, clients).entries()) {
          journal.put(++sequence, stored[index] ?? line);
          keys.put(request.key, keyRecord);
          for (const { debit } of request.transfers) {
            lines.put((n % clients) * 2 ** 28 + ++lineCount, line);
            lines.put(2 ** 45 + lineCount, line);
            if (index === 0) accounts.put(debit, account);
          }
        }
      }
    }),
  );
  await root.close();
  return found;
}

async function run(size: Size, say: (line: string) => void): Promise<BenchResult> {
  const [seconds, clients] = size === 'smoke' ? [0.05, 100] : [4, 100_000];
  const folder = mkdtempSync(join(outFolder(), 'ledger-'));
  const measures: Measure[] = [];
  const series: Series[] = [];
  let ratio = 0;
  try {
    for (const entries of size === 'smoke' ? TRANSACTIONS.slice(0, 2) : TRANSACTIONS) {
      const label = `${entries.toLocaleString('en-IN')} entries a transaction`;
      const own = await ownRate(join(folder, `own-${entries}`), seconds, entries, clients);
      const bare = await bareRate(join(folder, `bare-${entries}`), seconds, entries, clients);
      say(label);
      ratio = bare.entriesPerSecond / own.entriesPerSecond;
      measures.push({
        label,
        value: own.transfersPerSecond,
        unit: 'transfers/s',
        note: `${Math.round(own.entriesPerSecond).toLocaleString('en-IN')} entries/s; bare LMDB ${Math.round(bare.transfersPerSecond).toLocaleString('en-IN')} transfers/s`,
      });
      series.push({ label, latency: own.latency.summary() }, { label: `${label}, bare LMDB`, latency: bare.latency.summary() });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const parameters = { clients, seconds, transfersPerNote: ENTRY_TRANSFERS, entriesPerNote: 2 };
  return {
    parameters,
    configuration: configurationHash(parameters),
    measures,
    series,
    targets: [{ claim: 'largest transactions: bare LMDB over the ledger', value: ratio, bound: 3, sense: 'at most' }],
    excluded: ['computing the charges; the disk is the one under bench/out'],
  };
}

/** See the file's head. */
export const bench: Bench = { name: 'ledger', title: 'Ledger postings beside bare LMDB transactions of the same bytes', run };
