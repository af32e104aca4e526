// Keys against a plain map: whatever comes in whatever order, in one commit or in many, a key names its entry for ever, a refusal stays a refusal,
// and a key that never came is new.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { expect, it } from 'vitest';
import { KeyIndex } from '../../../batch/ledger/key-index.ts';
import { LEDGER_DATABASES, LedgerStore } from '../../../batch/ledger/ledger-store.ts';

const word = fc.constantFrom('TRADE ', 'CHARGES ', 'T ', '', 'RECEIPT USCNBA/HDFC ');
const key = fc.tuple(word, fc.integer({ min: 0, max: 2_000 })).map(([kind, n]) => `${kind}${n}`);
/** A night's keys in order, or some in none. */
const commit = fc.oneof(
  fc
    .tuple(word, fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 1, max: 700 }))
    .map(([kind, from, count]) => Array.from({ length: count }, (_, i) => `${kind}${String(from + i).padStart(6, '0')}`)),
  fc.array(key, { maxLength: 40 }),
);
const REFUSED = { meaning: 'm', reason: 'insufficientFunds', detail: 'd' } as const;

it('finds what a map finds', async () => {
  const path = mkdtempSync(join(tmpdir(), 'tarazu-keys-'));
  const root = open({ path, mapSize: 2 ** 30, maxDbs: LEDGER_DATABASES + 1, noSync: true, overlappingSync: false, noSubdir: false });
  const store = new LedgerStore(root);
  try {
    fc.assert(
      fc.property(fc.array(commit, { minLength: 1, maxLength: 6 }), fc.array(key, { maxLength: 20 }), (commits, others) => {
        for (const table of [store.keyRuns, store.refusals]) table.clearSync();
        const expected = new Map<string, number | typeof REFUSED>();
        for (const keys of commits)
          root.transactionSync(() => {
            const index = new KeyIndex(store);
            for (const one of keys) {
              expect(index.find(one), `${one} in its commit`).toEqual(expected.get(one));
              if (expected.has(one)) continue;
              if (expected.size % 11 === 10) {
                index.refuse(one, REFUSED);
                expected.set(one, REFUSED);
              } else {
                index.add(one, expected.size + 1);
                expected.set(one, expected.size + 1);
              }
            }
            index.flush();
          });
        const index = new KeyIndex(store);
        for (const one of [...expected.keys(), ...others]) expect(index.find(one), one).toEqual(expected.get(one));
        const kept = [...store.keyRuns.getRange()].flatMap(({ value }) => value.keys);
        expect(kept, 'every key once, in order').toEqual([...expected].flatMap(([one, what]) => (typeof what === 'number' ? [one] : [])).sort());
      }),
      { numRuns: 20 },
    );
  } finally {
    await root.close();
    rmSync(path, { recursive: true, force: true });
  }
});
