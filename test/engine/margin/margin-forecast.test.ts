// The days ahead: a bought stock option in the money asks delivery margin from E-4 on, step by step, and nothing once it has expired.
import { expect, it } from 'vitest';
import { buildParameterTable, clientView, type InstrumentRow, marginForecast } from '../../../engine/index.ts';
import { CE, exchangeReport, market, marketRows, rupees } from '../builders.ts';
import { openDesk } from '../desk.ts';

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
