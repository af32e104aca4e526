// Instructions about units that the other side refuses: nothing has happened under the refused key, a person lets the node run again, and what was
// refused goes out anew under a key of its own, the rest not a second time. The day ends as one on which nobody refused.
import { afterEach, describe, expect, it } from 'vitest';
import type { CallTarget } from '../../../batch/ports/ports-file.ts';
import { endingOf } from './units-ending.ts';
import { KILLED_HOUSE, type UnitScript } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

let world: UnitWorld;
afterEach(() => world.end());

const ASHA = { by: 'asha', reason: 'put right at the other side' };
const TARGETS: readonly CallTarget[] = ['depository', 'clearing'];

/** Every kind of instruction about units is refused the first time it comes. */
function refuseEachKindOnce(): Set<string> {
  const refused = new Set<string>();
  for (const target of TARGETS) {
    const decide = world.books.desks.get(target);
    world.books.desks.set(target, (request) => {
      const kind = String(request['kind']);
      if (refused.has(kind)) return decide?.(request);
      refused.add(kind);
      return { refused: `${kind}: not today` };
    });
  }
  return refused;
}

const done = (): string[] => TARGETS.flatMap((target) => world.books.of(target).flatMap(({ key, state }) => (state === 'done' ? [key] : [])));

describe('an instruction refused as a whole', () => {
  it('is sent anew under the next key once a person lets it, of every kind there is; the books end as if nobody had refused', async () => {
    const script: UnitScript = { ...KILLED_HOUSE, faults: 'account-closed-1' };
    world = await UnitWorld.begin(script);
    await world.everything(true);
    const [quiet, asked] = [endingOf(world), done()];
    await world.end();

    world = await UnitWorld.begin(script);
    const refused = refuseEachKindOnce();
    await world.everything(true);
    const kinds = ['block', 'early-pay-in', 'inter-settlement', 'pay-in', 'pay-out', 'pool-out', 'release', 'unpaid'];
    expect([...refused].sort()).toEqual(kinds);
    expect(endingOf(world)).toEqual(quiet);
    // What took effect is the same list of instructions, eight of them under their second key.
    expect(done().map((key) => key.replace(/~2$/, ''))).toEqual(asked);
    expect(done().filter((key) => key.endsWith('~2'))).toHaveLength(refused.size);
  });
});

describe('a row refused in an instruction', () => {
  const DATE = '2026-11-19';
  const left = (): unknown => world.left('SET-PAYIN-PREP', DATE);
  async function again(): Promise<void> {
    world.now += 60e6;
    world.operator.clear(`${DATE}/set/1`, 'SET-PAYIN-PREP@CM', 'one', ASHA);
    await world.advance();
  }

  it('is asked anew when a person runs the node again: that row alone, blocked, told as early pay-in and booked once', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 30', 'C3 SBIN 20', 'C5 SBIN 10'],
      trades: { [DATE]: ['S C1 SBIN 30', 'S C3 SBIN 20', 'S C5 SBIN 10', 'B C2 SBIN 60'] },
      faults: 'short-delivery-2',
    });
    await world.evening(DATE);
    expect(left()).toMatchObject({ owed: 60, blocked: 10, earlyPayIn: 10, short: 50 });
    expect(world.note('SET-PAYIN-PREP', DATE)).toContain('not blocked: 2 rows, first: C1 INE062A01020 30 (the account is frozen by an order)');

    // Put right for one of them only.
    world.faults.switchOn('short-delivery-1');
    await again();
    expect(left()).toMatchObject({ owed: 60, blocked: 30, earlyPayIn: 30, short: 30 });
    await again();
    await again();
    expect(left()).toMatchObject({ owed: 60, blocked: 60, earlyPayIn: 60, short: 0 });
    expect(world.ours(/^BLOCKED/)).toEqual({ 'BLOCKED/C1@M2026217 SBIN': 30, 'BLOCKED/C3@M2026217 SBIN': 20, 'BLOCKED/C5@M2026217 SBIN': 10 });
    expect(world.books.of('depository').map(({ key, request }) => `${key.split('/').at(-1)}: ${(request['rows'] as object[]).length}`)).toEqual([
      'securities block M2026217 CDSL 1: 2',
      'securities block M2026217 NSDL 1: 1',
      'securities block M2026217 CDSL 1 anew 1: 2',
      'securities block M2026217 CDSL 1 anew 2: 1',
    ]);
    await world.settle(DATE);
    expect(world.gates('SET-PAYOUT-RECV', DATE)).toEqual([]);
    expect(world.ours(/^(FREE|BLOCKED|CLEARING)/)).toEqual({ 'FREE/C2 SBIN': 60 });
    expect(world.units.verify()).toEqual([]);
  });
});
