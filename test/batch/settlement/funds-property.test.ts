// Random settlements under random faults, as many as the law needs: whatever the other side does, and wherever it fails, cash is conserved to the
// paisa, nothing stays reserved, every exception had an owner and was closed by two persons, and bank, clearing corporation and we end where a day
// without faults ends. `npm test` takes a few days of up to ten settlements, T+0 among them; SETTLEMENT_RUNS=1000 takes a thousand days.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isOpen } from '../../../batch/nodes/settlement/funds-breaks.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import type { FaultName } from '../../../batch/sandbox/faults.ts';
import { DATE, FundsWorld, NEXT, Outside, PLACES, type Script, sumOf } from './funds-world.ts';
import { InProcessPort } from './in-process-port.ts';

const RUNS = Number(process.env['SETTLEMENT_RUNS'] ?? 12);
/** A long run says its counterexample and seed at once: making it smaller would take hours. */
const IS_LONG = RUNS > 100;
const ROUNDS_MAX = 40;
const FAULTS: readonly FaultName[] = [
  'timeout-after-success',
  'timeout-before',
  'server-error',
  'error-after-success',
  'cut-answer',
  'duplicate-answer',
  'undecided',
  'wrong-amount',
  'short-movement',
  'reject',
  'bank-down',
  'counterparty-down',
];

/** A fault at the nth instruction of a day. */
type Planned = readonly [nth: number, fault: FaultName];

const net = fc.integer({ min: -9_000_000, max: 9_000_000 });
const obligations = fc
  .tuple(fc.array(net, { maxLength: 5 }), fc.array(net, { maxLength: 2 }), net, net, fc.option(net))
  .map(([cash, trade, fo, com, sameDay]) => [
    ...cash.map((paise, at) => `CM M 20262${23 + at} ${paise}`),
    ...trade.map((paise, at) => `CM Z 20262${23 + at} ${paise}`),
    `FO - - ${fo}`,
    `COM - - ${com}`,
    ...(sameDay === null ? [] : [`T0 5 2026223 ${sameDay}`]),
  ]);
const scripts: fc.Arbitrary<Script> = fc.record({
  obligations,
  taxes: fc.integer({ min: 0, max: 50_000 }),
  // Enough for every pay-in, wherever the clients' money lies.
  clients: fc.record({ C0001: fc.integer({ min: 200_000_000, max: 300_000_000 }), C0002: fc.integer({ min: 1, max: 9_999_999 }) }),
  own: fc.integer({ min: 0, max: 5_000_000 }),
  house: fc.record({
    fdrPercent: fc.integer({ min: 0, max: 20 }),
    mfosPercent: fc.integer({ min: 0, max: 20 }),
    lot: fc.constantFrom(1, 100_000, 10_000_000),
  }),
});
const plans: fc.Arbitrary<readonly Planned[]> = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom(...FAULTS)), {
  selector: ([nth]) => nth,
  minLength: 1,
  maxLength: 8,
});

/** Two days of a script; faults strike at their instruction. Returns the world for a look; the caller ends it. */
async function live(script: Script, plan: readonly Planned[]): Promise<{ world: FundsWorld; outside: Outside }> {
  const outside = new Outside(script);
  let calls = 0;
  const port = (target: 'bank' | 'clearing'): InProcessPort =>
    new InProcessPort(target, outside.books, outside.faults, () => {
      calls += 1;
      for (const [nth, fault] of plan) if (nth === calls) outside.faults.switchOn(fault.endsWith('-down') ? fault : `${fault}-1`);
    });
  const ports = { bank: port('bank'), clearing: port('clearing') };
  const world = new FundsWorld(script, { port: (target) => ports[target] });
  /** Whoever was down is up again, and people do their part, until nothing is left to do but what has not begun. */
  const tidy = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX && isStuck(world); round++) {
      for (const fault of ['bank-down', 'counterparty-down'] as const) outside.faults.switchOff(fault);
      await world.settleBreaks();
      // A pay-in that is tried again needs its two persons again.
      if (world.now >= istMicros(NEXT, 0)) await world.morning();
      else await world.afternoon();
    }
  };
  await world.afternoon();
  await tidy();
  await world.evening();
  await tidy();
  await world.morning();
  await tidy();
  await world.nextDay();
  await tidy();
  return { world, outside };
}

const isStuck = (world: FundsWorld): boolean =>
  world.breaks.all().some(isOpen) ||
  [DATE, NEXT].some((date) => Object.values(world.notDone(date)).some((words) => words !== 'waiting')) ||
  (world.now >= istMicros(NEXT, 0) && Object.keys(world.notDone()).length > 0);

it('conserves cash, leaves nothing reserved and no exception without an owner', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, plans, async (script, plan) => {
      const quiet = await live(script, []);
      const expected = quiet.outside.outcome;
      await quiet.world.end();
      const { world, outside } = await live(script, plan);
      const { clearing } = outside.books.money;
      try {
        expect(world.notDone()).toEqual({});
        expect(world.status('BANK-RECON', NEXT)).toBe('done');
        expect(outside.outcome).toEqual(expected);
        // Cash: what there was is at the bank, placed, or gone into settlements by their number.
        const settled = sumOf(Object.values(clearing.all).map(({ paidIn, paidOut }) => paidIn - paidOut));
        expect(sumOf(Object.values(outside.places)) + settled).toBe(sumOf(Object.values(script.clients)) + (script.own ?? 0));
        // Our books say the same of every account, and hold nothing back.
        expect(world.balances(PLACES)).toEqual(outside.places);
        expect(world.balances(/^(CLEARING|SETTLEMENT)\//)).toEqual({});
        expect(world.ledger.head.totals.pending).toBe(0);
        for (const one of world.breaks.all()) expect([one.id, one.owner !== '', one.state]).toEqual([one.id, true, 'closed']);
        expect(world.ledger.verify().findings).toEqual([]);
      } finally {
        await world.end();
      }
    }),
    { numRuns: RUNS, endOnFailure: IS_LONG },
  );
}, 3_600_000);
