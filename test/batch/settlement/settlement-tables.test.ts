// Tables of settlement: when a settlement's money is due by its type, around settlement holidays and on days on which two settle; the liquidity
// buffer; how client money is split and whose it is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessCalendar } from '../../../batch/calendar/business-calendar.ts';
import { settlementWindow } from '../../../batch/calendar/settlement-windows.ts';
import { liquidityBuffer } from '../../../batch/nodes/settlement/funds-buffer.ts';
import { upstreamSplit } from '../../../batch/nodes/settlement/upstream.ts';
import { allocate, allocationRows } from '../../../batch/nodes/settlement/upstream-allocation.ts';

const calendar = new BusinessCalendar();
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

describe('money of a settlement is due', () => {
  it.each<[type: string, traded: string, due: string, payIn: string, payOut: string, why: string]>([
    ['M', '2026-11-19', '2026-11-20', '10:30', '15:30', 'T+1'],
    ['Z', '2026-11-19', '2026-11-20', '10:30', '15:30', 'trade for trade settles with the normal ones'],
    ['', '2026-11-19', '2026-11-20', '10:30', '15:30', 'derivatives have no type'],
    ['M', '2026-11-20', '2026-11-23', '10:30', '15:30', 'over a weekend'],
    ['A', '2026-11-19', '2026-11-20', '08:00', '10:00', 'an auction, on the settlement day after it'],
    ['5', '2026-11-19', '2026-11-19', '16:00', '16:30', 'T+0, on its own day'],
    ['M', '2026-02-18', '2026-02-20', '10:30', '15:30', '19 February is traded and does not settle'],
    ['M', '2026-02-19', '2026-02-20', '16:30', '21:00', 'so two settle on the 20th, the later in the second session'],
    ['A', '2026-02-19', '2026-02-20', '08:00', '10:00', 'its auction does not wait for the second session'],
    ['5', '2026-02-19', '2026-02-19', '16:00', '16:30', 'T+0 settles on a traded day'],
    ['M', '2026-03-30', '2026-04-02', '10:30', '15:30', 'a trading holiday and a settlement holiday in a row'],
    ['M', '2026-04-01', '2026-04-02', '16:30', '21:00', 'two on one day again'],
    ['M', '2026-11-09', '2026-11-11', '10:30', '15:30', 'a trading holiday alone doubles nothing'],
    ['M', '2026-11-06', '2026-11-09', '10:30', '15:30', 'before the Muhurat session of a Sunday'],
    ['M', '2026-11-08', '2026-11-09', '16:30', '21:00', 'trades of that Sunday settle on the same Monday, second'],
  ])('%s traded %s: %s by %s, out by %s (%s)', (type, traded, due, payIn, payOut) => {
    const window = settlementWindow(type, traded, calendar);
    expect([window.date, clock(window.payInBy), clock(window.payOutBy)]).toEqual([due, payIn, payOut]);
  });
});

describe('the liquidity buffer', () => {
  const history = new Map([
    ['2026-11-16', 40_000_000],
    ['2026-11-17', 100_000_000],
    ['2026-11-18', 0],
    ['2026-11-19', 900_000_000],
  ]);
  it.each<[liquid: number, date: string, percent: number, required: number, short: number, why: string]>([
    [150_000_000, '2026-11-19', 150, 150_000_000, 0, 'one and a half times the highest before the day, exactly'],
    [149_999_999, '2026-11-19', 150, 150_000_000, 1, 'a paisa short'],
    [0, '2026-11-16', 150, 0, 0, 'the first day has nothing to compare with'],
    [150_000_000, '2026-11-20', 150, 1_350_000_000, 1_200_000_000, 'yesterday’s pay-in counts from today on'],
    [100_000_000, '2026-11-18', 100, 100_000_000, 0, 'a house that keeps just the highest'],
  ])('%d paise on %s at %d %%', (liquid, date, percent, required, short) => {
    expect(liquidityBuffer(liquid, history, date, percent)).toMatchObject({ liquid, required, short });
  });
});

describe('client money at the clearing corporation', () => {
  it.each<[paise: number, fdr: number, mfos: number, lot: number, expected: readonly [number, number, number]]>([
    [45_000_000, 20, 10, 1_000_000, [32_000_000, 9_000_000, 4_000_000]],
    [999_999, 50, 50, 1_000_000, [999_999, 0, 0]],
    [10_000_000, 50, 50, 1, [0, 5_000_000, 5_000_000]],
    [0, 50, 10, 1, [0, 0, 0]],
  ])('%d paise, %d %% deposits, %d %% units, lots of %d', (paise, fdrPercent, mfosPercent, lot, expected) => {
    const { CASH, FDR, MFOS } = upstreamSplit(paise, { fdrPercent, mfosPercent, lot });
    expect([CASH, FDR, MFOS]).toEqual(expected);
  });

  it('is each client’s at most what it has, together at most what is placed, to the paisa', () => {
    const claims = fc
      .dictionary(fc.stringMatching(/^[A-Z]\d{3}$/), fc.integer({ min: 1, max: 1e13 }), { maxKeys: 20 })
      .map((all) => new Map(Object.entries(all)));
    fc.assert(
      fc.property(claims, fc.integer({ min: 0, max: 1e13 }), (each, placed) => {
        const found = allocate(each, placed);
        const [sum, asked] = [[...found.values()], [...each.values()]].map((list) => list.reduce((total, one) => total + one, 0));
        expect(sum).toBe(Math.min(placed, asked ?? 0));
        for (const [code, claim] of each) expect(found.get(code)).toBeLessThanOrEqual(claim);
      }),
    );
  });

  it('is told client by client, up and down, and not where nothing changed', () => {
    const [before, after] = [
      new Map([
        ['C1', 100_00],
        ['C2', 50_00],
        ['C3', 7],
      ]),
      new Map([
        ['C1', 175_50],
        ['C3', 7],
        ['SUSPE1234N', 1],
      ]),
    ];
    expect(allocationRows('2026-11-19', before, after)).toEqual([
      '19112026,CM,90001,90001,,C1,C,75.50,,,,,,,U',
      '19112026,CM,90001,90001,,C2,C,50.00,,,,,,,D',
      '19112026,CM,90001,90001,,SUSPE1234N,C,0.01,,,,,,,U',
    ]);
  });
});
