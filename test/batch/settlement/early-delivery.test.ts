// Early pay-in of securities in the day, against the sandbox's depository and clearing corporation over HTTP: blocked and booked once whatever the
// answers do, given back when the clearing corporation does not book it or nothing is owed in the evening, and the rest of the sale follows in the
// evening.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { NightFiles } from '../../../batch/nodes/night-files.ts';
import { deliverEarly } from '../../../batch/nodes/settlement/early-delivery.ts';
import { sha256Of } from '../../../batch/ports/fetched-file.ts';
import { type FileRoleName, pathOf } from '../../../batch/ports/file-names.ts';
import { istMicros } from '../../../batch/runner/index.ts';
import type { EarlyDelivery, EarlyDeliveryRequest } from '../../../batch/securities/early-deliveries.ts';
import { EarlyPayIns } from '../../../batch/securities/early-pay-in.ts';
import { dyingStore } from './dying-store.ts';
import { SHARES } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const DATE = '2026-11-19';
const SETTLEMENT = 'M2026217';
const SBIN = SHARES['SBIN']?.isin ?? '';
const SALE = ['S C1 SBIN 60', 'B C2 SBIN 60'];

let world: UnitWorld;
afterEach(() => world.end());

/** A morning: C1 has a hundred SBIN, and the begin of day has taken in what the depository lists. */
async function morning(trades: readonly string[] = SALE): Promise<void> {
  world = await UnitWorld.begin({ holdings: ['C1 SBIN 100', 'C3 SBIN 5'], trades: { [DATE]: trades } });
  world.now = istMicros(DATE, 11 * 60);
  const files = new NightFiles(world.directory);
  for (const role of ['pledge-status', 'corporate-actions'] as FileRoleName[]) {
    const path = join(world.directory, 'outside', pathOf(role, DATE, '2026-11-18'));
    const bytes = readFileSync(path);
    files.keep(role, DATE, { name: basename(path), bytes, sha256: sha256Of(bytes) });
  }
}

const ask = (id: string, units: number, more: Partial<EarlyDeliveryRequest> = {}): Promise<EarlyDelivery> => {
  const parts = { dataDirectory: world.directory, files: new NightFiles(world.directory), calendar: new BusinessCalendar() };
  const request = { id, settlement: SETTLEMENT, client: 'C1', isin: SBIN, units, ...more };
  return deliverEarly(parts, { store: world.store, now: () => world.now }, request);
};

/** Asks until it is through, as a person does; how often nobody knew. */
async function patiently(id: string, units: number): Promise<{ readonly found: EarlyDelivery; readonly unsure: number }> {
  for (let unsure = 0; unsure < 9; unsure++) {
    const found = await ask(id, units).catch(() => undefined);
    if (found !== undefined) return { found, unsure };
  }
  throw new Error('never through');
}

/** Units of C1 as the depository has them, and what the clearing corporation has booked. */
function theirs(): string {
  const { free, blocked } = world.outside.depository.line('C1', SBIN);
  const booked = world.outside.clearing.earlyPayIns.get(`${SETTLEMENT}|C1|${SBIN}`) ?? 0;
  return `free ${free}, blocked ${blocked.get(SETTLEMENT) ?? 0}, booked ${booked}`;
}
const sent = (): string[] => (['depository', 'clearing'] as const).flatMap((target) => world.books.of(target).map(({ key }) => key));

