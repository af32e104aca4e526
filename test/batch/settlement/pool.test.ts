// Units in the broker's pool account: they come there when a client's own account takes no credit, and leave it on the same evening: to the client,
// pledged as far as the client owes, or into the pay-in of the settlement the client sold them in. What stays is named with its owner, and after a
// working day two persons have to look at it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { partCredits, poolBreaks } from '../../../batch/nodes/settlement/securities-pool-credits.ts';
import type { Contact } from '../../../batch/notes/contact-list.ts';
import { holdingsSheet } from '../../../batch/notes/statements/holdings-statement.ts';
import { sheetCsv } from '../../../batch/notes/statements/statement-sheet.ts';
import { pathOf } from '../../../batch/ports/file-names.ts';
import { PoolStore } from '../../../batch/securities/pool-units.ts';
import type { UnitsLedger } from '../../../batch/securities/units-ledger.ts';
import { UnpaidStore } from '../../../batch/securities/unpaid-units.ts';
import { UnitWorld } from './units-world.ts';

let world: UnitWorld;
afterEach(() => world?.end());

const [TUESDAY, WEDNESDAY, THURSDAY] = ['2026-11-17', '2026-11-18', '2026-11-19'] as const;
const POOLED = /^(POOL|CUSPA|BLOCKED|CLEARING)|C2/;

/** From now on the depository takes nothing in for the client, or does again; its lists say so. */
function account(client: string, state: 'CLOSED' | 'ACTIVE', dates: readonly string[]): void {
  if (state === 'CLOSED') world.outside.depository.closed.add(client);
  else world.outside.depository.closed.delete(client);
  for (const date of dates) {
    const path = join(world.directory, 'outside', pathOf('demat-accounts', date, ''));
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, text.replace(new RegExp(`^(${client},.*,)(ACTIVE|CLOSED)$`, 'm'), `$1${state}`));
  }
}

/** Conservation and agreement, whatever happened: books whole, every place as the depository has it. */
function agreed(): void {
  expect(world.units.verify()).toEqual([]);
  const { ours, depository } = world.holdings();
  expect(ours).toEqual(depository);
  const pooled = world.outside.depository.pool.lines.map(({ client, settlement, isin, units }) => `POOL/${client}@${settlement} ${isin} ${units}`);
  expect([...world.units.balancesOf('POOL/')].map(({ account: place, isin, units }) => `${place} ${isin} ${units}`)).toEqual(pooled.sort());
}

