// The books under SIGKILL: a process that posts is killed at random moments and started again on the same directory. Every acknowledged transaction is there,
// whole and once; the journal re-folds to the same books. CRASH_ROUNDS lengthens it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLedger } from '../../../batch/ledger/open-ledger.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 6);
const WRITER = join(import.meta.dirname, 'crash-writer.ts');
const TRANSACTION = ['R', 'C', 'W', 'S'];

/** Runs the writer until it has acknowledged `lines` transactions and a random moment more; resolves to the last one acknowledged. */
function writeAndKill(directory: string, lines: number, moment: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', WRITER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    let isDoomed = false;
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (isDoomed || text.split('\n').length <= lines) return;
      isDoomed = true;
      setTimeout(() => child.kill('SIGKILL'), moment);
    });
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer ended by itself: ${signal}`));
      // A line cut by the kill was never acknowledged.
      else resolve(Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1)));
    });
  });
}

it('keeps every acknowledged posting, doubles none, balances', { timeout: 60_000 + ROUNDS * 20_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tarazu-ledger-crash-'));
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const acknowledged = await writeAndKill(directory, 1 + (round % 4), (round * 7) % 23);
      expect(acknowledged).toBeGreaterThan(0);
      const { ledger, close } = await openLedger(directory);
      try {
        expect(ledger.verify().findings, `after kill ${round}`).toEqual([]);
        const keys = new Map<string, number>();
        for (let sequence = 1; sequence <= ledger.head.sequence; sequence++) {
          const key = ledger.entry(sequence)?.key ?? '';
          keys.set(key, (keys.get(key) ?? 0) + 1);
        }
        expect(
          [...keys].filter(([, count]) => count !== 1),
          'booked twice',
        ).toEqual([]);
        for (let one = 1; one <= acknowledged; one++)
          for (let i = 0; i < 5; i++)
            expect(
              TRANSACTION.filter((letter) => !keys.has(`${letter}${one}.${i}`)),
              `lost of transaction ${one}`,
            ).toEqual([]);
        // No half of a transaction: entries come in whole ones.
        expect(ledger.head.sequence % (5 * TRANSACTION.length)).toBe(0);
        expect(ledger.trialBalance().sum).toBeGreaterThan(0n);
      } finally {
        await close();
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