describe('early pay-in of securities', () => {
  it('is blocked and booked in the day; the evening blocks the rest, and the settlement leaves nothing', async () => {
    await morning();
    expect(await ask('E1', 40)).toMatchObject({ state: 'booked', reason: '', depository: 'CDSL', token: 3045 });
    expect([theirs(), world.ours(/C1/)]).toEqual(['free 60, blocked 40, booked 40', { 'FREE/C1 SBIN': 60, [`BLOCKED/C1@${SETTLEMENT} SBIN`]: 40 }]);
    // The same again is the same; the id is not free for anything else.
    expect(await ask('E1', 40)).toMatchObject({ state: 'booked' });
    expect(sent()).toEqual(['units/E1/block', 'units/E1/early-pay-in']);
    await expect(ask('E1', 41)).rejects.toThrow(`E1 was asked for 40 ${SBIN} of C1 in ${SETTLEMENT}`);
    await world.evening(DATE);
    expect(world.left('SET-PAYIN-PREP', DATE)).toMatchObject({ owed: 60, blocked: 60, earlyPayIn: 60, short: 0 });
    expect(theirs()).toBe('free 40, blocked 60, booked 60');
    expect(new EarlyPayIns(world.store.root).units(SETTLEMENT, 'C1', SBIN)).toBe(60);
    await world.settle(DATE);
    expect(world.notDone(DATE)).toEqual({});
    expect(world.ours(/^(FREE\/C[12]|BLOCKED|CLEARING)/)).toEqual({ 'FREE/C1 SBIN': 40, 'FREE/C2 SBIN': 60 });
    expect(world.units.verify()).toEqual([]);
  });

  it.each([
    ['timeout-after-success', 2],
    ['timeout-before', 2],
    ['cut-answer', 2],
    ['undecided', 4],
  ] as const)('under %s of both sides is in doubt until they have answered, and done once', async (fault, unsure) => {
    await morning();
    world.faults.switchOn(`${fault}-1`);
    const first = await patiently('E1', 40).catch((error: Error) => error);
    expect(first).toMatchObject({ found: { state: 'booked' } });
    world.faults.switchOn(`${fault}-1`);
    expect(await patiently('E2', 20)).toMatchObject({ found: { state: 'booked' } });
    expect([theirs(), sent().length]).toEqual(['free 40, blocked 60, booked 60', 4]);
    expect((first as { unsure: number }).unsure).toBeLessThanOrEqual(unsure);
    expect((first as { unsure: number }).unsure).toBeGreaterThan(0);
  });

  it('ended after any durable write, before or after its commit, goes on where it was: one block, one early pay-in', async () => {
    await morning();
    const endedAt = dyingStore(world.store);
    let kills = 0;
    for (let at = 1; ; at++) {
      const before = sent().length;
      const wasKilled = await endedAt(at, () => ask(`E${at}`, 1));
      expect(await ask(`E${at}`, 1)).toMatchObject({ state: 'booked' });
      expect(sent().length - before).toBe(2);
      expect(theirs()).toBe(`free ${100 - at}, blocked ${at}, booked ${at}`);
      expect(world.units.units('BLOCKED/C1@M2026217', SBIN)).toBe(at);
      if (!wasKilled) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(7);
  });

  it('that the clearing corporation does not book goes back to the client', async () => {
    await morning();
    const found = await ask('E1', 61);
    expect(found).toMatchObject({ state: 'refused', reason: 'the clearing corporation did not book them: owes 60 units in this settlement' });
    expect([theirs(), world.ours(/C1/)]).toEqual(['free 100, blocked 0, booked 0', { 'FREE/C1 SBIN': 100 }]);
  });

  it('that the depository refuses has moved nothing, whether it refuses the row or the instruction; another try is another request', async () => {
    await morning();
    world.faults.switchOn('short-delivery-1');
    expect(await ask('E1', 40)).toMatchObject({ state: 'refused', reason: 'the depository did not block them: the account is frozen by an order' });
    world.faults.switchOn('reject-1');
    expect((await ask('E2', 40)).reason).toContain('refused on purpose');
    expect(theirs()).toBe('free 100, blocked 0, booked 0');
    expect(await ask('E1', 40)).toMatchObject({ state: 'refused' });
    expect(await ask('E3', 40)).toMatchObject({ state: 'booked' });
    expect(theirs()).toBe('free 60, blocked 40, booked 40');
  });

  it('beyond what is sold is given back in the evening, also of a share the client sold nothing of', async () => {
    await morning(['S C1 SBIN 60', 'B C1 SBIN 35', 'B C2 SBIN 25']);
    world.outside.desk.beginDay(world.marketDay(DATE));
    expect(await ask('E1', 60)).toMatchObject({ state: 'booked' });
    expect(await ask('E2', 5, { client: 'C3' })).toMatchObject({ state: 'booked' });
    world.outside.desk.openDay(world.marketDay(DATE), world.seen(DATE));
    await world.evening(DATE);
    expect(world.left('SET-PAYIN-PREP', DATE)).toMatchObject({ owed: 25, blocked: 25, earlyPayIn: 25, short: 0 });
    expect([theirs(), world.ours(/C3|C1/)]).toEqual([
      'free 75, blocked 25, booked 25',
      { 'FREE/C1 SBIN': 75, 'FREE/C3 SBIN': 5, [`BLOCKED/C1@${SETTLEMENT} SBIN`]: 25 },
    ]);
    await world.settle(DATE);
    expect(world.notDone(DATE)).toEqual({});
    const { ours, depository } = world.holdings();
    expect(ours).toEqual(depository);
  });

  it.each([
    [{ units: 101 }, 'C1 has 100 free units'],
    [{ units: 0 }, '0 is not a whole number of units above zero'],
    [{ client: 'C9' }, 'C9 has no active demat account'],
    [{ isin: 'INE000A01010' }, 'C1 has no active demat account with INE000A01010'],
  ])('of %o is refused before anybody is asked: %s', async (more, message) => {
    await morning();
    await expect(ask('E1', 40, more)).rejects.toThrow(message);
    expect(sent()).toEqual([]);
  });

  it('waits for the morning’s lists', async () => {
    world = await UnitWorld.begin({ holdings: ['C1 SBIN 100'], trades: { [DATE]: SALE } });
    await expect(ask('E1', 40)).rejects.toThrow(`the morning of ${DATE} has not taken in the depository's list of units`);
  });
});
