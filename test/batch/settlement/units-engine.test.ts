// The risk engine's holdings beside the books of units: only what settled is compared, and a difference has an owner.
import { expect, it } from 'vitest';
import type { EngineClient } from '../../../batch/nodes/engine/engine-state.ts';
import { heldBreaks } from '../../../batch/nodes/settlement/securities-engine-recon.ts';

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
