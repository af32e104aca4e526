// Days in a row with everything real but the clock: gateway and order system as processes over FIX, the outside over SFTP, HTTP and SMTP. Every phase
// green, every tie-out at zero, the other side's books equal to ours every evening, the next morning from the last evening, in a house that lends on
// shares (MTF). LOOP_DAYS sets how many: here the last day of the month's contracts alone; thirteen days from the day before it by `npm run
// test:days`.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DayLoop } from '../../../batch/demo/day-loop.ts';
import { summarise } from '../../../batch/demo/loop-summary.ts';
import { OWN_MONEY } from '../../../batch/demo/practice-house.ts';
import { Ledger } from '../../../batch/ledger/ledger.ts';
import { readEngine } from '../../../batch/nodes/engine/engine-state.ts';
import { ShortageStore } from '../../../batch/securities/shortage-store.ts';

const DAYS = Number(process.env['LOOP_DAYS'] ?? 1);
/**
 * With thirteen days: a split and a bonus on the first morning, stock derivatives delivered on the 27th of October, who was short bought in the day
 * after, index expiries on the 3rd and 9th of November, a session on Sunday the 8th paid out on the 9th with that of the 6th, a holiday on the 10th.
 */
const FIRST = DAYS === 1 ? '2026-10-27' : '2026-10-26';
const folder = mkdtempSync(join(tmpdir(), 'days-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000);

it(
  `${DAYS} days end with everything tied out`,
  async () => {
    const said: string[] = [];
    const options = { folder, first: FIRST, days: DAYS, clients: 16, seconds: 1, rate: 80, seed: 7 };
    const loop = new DayLoop({ ...options, say: (line) => void said.push(line) });
    try {
      await loop.run();
      const { days, faults, lines } = summarise(loop);
      if (DAYS > 1) process.stdout.write(`${lines.join('\n')}\n`);
      expect(faults, [...said, ...lines].join('\n')).toEqual([]);
      expect(days.every(({ tieOuts }) => tieOuts > 50)).toBe(true);
      const expiry = days.find(({ date }) => date === '2026-10-27');
      expect(expiry?.delivered, 'shares delivered at the expiry').toBeGreaterThan(0);
      expect(expiry?.short, 'shares that were short of it').toBeGreaterThan(0);
      expect(days[0]?.actions, 'corporate actions').toBe(2);
      if (DAYS > 1)
        expect(
          days.some(({ sameDay }) => sameDay > 0),
          'shares settled at T+0',
        ).toBe(true);
      if (DAYS > 2) expect(days[2]?.auctioned, 'shortages settled by the auction').toBeGreaterThan(0);
      const depository = loop.sandbox.units.depository.holdings();
      const { clients } = await readEngine(loop.dataDirectory);
      const units = (held: Iterable<number>): number => [...held].reduce((sum, each) => sum + each, 0);
      // What a buyer still waits for until the auction may be in the engine's figure already.
      const waiting = new ShortageStore(loop.night.store.root).openBy('9999-12-31', '').filter(({ side }) => side === 'buyer');
      for (const [client, { holdings, lots = [] }] of clients) {
        const held = units(depository.get(client)?.values() ?? []);
        const due = units(waiting.filter((short) => short.client === client).map((short) => short.units));
        const ours = units([...holdings.map(({ free, pledged, t1 }) => free + pledged + t1), ...lots.map((lot) => lot.units)]);
        expect([held, held + due], `${client}: units in the engine and at the depositories`).toContain(ours);
      }
      const funded = [...clients.values()].flatMap(({ lots = [] }) => lots);
      expect(units(funded.map((lot) => lot.units)), 'shares bought with funding').toBeGreaterThan(0);
      expect(units(funded.map((lot) => lot.pledged)), 'shares whose pledge was accepted').toBeGreaterThan(0);
      const ledger = new Ledger(loop.night.store.root);
      expect(Math.max(...loop.inDebit.values()), 'clients in debit, whom the firm carries').toBeGreaterThan(0);
      expect(ledger.account('OWN-BANK/HDFC')?.balance, "the firm's own at the bank").toBeLessThanOrEqual(OWN_MONEY);
      expect(units([...depository.values()].flatMap((held) => [...held.values()]))).toBeGreaterThan(0);
      expect(ledger.verify().findings).toEqual([]);
      expect(readdirSync(join(loop.dataDirectory, 'night', 'notes')).length).toBeGreaterThan(0);
    } finally {
      await loop.close();
    }
  },
  120_000 + DAYS * 300_000,
);
