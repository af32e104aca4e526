// How the books are kept: entries packed in blocks, statements as chains through them, accounts in pages. A statement is the same list of lines however many
// blocks and commits it runs through, wherever a reader begins; every kept byte is checked; books of another layout are refused with a way on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { expect, it } from 'vitest';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { LEDGER_DATABASES } from '../../../batch/ledger/ledger-store.ts';
import { DAY, request, transfersOf } from './scratch-ledger.ts';

const BANK = 'USCNBA/HDFC';

/** Runs a test on an environment that is not flushed. */
async function withRoot(work: (root: RootDatabase) => void): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'tarazu-blocks-'));
  const root = open({ path, mapSize: 2 ** 30, maxDbs: LEDGER_DATABASES + 1, noSync: true, overlappingSync: false, noSubdir: false });
  try {
    work(root);
  } finally {
    await root.close();
    rmSync(path, { recursive: true, force: true });
  }
}

/** All lines of an account from a cursor on, page by page. */
function linesFrom(ledger: Ledger, account: string, after: number, limit: number): [line: number, amount: number, balance: number, entry: number][] {
  const lines: [number, number, number, number][] = [];
  for (let next: number | undefined = after; next !== undefined; ) {
    const page = ledger.statement(account, next, limit);
    for (const { line, amount, balance, entry } of page?.lines ?? []) lines.push([line, amount, balance, entry]);
    next = page?.next;
  }
  return lines;
}

it('a bank account on which every commit of a long time booked reads the same from any line, in pages of any size', async () =>
  withRoot((root) => {
    const ledger = new Ledger(root);
    const expected: [number, number, number, number][] = [];
    let balance = 0;
    for (let day = 1; day <= 300; day++) {
      ledger.transact((books) => books.post(request('RECEIPT', BANK, `CLIENT/C${day % 7}`, day)));
      balance += day;
      expected.push([day, day, balance, day]);
    }
    expect(linesFrom(ledger, BANK, 0, 1_000)).toEqual(expected);
    for (const [after, limit] of [
      [0, 7],
      [63, 64],
      [64, 100],
      [128, 1],
      [191, 3],
      [299, 5],
      [300, 5],
    ] as const)
      expect(linesFrom(ledger, BANK, after, limit), `after ${after}, ${limit} a page`).toEqual(expected.slice(after));
    expect(linesFrom(new Ledger(root), 'CLIENT/C3', 40, 2).at(-1)?.[3], 'the last receipt of C3').toBe(297);
    expect(ledger.verify()).toMatchObject({ entries: 300, commits: 300, accounts: 8, findings: [] });
  }));

it('one commit of many blocks: every entry is found, every line has its balance, a refusal in between leaves nothing', async () =>
  withRoot((root) => {
    const ledger = new Ledger(root);
    const CLEARING = `CLEARING/NCL-1@${DAY}`;
    ledger.transact((books) => {
      for (let n = 1; n <= 3_000; n++) {
        const client = `CLIENT/C${n % 500}`;
        const transfers = transfersOf([client, CLEARING, n], [client, CLEARING, 1], [CLEARING, client, 2]);
        books.post(request('TRADE', '', '', 1, { key: `trade ${n}`, narration: n % 10 === 0 ? `भुगतान ${n}` : `trade ${n}`, transfers }));
        if (n % 100 === 0) expect(books.post(request('WITHDRAWAL', `CLIENT/NEW${n}`, BANK, 5)).status).toBe('refused');
        if (n % 1_000 === 0)
          expect(
            books.post(
              request('TRADE', '', '', 1, {
                key: 'trade 7',
                narration: 'trade 7',
                transfers: transfersOf(['CLIENT/C7', CLEARING, 7], ['CLIENT/C7', CLEARING, 1], [CLEARING, 'CLIENT/C7', 2]),
              }),
            ),
          ).toMatchObject({ sequence: 7, repeated: true });
      }
    });
    expect(ledger.head).toMatchObject({ commit: 1, sequence: 3_000, accounts: 501 });
    expect([...ledger.entries(1, 3_000)].map(({ sequence, narration }) => `${sequence} ${narration}`).slice(1_998, 2_001)).toEqual([
      '1999 trade 1999',
      '2000 भुगतान 2000',
      '2001 trade 2001',
    ]);
    const lines = linesFrom(ledger, CLEARING, 0, 1_000);
    expect(lines).toHaveLength(9_000);
    let balance = 0;
    for (const [line, amount, after] of lines) {
      balance += amount;
      expect(after, `balance after line ${line}`).toBe(balance);
    }
    expect(balance, 'credited n + 1 and debited 2 for n = 1 to 3,000').toBe(-(3_000 * 3_001) / 2 + 3_000);
    expect(linesFrom(ledger, 'CLIENT/C499', 15, 100).map(([line]) => line)).toEqual([16, 17, 18]);
    expect(ledger.verify().findings).toEqual([]);
  }));

it('finds an account that was changed beside the journal', async () =>
  withRoot((root) => {
    const ledger = new Ledger(root);
    ledger.transact((books) => books.post(request('RECEIPT', BANK, 'CLIENT/C1', 100)));
    const pages = root.openDB<Buffer, number>({ name: 'ledger-account-pages', encoding: 'binary' });
    const page = Buffer.from(pages.get(0) as Buffer);
    page.writeDoubleLE(99, page.indexOf('CLIENT/C1') + 48 + 8);
    root.transactionSync(() => {
      pages.put(0, page);
    });
    expect(ledger.verify().findings).toContain('CLIENT/C1: credits 99, the journal gives 100');
  }));

it('refuses books of the layout before, and says what to do', async () =>
  withRoot((root) => {
    root.openDB({ name: 'ledger-meta' }).putSync('head', { commit: 1, sequence: 1 });
    expect(() => new Ledger(root)).toThrow('these books have layout 1, this release keeps layout 2: close the day with the release that wrote them');
  }));
