// A ledger in a directory of its own for one test, and short ways to write requests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../../batch/ledger/ledger.ts';
import { type OpenLedger, openLedger } from '../../../batch/ledger/open-ledger.ts';
import type { Outcome, PostingRequest, Transfer } from '../../../batch/ledger/posting.ts';

export const DAY = 20261120;
export const NEXT_DAY = 20261123;

/** Runs a test on fresh books. */
export async function withLedger(work: (ledger: Ledger, directory: string) => unknown): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tarazu-ledger-'));
  let opened: OpenLedger | undefined;
  try {
    opened = await openLedger(directory);
    await work(opened.ledger, directory);
  } finally {
    await opened?.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

let serial = 0;

/** A posting of one transfer; a key of its own unless `more` has one. */
export function request(kind: string, debit: string, credit: string, amount: number, more: Partial<PostingRequest> = {}): PostingRequest {
  serial += 1;
  return { key: `test ${serial}`, kind, businessDate: DAY, narration: '', at: serial, transfers: [{ debit, credit, amount }], ...more };
}

/** Books one posting in a transaction of its own. */
export function post(ledger: Ledger, ...rest: Parameters<typeof request>): Outcome {
  return ledger.transact((books) => books.post(request(...rest)));
}

export const transfersOf = (...rows: readonly (readonly [string, string, number])[]): Transfer[] =>
  rows.map(([debit, credit, amount]) => ({ debit, credit, amount }));

/** The reason of a refusal, or 'done'. */
export const verdict = (outcome: Outcome): string => (outcome.status === 'done' ? 'done' : outcome.reason);
