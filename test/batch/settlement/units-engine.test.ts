// The risk engine's holdings beside the books of units: only what settled is compared, and a difference has an owner.
import { expect, it } from 'vitest';
import type { EngineClient } from '../../../batch/nodes/engine/engine-state.ts';
import { heldBreaks } from '../../../batch/nodes/settlement/securities-engine-recon.ts';
import { lapsedClaim, undeliveredClaims } from '../../../batch/nodes/settlement/shortage-engine.ts';
import type { UnitShortage } from '../../../batch/securities/shortage-store.ts';
import type { UnitsLedger } from '../../../batch/securities/units-ledger.ts';

const ISIN = 'INE062A01020';
const holder = (account: string, free: number, pledged: number, t1: number): [string, EngineClient] => [
  account,
  {
    account,
    slot: 0,
    status: 'ACTIVE',
    cash: 0,
    cashEquivalent: 0,
    nonCash: 0,
    positions: [],
    holdings: [{ segment: 1, token: 3045, free, pledged, t1 }],
  } as EngineClient,
];

it('names a client whose units differ, and counts free, pledged and T1 together', () => {
  const clients = new Map([holder('C1', 5, 3, 2), holder('C2', 5, 0, 0), holder('C3', 9, 0, 0)]);
  const plan = ['C1', 'C2', 'C4'].map((client) => ({ client, isin: ISIN, token: '3045' }));
  const ours = new Map([
    [`C1 ${ISIN}`, 10],
    [`C2 ${ISIN}`, 4],
    [`C3 ${ISIN}`, 1],
  ]);
  expect(heldBreaks({ clients }, plan, ours, new Map())).toEqual([
    { class: 'engine', owner: 'risk-desk', client: 'C2', isin: ISIN, expected: 4, allocated: 0, credited: 5 },
  ]);
});

it('counts what waits for an auction on either side of the line, because the engine’s morning takes the depository’s word for it', () => {
  const plan = ['C1', 'C2', 'C3'].map((client) => ({ client, isin: ISIN, token: '3045' }));
  const ours = new Map(['C1', 'C2', 'C3'].map((client) => [`${client} ${ISIN}`, 10]));
  // C1 is still to get 5, C2 has sold 4 and did not deliver; C3 waits for 1.
  const waiting = new Map([
    [`C1 ${ISIN}`, 5],
    [`C2 ${ISIN}`, -4],
    [`C3 ${ISIN}`, 1],
  ]);
  const held = (a: number, b: number, c: number): string[] =>
    heldBreaks({ clients: new Map([holder('C1', a, 0, 0), holder('C2', b, 0, 0), holder('C3', c, 0, 0)]) }, plan, ours, waiting).map(
      ({ client }) => client,
    );
  expect([held(15, 6, 11), held(10, 10, 10), held(14, 7, 12)]).toEqual([[], [], ['C1', 'C2', 'C3']]);
});

it('tells the engine what a shortage ends: owed no more, still in the account, or not coming', () => {
  const short = (client: string, side: UnitShortage['side'], units: number): UnitShortage =>
    ({ settlement: 'M2026200', client, isin: ISIN, token: 3045, side, units }) as UnitShortage;
  // C1 never had them; C2 has 30 of the 40 it did not give, 25 to the market and 15 to another client; C3 waits as a buyer.
  const free: Record<string, number> = { 'FREE/C2': 30 };
  const ledger = { units: (account: string) => free[account] ?? 0 } as unknown as UnitsLedger;
  const shortages = [short('C1', 'market', 100), short('C2', 'market', 25), short('C2', 'internal', 15), short('C3', 'buyer', 8)];
  const told = undeliveredClaims(shortages, ledger).map(({ client, ...ends }) => `${client} ${ends.short} ${ends.returned} ${ends.lapsed}`);
  expect(told).toEqual(['C1 100 0 0', 'C2 10 30 0']);
  // What was sold out of a funded lot and whose pledge nobody released is the client's, too.
  const pledged = undeliveredClaims([short('C1', 'market', 100)], ledger, (client) => (client === 'C1' ? 60 : 0));
  expect(pledged).toMatchObject([{ client: 'C1', short: 40, returned: 60 }]);
  expect(lapsedClaim(short('C3', 'buyer', 8), 5)).toEqual({ settlement: 'M2026200', client: 'C3', token: 3045, short: 0, returned: 0, lapsed: 5 });
});
