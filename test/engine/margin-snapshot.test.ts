// Peak-margin snapshots with figures worked out by hand. One INFY future asks Rs 185 a unit: scan 150, exposure 35. A share asks 20 % of Rs 1,000.
import { describe, expect, it } from 'vitest';
import {
  drawnMinute,
  isByOpeningParameters,
  PEAK_WINDOWS,
  peakView,
  peakWindowsOn,
  SlotState,
  snapshotRows,
  snapshotsTaken,
} from '../../engine/index.ts';
import { BARE, EQ, exchangeReport, FUT, type InstrumentId, market, marketRows, POLICY, placeOrder, rare } from './builders.ts';
import { type Desk, openDesk } from './desk.ts';

const lakh = (rupees: number): number => Math.round(rupees * 100);

let trades = 0;
function buy(desk: Desk, of: InstrumentId, quantity: number, account = 'A1'): void {
  trades += 1;
  desk.send(
    exchangeReport({ account, type: 'TRADE', trade: `T${trades}`, of, side: 'buy', quantity, price: 1000, product: of === EQ ? 'MIS' : 'NRML' }),
  );
}

/** The small market with another scan range of the future (rupees) and another cash rate (1/10,000). */
const dearer = (scan: number, cashRate: number): ReturnType<typeof market> =>
  market(
    marketRows().map((row) => ({
      ...row,
      cashRate: row.riskArray.length === 0 && row.underlying === '' ? cashRate : row.cashRate,
      riskArray: row.token === FUT.token ? Array.from(row.riskArray, (loss) => (loss * scan) / 150) : row.riskArray,
    })),
  );

const snapshot = (desk: Desk, body: object = {}): ReturnType<Desk['tell']> => desk.tell('TakeMarginSnapshot', { label: 'test', ...body });

