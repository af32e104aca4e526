// Days in a row with everything real but the clock: gateway and order system as processes over FIX, the outside over SFTP, HTTP and SMTP. Every phase green, every
// tie-out at zero, the bank's books equal to ours, the next morning from the last evening. LOOP_DAYS sets how many: one here, ten by `npm run test:days`.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DayLoop } from '../../../batch/demo/day-loop.ts';
import { summarise } from '../../../batch/demo/loop-summary.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';

const DAYS = Number(process.env['LOOP_DAYS'] ?? 1);
/** With ten days: a holiday on the 2nd of October, index expiries on the 6th and 13th, corporate actions on the first day and the sixth. */
const FIRST = '2026-09-30';
const folder = mkdtempSync(join(tmpdir(), 'days-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  `${DAYS} days end with everything tied out`,
  async () => {
    const said: string[] = [];
    const options = { folder, first: FIRST, days: DAYS, clients: 16, seconds: 1, rate: 80, seed: 7 };
    const loop = new DayLoop({ ...options, say: (line) => void said.push(line) });
    try {
      await loop.run();
      const { faults, lines } = summarise(loop);
      expect(faults, [...said, ...lines].join('\n')).toEqual([]);
      const depository = loop.sandbox.units.depository.holdings();
      const { clients } = await readEngine(loop.dataDirectory);
      const units = (held: Iterable<number>): number => [...held].reduce((sum, each) => sum + each, 0);
      const ours = units([...clients.values()].flatMap(({ holdings }) => holdings.map(({ free, pledged, t1 }) => free + pledged + t1)));
      expect(ours, 'units in the engine and at the depositories').toBe(units([...depository.values()].flatMap((held) => [...held.values()])));
      expect(ours).toBeGreaterThan(0);
      expect(new Ledger(loop.night.store.root).verify().findings).toEqual([]);
      expect(readdirSync(join(loop.dataDirectory, 'night', 'notes')).length).toBeGreaterThan(0);
    } finally {
      await loop.close();
    }
  },
  60_000 + DAYS * 120_000,
);
