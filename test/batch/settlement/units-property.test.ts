// Random days of trades under random faults: units are conserved to the last one, every settlement ends at nothing owed, and depository, clearing
// corporation and we have the same. `npm test` takes a few; SETTLEMENT_RUNS=1000 takes a thousand houses of two settlements and their auctions.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShortageStore } from '../../../batch/securities/shortage-store.ts';
import { SHARES, type UnitScript } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const RUNS = Number(process.env['SETTLEMENT_RUNS'] ?? 2);
/** A long run says its counterexample and seed at once: making it smaller would take hours. */
const IS_LONG = RUNS > 100;
const DATES = ['2026-11-17', '2026-11-18', '2026-11-19'] as const;
const CLIENTS = ['C1', 'C2', 'C3', 'C4'];
const NAMES = Object.keys(SHARES);
const FAULTS = [
  'short-delivery',
  'market-short',
  'auction-fails',
  'account-closed',
  'timeout-after-success',
  'timeout-before',
  'server-error',
  'error-after-success',
  'cut-answer',
  'duplicate-answer',
  'undecided',
  'reject',
];

const trade = fc
  .tuple(fc.constantFrom('B', 'S'), fc.constantFrom(...CLIENTS), fc.constantFrom(...NAMES, 'SBIN@T0'), fc.integer({ min: 1, max: 90 }))
  .map((words) => words.join(' '));
const scripts: fc.Arbitrary<UnitScript> = fc.record({
  holdings: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...CLIENTS), fc.constantFrom(...NAMES), fc.nat(120), fc.nat(20)), {
      selector: ([client, name]) => `${client} ${name}`,
      maxLength: 10,
    })
    .map((rows) => rows.map((words) => words.join(' '))),
  trades: fc
    .tuple(fc.array(trade, { minLength: 1, maxLength: 8 }), fc.array(trade, { maxLength: 8 }))
    .map(([first, second]) => ({ [DATES[0]]: first, [DATES[1]]: second, [DATES[2]]: [] })),
  // One client owes from the start: what it buys comes pledged.
  cash: fc.constant({ C4: -5_000_000 }),
  faults: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...FAULTS), fc.integer({ min: 1, max: 3 })), { selector: ([name]) => name, maxLength: 4 })
    .map((list) => list.map((one) => one.join('-')).join(',')),
});

/** Units of each ISIN at the depository: what was there, less what was delivered, and what was credited. */
function conserved(world: UnitWorld, opening: ReadonlyMap<string, number>): void {
  const now = new Map(opening);
  const add = (isin: string, units: number): void => void now.set(isin, (now.get(isin) ?? 0) + units);
  for (const [key, units] of world.outside.depository.atClearing) add(key.split('|')[2] ?? '', -units);
  for (const { rows } of world.outside.clearing.paidOut.values()) for (const { isin, units } of rows) add(isin, units);
  for (const { credits } of world.outside.desk.auctions.values()) for (const { isin, units } of credits) add(isin, units);
  for (const held of world.outside.depository.holdings().values()) for (const [isin, units] of held) add(isin, -units);
  for (const { isin, units } of world.outside.depository.pool.lines) add(isin, -units);
  expect([...now].filter(([, units]) => units !== 0)).toEqual([]);
}

it('conserves securities whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const world = await UnitWorld.begin(script);
      try {
        const opening = new Map<string, number>();
        for (const held of world.outside.depository.holdings().values())
          for (const [isin, units] of held) opening.set(isin, (opening.get(isin) ?? 0) + units);
        await world.everything(true);
        for (const date of DATES) expect(world.notDone(date)).toEqual({});
        expect(world.units.verify()).toEqual([]);
        expect(world.ours(/^(CLEARING|BLOCKED|POOL)/)).toEqual({});
        const { ours, depository } = world.holdings();
        expect(ours).toEqual(depository);
        conserved(world, opening);
        // Every shortage has ended, and what clients paid for it lies in the auctions' own settlements, to the paisa.
        const shortages = ['M2026215', 'M2026216', '52026215', '52026216'].flatMap((settlement) =>
          new ShortageStore(world.store.root).of(settlement),
        );
        expect(shortages.filter(({ outcome }) => outcome === undefined)).toEqual([]);
        const money = shortages.reduce((sum, { outcome }) => sum + (outcome?.money ?? 0), 0);
        const owed = [...world.ledger.accounts()].filter(({ id }) => id.startsWith('CLEARING/')).reduce((sum, { balance }) => sum + balance, 0);
        expect(owed + 0).toBe(money + 0);
        expect(world.ledger.verify().findings).toEqual([]);
      } finally {
        await world.end();
      }
    }),
    { numRuns: RUNS, endOnFailure: IS_LONG },
  );
}, 3_600_000);
