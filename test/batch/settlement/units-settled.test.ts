// Deliveries of a settlement from the evening's obligations to clients' demat accounts, against the sandbox's depositories and clearing corporation
// over HTTP: what each node leaves, what our books of units say, and that three sides agree.
import { afterEach, describe, expect, it } from 'vitest';
import type { Contact } from '../../../batch/notes/contact-list.ts';
import { holdingsSheet } from '../../../batch/notes/statements/holdings-statement.ts';
import { sheetCsv } from '../../../batch/notes/statements/statement-sheet.ts';
import { SHARES, type UnitScript } from './units-script.ts';
import { UnitWorld } from './units-world.ts';

const DATE = '2026-11-19';
let world: UnitWorld;
afterEach(() => world.end());

/** C1 sells to C2 and to the market; C2 buys more than C1 sells; C3 holds pledged units and units that came the same day. */
const SMALL: UnitScript = {
  holdings: ['C1 RELIANCE 100', 'C1 SBIN 40', 'C3 SBIN 30 10 5'],
  trades: { [DATE]: ['S C1 RELIANCE 60', 'B C2 RELIANCE 80', 'S C3 SBIN 20', 'B C1 SBIN 4', 'S C1 SBIN 4'] },
};

describe('a settlement without incident', () => {
  it('blocks in demat accounts, books early pay-in as the clearing corporation does, delivers, and is paid out straight to demat', async () => {
    world = await UnitWorld.begin(SMALL);
    await world.evening(DATE);
    expect(world.left('SET-PAYIN-PREP', DATE)).toMatchObject({ owed: 80, blocked: 80, earlyPayIn: 80, short: 0 });
    expect(world.ours(/^(BLOCKED|CLEARING)/)).toEqual({
      'BLOCKED/C1@M2026217 RELIANCE': 60,
      'BLOCKED/C3@M2026217 SBIN': 20,
      // What the market brings (80 bought, 60 sold) and takes.
      'CLEARING/M2026217 RELIANCE': 20,
      'CLEARING/M2026217 SBIN': -20,
    });
    await world.settle(DATE);
    expect(world.gates('SET-PAYOUT-RECV', DATE)).toEqual([]);
    expect(world.notDone(DATE)).toEqual({});
    expect(world.left('SET-PAYIN-EXECUTE', DATE)).toEqual({ owed: 80, delivered: 80, short: 0 });
    expect(world.left('SET-PAYOUT-RECV', DATE)).toMatchObject({ expected: 80, credited: 80, unpaid: 0, short: 0, differences: 0 });
    expect(world.ours(/^(FREE|PLEDGED|BLOCKED|CUSPA|CLEARING)/)).toEqual({
      'FREE/C1 RELIANCE': 40,
      'FREE/C1 SBIN': 40,
      'FREE/C2 RELIANCE': 80,
      'FREE/C3 SBIN': 15,
      'PLEDGED/C3 SBIN': 10,
    });
    const contact = { code: 'C3', name: 'C3', pan: '', email: '', mobile: '', state: '', password: '' } as unknown as Contact;
    expect(sheetCsv(holdingsSheet(world.store.root, { contact, from: DATE, to: DATE }))).toBe(
      `ISIN,Security,Free,Pledged,Blocked,CUSPA,CSMFA,Pool,Units,Value (Rs),Close of\nINE062A01020,SBIN,15,10,0,0,0,0,25,20300.00,19-11-2026\nTotal,,,,,,,,,20300.00,\n`,
    );
    const { ours, depository } = world.holdings();
    expect(ours).toEqual(depository);
    expect(world.units.verify()).toEqual([]);
    expect(
      Object.values(SHARES).map(({ isin }) => [...world.units.balancesOf()].reduce((sum, one) => (one.isin === isin ? sum + one.units : sum), 0)),
    ).toEqual([0, 0, 0]);
  });
});