describe('a margin snapshot', () => {
  it('takes positions without working orders, the multiplier of the house and its adhoc limits', () => {
    const desk = openDesk();
    desk.tell('CloseDay', { businessDate: 20261120 });
    desk.tell('OpenDay', { businessDate: 20261121, ruleSet: 1, policy: { ...POLICY, spanMultiplier: 12_000 } });
    desk.tell('SetCollateral', { account: 'A1', cash: lakh(100_000), cashEquivalent: 0, nonCash: 0 });
    desk.tell('GrantAdhoc', { account: 'A1', amount: lakh(50_000), reason: 'for the day' });
    buy(desk, FUT, 100);
    expect(desk.send(placeOrder({ id: 'more', of: FUT, quantity: 500 }))[0]).toMatchObject({ event: 'OrderAccepted', after: lakh(6 * 18_500 * 1.2) });
    const [taken] = snapshot(desk, { number: 1 });
    expect(taken).toMatchObject({ event: 'MarginSnapshotTaken', value: 1, count: 1, before: lakh(6 * 18_500 * 1.2), after: lakh(18_500), limit: 0 });
    expect(peakView(desk.state, 'A1')).toMatchObject({ required: lakh(18_500), number: 1, shortfall: 0 });
    expect(snapshotRows(desk.state)[0]).toMatchObject({ segment: 2, available: lakh(100_000), parameters: 'opening' });
  });

  it('margins derivatives by the parameters the day began under, shares by those in force', () => {
    const desk = openDesk(dearer(150, 2_000));
    buy(desk, FUT, 100);
    buy(desk, EQ, 10);
    const [swap] = desk.load(dearer(300, 4_000), 'intraday-2');
    expect(swap).toMatchObject({ before: lakh(18_500 + 2_000), after: lakh(33_500 + 4_000) });
    snapshot(desk, { number: 2 });
    expect(snapshotRows(desk.state).map(({ segment, required, parameters }) => [segment, required, parameters])).toEqual([
      [1, lakh(4_000), 'in force'],
      [2, lakh(18_500), 'opening'],
    ]);
    expect(isByOpeningParameters(2, 20_220_731)).toBe(false);
    expect(isByOpeningParameters(2, 20_220_801)).toBe(true);
  });

  it('goes by the table in force for a contract the opening table does not name, and says what no table names', () => {
    const desk = openDesk(market(marketRows().filter(({ token }) => token !== BARE.token)));
    desk.load(market(), 'with-bare');
    buy(desk, BARE, 100);
    buy(desk, { segment: 7, token: 9 }, 5);
    snapshot(desk);
    // A future without a risk array asks exposure alone: 100 x 35.
    expect(snapshotRows(desk.state).map(({ segment, required, parameters }) => [segment, required, parameters])).toEqual([
      [2, lakh(3_500), 'in force'],
    ]);
  });

  it('hands the money to the segments in order and counts what is lacking', () => {
    const desk = openDesk();
    desk.account('B1', 20_000);
    buy(desk, EQ, 50, 'B1');
    buy(desk, FUT, 100, 'B1');
    const [taken] = snapshot(desk, { number: 3 });
    // 20,000 there; 10,000 for the shares, 18,500 for the future: 8,500 lacking, all in derivatives.
    expect(taken).toMatchObject({ after: lakh(28_500), limit: lakh(8_500), count: 2 });
    expect(peakView(desk.state, 'B1')).toMatchObject({
      required: lakh(28_500),
      shortfall: lakh(8_500),
      snapshots: [
        {
          available: lakh(20_000),
          segments: [
            { segment: 1, shortfall: 0 },
            { segment: 2, available: lakh(10_000), shortfall: lakh(8_500) },
          ],
        },
      ],
    });
  });

  it('hands it to the shares of both exchanges before derivatives, as they are cleared together', () => {
    const bse: InstrumentId = { segment: 4, token: 500_209 };
    const share = marketRows().find(({ token }) => token === EQ.token);
    const desk = openDesk(market([...marketRows(), ...(share === undefined ? [] : [{ ...share, ...bse, name: 'ONLYBSE' }])]));
    desk.account('B1', 20_000);
    buy(desk, FUT, 100, 'B1');
    buy(desk, EQ, 10, 'B1');
    desk.send(exchangeReport({ account: 'B1', type: 'TRADE', trade: 'B', of: bse, side: 'buy', quantity: 20, price: 1000, product: 'MIS' }));
    snapshot(desk, { number: 3 });
    // 20,000: 2,000 and 4,000 for the shares, what is left against 18,500.
    expect(snapshotRows(desk.state).map(({ segment, required, available }) => [segment, required / 100, available / 100])).toEqual([
      [1, 2_000, 20_000],
      [2, 18_500, 14_000],
      [4, 4_000, 18_000],
    ]);
    expect(peakView(desk.state, 'B1')).toMatchObject({ shortfall: lakh(4_500), snapshots: [{ available: lakh(20_000) }] });
  });

  it('gives the day the largest of its snapshots, each taken once; the next day begins anew', () => {
    const desk = openDesk();
    for (const [number, quantity] of [
      [1, 100],
      [2, 200],
      [3, -250],
    ] as const) {
      desk.send(
        exchangeReport({
          type: 'TRADE',
          trade: `P${number}`,
          of: FUT,
          side: quantity > 0 ? 'buy' : 'sell',
          quantity: Math.abs(quantity),
          price: 1000,
        }),
      );
      snapshot(desk, { number });
    }
    expect(peakView(desk.state, 'A1')).toMatchObject({ required: lakh(300 * 185), number: 2 });
    expect(peakView(desk.state, 'A1')?.snapshots.map(({ required }) => required / 100)).toEqual([18_500, 55_500, 9_250]);
    expect(snapshot(desk, { number: 2 })[0]).toMatchObject({ event: 'CommandRefused' });
    expect(snapshot(desk)[0]).toMatchObject({ value: 8 });
    expect(snapshot(desk)[0]).toMatchObject({ value: 9 });
    expect(snapshotsTaken(desk.state)).toEqual([1, 2, 3, 8, 9]);
    desk.tell('CloseDay', { businessDate: 20261120 });
    expect(peakView(desk.state, 'A1')?.snapshots).toHaveLength(5);
    desk.tell('OpenDay', { businessDate: 20261123, ruleSet: 1, policy: POLICY });
    expect(peakView(desk.state, 'A1')).toMatchObject({ required: 0, snapshots: [] });
    expect(peakView(desk.state, 'NOBODY')).toBeUndefined();
  });

  it('looks at the evening at commodities alone, and holds what the day has spent against them', () => {
    const desk = openDesk();
    buy(desk, FUT, 100);
    expect(snapshot(desk, { number: 5, segments: [7] })[0]).toMatchObject({ event: 'MarginSnapshotTaken', count: 0, after: 0 });
    for (const body of [{ number: 0 }, { number: 32 }, { segments: [9] }, { number: 'one' }])
      expect(snapshot(desk, body)[0]).toMatchObject({ event: 'CommandRefused', reject: 'commandMalformed' });
  });

  it('is the same after a restart: rows, numbers and the opening parameters are state', () => {
    const desk = openDesk(dearer(150, 2_000));
    buy(desk, FUT, 100);
    desk.load(dearer(300, 2_000), 'intraday-2');
    snapshot(desk, { number: 1 });
    const before = desk.state.hash();
    desk.state = SlotState.restore(0, desk.state.snapshot());
    desk.state.rebuild(desk.tables.get('intraday-2'));
    expect(desk.state.hash()).toBe(before);
    expect(snapshot(desk, { number: 1 })[0]).toMatchObject({ event: 'CommandRefused' });
    expect(snapshot(desk, { number: 2 })[0]).toMatchObject({ after: lakh(18_500) });
    desk.tables.delete('table-1');
    expect(() => desk.send(rare('TakeMarginSnapshot'), { label: 'gone', number: 3 })).toThrow('table-1');
  });
});

describe('peak windows', () => {
  it('are four for every segment since peaks count in full, and three more for commodities in the evening', () => {
    const times = (date: number): string[] => peakWindowsOn(date).map(({ opens, closes }) => `${opens / 60}-${closes / 60}`);
    expect(times(20_210_831)).toEqual([]);
    expect(times(20_210_901)).toEqual(['11-11.5', '12.5-13', '13.5-14', '14.5-15']);
    expect(times(20_220_117)).toEqual(['11-11.5', '12.5-13', '13.5-14', '14.5-15', '17-19', '19-21', '21-23.5']);
    expect(peakWindowsOn(20_261_120).map(({ segments }) => segments.includes(1))).toEqual([true, true, true, true, false, false, false]);
  });

  it('hold their own clock and every minute that is drawn', () => {
    for (const each of PEAK_WINDOWS) {
      const drawn = [0, 0.25, 0.5, 0.999_999].map((draw) => drawnMinute(each, draw));
      for (const minute of [...drawn, each.clock]) expect(minute >= each.opens && minute <= each.closes, `${each.number} at ${minute}`).toBe(true);
      expect([drawn[0], drawn[3]]).toEqual([each.opens, each.closes]);
    }
  });
});
