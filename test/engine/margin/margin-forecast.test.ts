// The days ahead: a bought stock option in the money asks delivery margin from E-4 on, step by step, and nothing once it has expired; on the expiry day a
// spread with what expires is two positions, and a sold index option asks 2 % more.
import { expect, it } from 'vitest';
import {
  buildParameterTable,
  clientView,
  type InstrumentRow,
  type MarginForecast,
  marginForecast,
  type ParameterTable,
  portfolioMargin,
} from '../../../engine/index.ts';
import { CE, exchangeReport, market, marketRows, rupees } from '../builders.ts';
import { openDesk } from '../desk.ts';
import { CONTRACTS, LATER, type TableChoice, tableOf } from './dated-tables.ts';

/** The small market with its expiry six trading days away, the call in the money. */
function nearMarket(tradingDays: Record<string, number> | undefined): ReturnType<typeof market> {
  const rows: InstrumentRow[] = marketRows().map((row) => (row.token === CE.token ? { ...row, strike: rupees(950) } : row));
  const { details } = market();
  const underlying = { symbol: 'INFY', somRate: 0, calendarRateMax: 0, spot: rupees(1000), tierCount: 1 };
  return buildParameterTable(20261120, rows, [underlying], { ...details, ...(tradingDays === undefined ? {} : { tradingDays }) });
}

it('climbs the ladder of delivery margin to expiry and ends with it', () => {
  const desk = openDesk(nearMarket({ 20261224: 6 }));
  desk.send(exchangeReport({ type: 'TRADE', trade: 'T1', quantity: 500, price: 60, of: CE, side: 'buy', product: 'NRML' }));
  const before = desk.state.hash();
  const found = marginForecast(desk.state, 'A1');
  expect(desk.state.hash()).toBe(before);
  const added = found?.days.map((day) => day.added) ?? [];
  expect(added.slice(0, 2)).toEqual([0, 0]);
  for (let day = 3; day <= 6; day++) expect(added[day]).toBeGreaterThanOrEqual(added[day - 1] ?? 0);
  expect(added[2]).toBeGreaterThan(0);
  expect(added[6]).toBeGreaterThan(added[2] ?? 0);
  expect(found?.days[6]?.expiring).toEqual(['INFY26DEC1000CE']);
  expect(found?.days[6]?.rules).toEqual(['delivery.E']);
  expect(added[7]).toBe(0);
  expect(found?.days[0]?.requirement).toBe(clientView(desk.state, 'A1')?.requirement);
  expect(found?.days[7]?.requirement).toBe(0);
});

it('says nothing of days the parameters do not count', () => {
  const desk = openDesk(nearMarket(undefined));
  expect(marginForecast(desk.state, 'A1')?.days).toEqual([]);
  expect(marginForecast(desk.state, 'NOBODY')).toBeUndefined();
});

/** Four underlyings whose middle expiry is three trading days away. */
const CALENDAR: TableChoice = {
  date: 20_261_120,
  near: 3,
  tiered: false,
  calendar: true,
  credits: 'none',
  minimum: 'none',
  futures: true,
  noise: Array.from({ length: 40 }, (_, n) => ((n * 13) % 89) + 1),
};

/** The contract of an underlying (0 = NIFTY, 1 = INFY) of one kind and expiry. */
function contractOf(table: ParameterTable, underlying: number, kind: number, expiry: number | undefined): number {
  const rows = Array.from({ length: CONTRACTS }, (_, n) => (table.firstInstrument[underlying] ?? 0) + n);
  return rows.find((row) => table.kind[row] === kind && table.expiry[row] === expiry) ?? expect.fail('no such contract');
}

function forecastOf(table: ParameterTable, held: readonly (readonly [number, number])[]): MarginForecast {
  const desk = openDesk(table);
  for (const [row, quantity] of held) {
    desk.tell('ImportPosition', { account: 'A1', segment: table.segment[row], token: table.token[row], product: 3, quantity, price: 1_000_000 });
  }
  return marginForecast(desk.state, 'A1') ?? expect.fail('no forecast');
}

it.each([
  ['an index future', 0, 'calendar.index.expiryDay'],
  ['a single stock', 1, 'calendar.stock.expiryDay'],
])('counts a spread with what expires as two positions on that day: %s', (_, underlying, rule) => {
  const table = tableOf(CALENDAR);
  const near = contractOf(table, underlying, 1, LATER[0]);
  const far = contractOf(table, underlying, 1, LATER[1]);
  const alone = (instrument: number, quantity: number): number => portfolioMargin(table, [{ instrument, quantity }], 2_000).sum.total;
  const { days } = forecastOf(table, [
    [near, 50],
    [far, -50],
  ]);
  expect(days.slice(0, 5).map(({ date }) => date)).toEqual([20_261_120, 0, 0, LATER[0], 0]);
  const [today, , , expiry, after] = days.map(({ requirement }) => requirement);
  expect(days[1]?.requirement).toBe(today);
  // Rounded together, not each by itself.
  expect(Math.abs((expiry ?? 0) - alone(near, 50) - alone(far, -50))).toBeLessThanOrEqual(1);
  expect(expiry).toBeGreaterThan(today ?? 0);
  expect(days[3]?.rules).toContain(rule);
  expect(after).toBe(alone(far, -50));
});

it('adds 2 % of the index for a sold option on the day it expires', () => {
  const table = tableOf({ ...CALENDAR, calendar: false });
  const call = contractOf(table, 0, 2, LATER[0]);
  const { days } = forecastOf(table, [[call, -75]]);
  expect(days[3]?.rules).toEqual(['elm.expiryDay']);
  expect((days[3]?.requirement ?? 0) - (days[2]?.requirement ?? 0)).toBe(Math.round(((table.spot[0] ?? 0) / 100) * 0.02 * 75));
});