describe('a pay-out that the client’s account does not take', () => {
  it('rests in the pool with its reason until the evening, and is the client’s then', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 80'],
      trades: { [TUESDAY]: ['S C1 SBIN 80', 'B C2 SBIN 80'], [WEDNESDAY]: [] },
      faults: 'account-closed-1',
    });
    await world.evening(TUESDAY);
    await world.settle(TUESDAY);
    expect(world.notDone(TUESDAY)).toEqual({});
    expect(world.left('SET-PAYOUT-RECV', TUESDAY)).toMatchObject({ expected: 80, credited: 80, pooled: 80, differences: 0 });
    expect(world.ours(POOLED)).toEqual({ 'POOL/C2@M2026215 SBIN': 80 });
    expect(new PoolStore(world.store.root).open()).toMatchObject([
      { client: 'C2', units: 80, depository: 'NSDL', since: WEDNESDAY, reason: 'account' },
    ]);
    agreed();
    // The client's statement says where they are.
    const contact = { code: 'C2', name: 'C2', pan: '', email: '', mobile: '', state: '', password: '' } as unknown as Contact;
    const [, held] = sheetCsv(holdingsSheet(world.store.root, { contact, from: TUESDAY, to: TUESDAY })).split('\n');
    expect(held).toMatch(/^INE062A01020,SBIN,0,0,0,0,0,80,80,/);
    await world.evening(WEDNESDAY);
    expect(world.left('SET-PAYIN-PREP', WEDNESDAY)).toMatchObject({ passedOn: 80 });
    expect(world.ours(POOLED)).toEqual({ 'FREE/C2 SBIN': 80 });
    agreed();
  });

  it('is pledged as unpaid when it is passed on, as far as the client owes; its clock runs from the pay-out', async () => {
    // 10 INFY at 1,500.00; 9,000.00 are owed: six units cover it.
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 1'],
      trades: { [TUESDAY]: ['B C2 INFY 10'], [WEDNESDAY]: [] },
      cash: { C2: -900_000 },
      faults: 'account-closed-1',
    });
    await world.evening(TUESDAY);
    await world.settle(TUESDAY);
    expect(world.ours(POOLED)).toEqual({ 'POOL/C2@M2026215 INFY': 10 });
    await world.evening(WEDNESDAY);
    expect(world.ours(POOLED)).toEqual({ 'CUSPA/C2@M2026215 INFY': 6, 'FREE/C2 INFY': 4 });
    expect(new UnpaidStore(world.store.root).open()).toMatchObject([{ client: 'C2', units: 6, paidOutOn: WEDNESDAY }]);
    agreed();
  });

  it('that was sold goes into the pool of the settlement it was sold in and is delivered from there, the rest to the client', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 80'],
      trades: { [TUESDAY]: ['S C1 SBIN 80', 'B C2 SBIN 80'], [WEDNESDAY]: ['S C2 SBIN 50', 'B C3 SBIN 50'] },
      faults: 'account-closed-1',
    });
    await world.evening(TUESDAY);
    await world.settle(TUESDAY);
    await world.evening(WEDNESDAY);
    expect(world.left('SET-PAYIN-PREP', WEDNESDAY)).toMatchObject({ owed: 50, blocked: 50, short: 0, passedOn: 30 });
    expect(world.note('SET-PAYIN-PREP', WEDNESDAY)).toBe(
      'securities: in the pool account: 1 rows, first: C2 INE062A01020 50 of M2026216 (sold by the client: they wait for the pay-in of that settlement; settlement-desk)',
    );
    expect(world.ours(POOLED)).toEqual({ 'POOL/C2@M2026216 SBIN': 50, 'FREE/C2 SBIN': 30 });
    agreed();
    await world.settle(WEDNESDAY);
    expect(world.left('SET-PAYIN-EXECUTE', WEDNESDAY)).toEqual({ owed: 50, delivered: 50, short: 0 });
    expect(world.gates('SET-PAYOUT-RECV', WEDNESDAY)).toEqual([]);
    expect(world.ours(/^(POOL|FREE|CLEARING)/)).toEqual({ 'FREE/C2 SBIN': 30, 'FREE/C3 SBIN': 50 });
    expect(new PoolStore(world.store.root).open()).toEqual([]);
    agreed();
  });

  it('pays into the second settlement of the same day, where two settle on one', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 80'],
      trades: { '2026-08-25': ['S C1 SBIN 80', 'B C2 SBIN 80'], '2026-08-26': ['S C2 SBIN 80', 'B C3 SBIN 80'] },
    });
    account('C2', 'CLOSED', ['2026-08-25', '2026-08-26']);
    await world.everything();
    expect(world.left('SET-PAYOUT-RECV', '2026-08-25')).toMatchObject({ pooled: 80 });
    expect(world.left('SET-PAYIN-PREP', '2026-08-26')).toMatchObject({ owed: 80, blocked: 0, short: 80 });
    expect(world.left('SET-PAYIN-EXECUTE', '2026-08-26')).toEqual({ owed: 80, delivered: 80, short: 0 });
    for (const date of world.dates) expect(world.notDone(date)).toEqual({});
    expect(world.ours(/^(FREE|BLOCKED|POOL|CLEARING)/)).toEqual({ 'FREE/C3 SBIN': 80 });
    agreed();
  });

  it('bought in by an auction, rests there like any other', async () => {
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 80'],
      trades: { [TUESDAY]: ['S C1 SBIN 80', 'B C2 SBIN 80'], [WEDNESDAY]: ['S C1 SBIN 5'], [THURSDAY]: [] },
      faults: 'short-delivery-1',
    });
    await world.evening(TUESDAY);
    // A last try would deliver them after all.
    world.faults.switchOn('short-delivery-1');
    await world.settle(TUESDAY);
    await world.evening(WEDNESDAY);
    account('C2', 'CLOSED', []);
    await world.settle(WEDNESDAY);
    expect(world.gates('SET-PAYOUT-RECV', WEDNESDAY)).toEqual([]);
    expect(world.ours(/C2/)).toEqual({ 'POOL/C2@A2026216 SBIN': 80 });
    agreed();
    account('C2', 'ACTIVE', []);
    await world.evening(THURSDAY);
    expect(world.ours(/C2|POOL|CLEARING/)).toEqual({ 'FREE/C2 SBIN': 80 });
    agreed();
  });

  it('and still does not the next day: named every evening, a gate for two persons when its working day is over, gone when the account is there', async () => {
    const FRIDAY = '2026-11-20';
    world = await UnitWorld.begin({
      holdings: ['C1 SBIN 90'],
      trades: { [TUESDAY]: ['S C1 SBIN 80', 'B C2 SBIN 80'], [WEDNESDAY]: ['S C1 SBIN 1'], [THURSDAY]: ['S C1 SBIN 1'], [FRIDAY]: [] },
    });
    account('C2', 'CLOSED', [TUESDAY, WEDNESDAY, THURSDAY]);
    await world.evening(TUESDAY);
    expect(world.note('SET-PAYOUT-PREP', TUESDAY)).toBe('securities: no primary demat account: C2');
    await world.settle(TUESDAY);
    // The list still says active where the depository knows better: it refuses, and says why.
    account('C2', 'ACTIVE', [THURSDAY]);
    account('C2', 'CLOSED', []);
    for (const date of [WEDNESDAY, THURSDAY] as const) {
      await world.evening(date);
      expect(world.left('SET-PAYIN-PREP', date)).toMatchObject({ passedOn: 0 });
      await world.settle(date);
    }
    expect(world.note('SET-PAYIN-PREP', WEDNESDAY)).toContain(
      "C2 INE062A01020 80 of M2026215 (the client's demat account took no credit; depository-operations)",
    );
    expect(world.note('SET-PAYIN-PREP', THURSDAY)).toContain(
      'C2 INE062A01020 80 of M2026215 (the depository refused to pass them on: the account is closed; depository-operations)',
    );
    // Paid out on Wednesday; Thursday was its working day.
    expect(world.gates('SET-PAYOUT-RECV', WEDNESDAY)).toEqual([]);
    expect(world.gates('SET-PAYOUT-RECV', THURSDAY)).toEqual(['units in the pool past the working day after their pay-out: 80 against 0']);
    account('C2', 'ACTIVE', [FRIDAY]);
    await world.evening(FRIDAY);
    expect(world.left('SET-PAYIN-PREP', FRIDAY)).toMatchObject({ passedOn: 80 });
    agreed();
  });
});

