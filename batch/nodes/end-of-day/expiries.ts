// What the engine is told of contracts that end today: per client units held, units exercised, assigned or finally settled, the price, and the shares
// where they are delivered. Made of the same positions the books are posted from.
import { ExchangeSegment, InstrumentKind, type ParameterTable } from '../../../engine/index.ts';
import { PermanentFault } from '../../runner/index.ts';
import type { EndedPosition } from '../engine/day-edges.ts';
import type { PositionDay } from './derivative-positions.ts';

/** Positions that end on a date, yyyymmdd. `shareOf` finds the token of the shares of a symbol at NSE. */
export function endedPositions(days: readonly PositionDay[], date: number, shareOf: (symbol: string) => number): EndedPosition[] {
  return days
    .filter(({ contract, before }) => contract.actualExpiry === date && before !== 0)
    .map((day) => {
      const { client, contract, before, delivery, deliveryPrice } = day;
      const { token, option, settlement, underlying, strike, symbol } = contract;
      const worth = option === 'CE' ? underlying - strike : strike - underlying;
      const settled = option === '' ? Math.abs(before) : day.exercised + day.assigned;
      const inCash = option === '' ? settlement : settled === 0 ? 0 : worth;
      if (delivery === 0) return { client, token, units: before, settled, price: inCash };
      return { client, token, units: before, settled, price: deliveryPrice, shares: { segment: ExchangeSegment.NSE, token: shareOf(symbol) } };
    });
}

/** Token of a symbol's shares at NSE in a parameter table. Throws PermanentFault when it names none. */
export function shareToken(table: ParameterTable, symbol: string): number {
  for (let row = 0; row < table.instruments; row++)
    if (table.segment[row] === ExchangeSegment.NSE && table.kind[row] === InstrumentKind.EQ && table.instrumentName(row) === symbol)
      return table.token[row] ?? 0;
  throw new PermanentFault(`${symbol}: contracts on it end today, and the engine's parameters name no shares to deliver`);
}
