// MG-13 beside the peak row of the close: futures offset by shares ask the same in both. INFY's future scans 200 and has 50 of exposure a unit, the
// share is in force at a fifth of 1,500; what is matched asks a quarter. The evening knows the day's trades and what the engine's close left short.
import { describe, expect, it, test } from 'vitest';
import { type SharesOfDay, type ShareTrade, sharesBeside } from '../../../batch/nodes/end-of-day/cash-beside-futures.ts';
import { segmentMargins } from '../../../batch/nodes/end-of-day/client-margin-files.ts';
import { positionDay } from '../../../batch/nodes/end-of-day/derivative-positions.ts';
import type { EnginePosition, EngineState } from '../../../batch/nodes/engine/engine-state.ts';
import { META_ROW, Meta, Position, Product, snapshotRows } from '../../../engine/index.ts';
import { type Desk, openDesk } from '../../engine/desk.ts';
import { futureArray, rowOf, syntheticTable } from '../../engine/margin/synthetic-table.ts';

const [DATE, DEC, NSE, NFO] = [20_261_120, 20_261_231, 1, 2];
const table = syntheticTable({
  commodities: [{ symbol: 'INFY', contracts: [{ name: 'FUTURE', expiry: DEC, array: futureArray(200), elmLong: 50, elmShort: 50 }] }],
  cash: [{ name: 'SHARE', previousClose: 1_500, cashRate: 0.2 }],
  tradingDays: { [DEC]: 28 },
  crossMargin: [{ family: 'constituents', index: 'INFY', legs: [{ symbol: 'SHARE', kind: 'EQ', units: 1 }] }],
});
const tokenOf = (name: string): number => table.token[rowOf(table, name)] ?? 0;
const NOTHING: EngineState = { slots: [], clients: new Map() };

/** The engine as the evening reads it: the client's positions after the close. */
function engineOf({ state }: Desk): EngineState {
  const positions: EnginePosition[] = [];
  for (let row = 1; row < state.positions.rows; row++) {
    if (!state.positions.isLive(row)) continue;
    const [segment, token, net] = [
      state.positions.u8(row, Position.segment),
      state.positions.u32(row, Position.token),
      state.positions.f64(row, Position.net),
    ];
    positions.push({ segment, token, net, isIntraday: state.positions.u8(row, Position.product) === Product.MIS });
  }
  const slot = {
    slot: 0,
    sequence: state.sequence,
    businessDate: state.meta.u32(META_ROW, Meta.businessDate),
    isOpen: false,
    parametersHash: '',
    approved: { rows: 0, date: 0 },
    gates: [],
    coming: [],
    closed: [],
    settled: [],
    snapshots: [],
    taken: 0,
  };
  const client = { account: 'A1', slot: 0, status: 'ACTIVE', cash: 0, cashEquivalent: 0, nonCash: 0, holdings: [], positions } as const;
  return { slots: [slot], clients: new Map([['A1', client]]) };
}

/** Total of A1's row in MG-13, rupees. */
function marginFile(futures: number, day: SharesOfDay): number {
  const contract = { token: tokenOf('FUTURE'), type: 'STF', symbol: 'INFY', isin: '', expiry: DEC, actualExpiry: DEC, strike: 0 };
  const prices = { option: '', lot: 1, settlement: 15_000_000, previous: 15_000_000, underlying: 0 } as const;
  const none = { bought: 0, boughtValue: 0n, sold: 0, soldValue: 0n };
  const held = positionDay({ client: 'A1', contract: { ...contract, ...prices }, opening: futures, ...none }, DATE);
  const [row] = segmentMargins(table, [{ segments: [NFO], days: [held] }], DATE, sharesBeside(table, day)).rows;
  return row === undefined ? 0 : (row.span + row.elm + row.delivery + row.crystallised) / 100;
}

/** `CNC 60` bought, `MIS -50` sold. */
const tradesOf = (words: readonly string[]): ShareTrade[] =>
  words.map((each) => {
    const units = Number(each.split(' ')[1]);
    return { client: 'A1', segment: NSE, token: tokenOf('SHARE'), side: units > 0 ? 'B' : 'S', quantity: Math.abs(units) };
  });

describe('a future and the day’s shares ask in MG-13 what the closing snapshot asks', () => {
  test.each<[string, number, number, readonly string[], number]>([
    ['no share traded: all of it', -100, 0, [], 25_000],
    ['its share bought: a quarter', -100, 0, ['CNC 100'], 6_250],
    ['half of it bought', -100, 0, ['CNC 60', 'CNC -10'], 12_500 * 1.25],
    ['bought on the same side of the market: all of it', 100, 0, ['CNC 100'], 25_000],
    ['its share sold short', 100, 0, ['CNC -100'], 6_250],
    ['sold out of what is held: no margin to offset', 100, 300, ['CNC -100'], 25_000],
    ['sold, held in part', 100, 40, ['CNC -100'], 10_000 + 15_000 / 4],
    ['sold to be bought back, and not bought back', 100, 0, ['MIS -50'], 12_500 * 1.25],
    ['the same with units held: delivered out of them', 100, 300, ['MIS -50'], 25_000],
    ['bought for delivery, sold for the day: one net', -100, 0, ['CNC 100', 'MIS -40'], 10_000 + 15_000 / 4],
    ['both, held in part', 100, 10, ['MIS -50', 'CNC -20'], 40 * 250 + 60 * 62.5],
  ])('%s', (_what, futures, free, words, expected) => {
    const desk = openDesk(table);
    const position = (name: string, product: number, quantity: number): void => {
      const row = rowOf(table, name);
      const body = { account: 'A1', segment: table.segment[row], token: table.token[row], product, quantity, price: 15_000_000 };
      desk.tell('ImportPosition', body);
    };
    const trades = tradesOf(words);
    const net = (product: string): number => words.reduce((sum, each) => sum + (each.startsWith(product) ? Number(each.split(' ')[1]) : 0), 0);
    position('FUTURE', Product.NRML, futures);
    position('SHARE', Product.CNC, net('CNC'));
    position('SHARE', Product.MIS, net('MIS'));
    desk.tell('SetHoldings', { account: 'A1', segment: NSE, token: tokenOf('SHARE'), free, pledged: 0, t1: 0 });
    desk.tell('TakeMarginSnapshot', { label: 'close', number: 31 });
    desk.tell('CloseDay', { businessDate: DATE });
    const row = snapshotRows(desk.state).find(({ segment }) => segment === NFO);
    expect([
      row === undefined ? 0 : row.required / 100,
      marginFile(futures, { date: DATE, trades, engine: engineOf(desk), paidEarly: new Set() }),
    ]).toEqual([expected, expected]);
  });

  it('a sale offsets nothing where the engine no longer has that close; nor what was paid for early', () => {
    expect(marginFile(100, { date: DATE, trades: tradesOf(['CNC -100']), engine: NOTHING, paidEarly: new Set() })).toBe(25_000);
    expect(marginFile(-100, { date: DATE, trades: tradesOf(['CNC 100']), engine: NOTHING, paidEarly: new Set(['A1']) })).toBe(25_000);
  });
});