describe('what lies in the pool', () => {
  const paid = (client: string, units: number, bo: string): never =>
    ({ settlement: 'M1', client, isin: 'INE062A01020', units, unpaid: 0, bo }) as never;
  const POOLS = { CDSL: 'POOL-C', NSDL: 'POOL-N' };

  it('is whose the clearing corporation says, as far as the depository credited it; the rest is nobody’s', () => {
    const parted = partCredits(
      [paid('C1', 30, 'POOL-C'), paid('C2', 20, 'POOL-C'), paid('C3', 5, 'BO3')],
      [paid('', 60, 'POOL-C'), paid('C3', 5, 'BO3')],
      POOLS,
    );
    expect(parted.pooled.map(({ client, units, depository }) => `${client} ${units} ${depository}`)).toEqual(['C1 30 CDSL', 'C2 20 CDSL']);
    expect([parted.direct, parted.nobodys]).toMatchObject([[{ client: 'C3', units: 5 }], [{ client: '', units: 10 }]]);
    expect(partCredits([paid('C1', 30, 'POOL-C'), paid('C2', 20, 'POOL-C')], [paid('', 35, 'POOL-C')], POOLS).pooled).toMatchObject([
      { units: 30 },
      { units: 5 },
    ]);
  });

  it('is laid beside the depository’s statement settlement by settlement, and a difference has an owner', () => {
    const ledger = { balancesOf: () => [{ account: 'POOL/C1@M1', isin: 'INE062A01020', units: 30 }] } as unknown as UnitsLedger;
    const moves = [{ isin: 'INE062A01020', from: 'CLEARING/M1', to: 'POOL/C2@M1', units: 20 }];
    const against = (units: number): object[] => [...poolBreaks(ledger, moves, new Map([['M1 INE062A01020', units]])).values()].flat();
    expect(against(50)).toEqual([]);
    expect(against(49)).toMatchObject([{ class: 'pool', owner: 'depository-operations', expected: 50, credited: 49 }]);
  });
});
