// The made-up day of a house that funds shares (MTF): its list and its clients' lots are what the loaders take, and nothing of it is there unless asked for.
import { describe, expect, it } from 'vitest';
import { InstrumentKind } from '../../../engine/index.ts';
import { findDayFiles, generateDay, loadRiskParameters, parameterFilesOf, readClientFile } from '../../../workers/reference/index.ts';
import { tradingDaysBetween } from '../../../workers/reference/trading-days.ts';
import { scratch } from './fixtures.ts';

const DATE = 20261120;
const { directory } = scratch();
await generateDay({ seed: 7, date: DATE, clients: 40, underlyings: 6, strikes: 1, versions: 1, funded: true }, directory);

describe('a made-up day with funding', () => {
  it('lists every share that is not settled trade for trade, small ones at 40 %, others at what VaR and ELM ask', async () => {
    const table = await loadRiskParameters(parameterFilesOf(findDayFiles(directory)));
    const funded = table.details.funded ?? [];
    const shares = [...table.kind.keys()].filter((row) => table.kind[row] === InstrumentKind.EQ);
    expect(funded.length).toBeGreaterThan(15);
    expect(funded.length).toBeLessThan(shares.length);
    expect(funded.every(([, , rate]) => rate >= 2_500)).toBe(true);
    expect(new Set(funded.filter(([, token]) => token >= 7_000).map(([, , rate]) => rate))).toContain(4_000);
  });

  it('sanctions every fourth client; some come with a lot that is pledged whole and one on its last day to be pledged, or past it', () => {
    const clients = readClientFile(findDayFiles(directory).clients ?? '');
    const sanctioned = clients.filter(({ limits }) => (limits.maxFunded ?? 0) > 0);
    expect(sanctioned).toHaveLength(10);
    const lots = clients.flatMap(({ fundedLots = [] }) => fundedLots);
    expect(lots.map(({ boughtOn }) => tradingDaysBetween(boughtOn, DATE))).toEqual([6, 3, 6, 4, 6, 3]);
    expect(lots.map(({ units, pledged }) => units === pledged)).toEqual([true, false, true, false, true, false]);
    expect(lots.every(({ cost, funded }) => funded === Math.floor(cost * 0.75))).toBe(true);
  });
});
