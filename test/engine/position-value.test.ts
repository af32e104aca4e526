// What positions are worth and gain, by hand: futures by mark to market, options by their value at the mark, which is no part of the client's gain.
import { describe, expect, it } from 'vitest';
import { clientView, portfolioView } from '../../engine/index.ts';
import { CE, exchangeReport, FUT, type InstrumentId, marks, PE } from './builders.ts';
import { openDesk } from './desk.ts';

describe('positions at their marks', () => {
  it('show option value beside futures gains, realised and not', () => {
    const desk = openDesk();
    const trade = (id: string, of: InstrumentId, side: 'buy' | 'sell', quantity: number, price: number): void =>
      void desk.send(exchangeReport({ type: 'TRADE', trade: id, of, side, quantity, price }));
    trade('1', CE, 'buy', 100, 40);
    trade('2', PE, 'sell', 200, 30);
    trade('3', FUT, 'buy', 100, 1000);
    trade('4', FUT, 'sell', 40, 1010);
    desk.send(
      marks([
        [CE, 45.5],
        [PE, 28],
        [FUT, 990],
      ]),
    );
    const lines = portfolioView(desk.state, 'A1')?.positions.map(({ token, net, realised, unrealised, optionValue }) => [
      token,
      net,
      realised / 100,
      unrealised / 100,
      optionValue / 100,
    ]);
    expect(lines).toEqual([
      [CE.token, 100, 0, 550, 4_550],
      [PE.token, -200, 0, 400, -5_600],
      [FUT.token, 60, 400, -600, 0],
    ]);
    // Paid 4,000 and received 6,000 of premium; 400 realised and 600 lost in the future.
    expect(clientView(desk.state, 'A1')?.funds).toMatchObject({ optionValue: -1_050_00, premium: -2_000_00, realised: 400_00, unrealised: -600_00 });
  });
});
