// Which ticks are believed, and what becomes of those that are: a table of cases a desk would argue about, then the road from tick to MarkPrices.
import { describe, expect, it } from 'vitest';
import { buildParameterTable, InstrumentKind, type InstrumentRow, MarkPrices } from '../../../engine/index.ts';
import { judgeTick } from '../../../gateway/market-data/bad-tick-filter.ts';
import { keyOf, segmentOf, tokenOf } from '../../../gateway/market-data/instrument-key.ts';
import { MarkPublisher } from '../../../gateway/market-data/mark-publisher.ts';
import { emptyTick, type Tick } from '../../../gateway/market-data/market-data-port.ts';
import { PriceBoard } from '../../../gateway/market-data/price-board.ts';

const R = 10_000;
const rule = { share: 0.2, floor: 20 * R };
const known = { price: 100 * R, time: 1_000, suspect: 0, bandLow: 80 * R, bandHigh: 130 * R };

describe('the bad-tick filter', () => {
  it.each([
    ['an ordinary price', 101 * R, 1_001, known, undefined],
    ['zero', 0, 1_001, known, 'notPositive'],
    ['negative', -5, 1_001, known, 'notPositive'],
    ['half a tick', 100 * R + 0.5, 1_001, known, 'notPositive'],
    ['on the lower band', 80 * R, 1_001, known, undefined],
    ['below the band', 80 * R - 1, 1_001, known, 'outsideBand'],
    ['above the band', 130 * R + 1, 1_001, known, 'outsideBand'],
    ['without a band, far away, for the first time', 900 * R, 0, { price: 0, time: 0, suspect: 0, bandLow: 0, bandHigh: 0 }, undefined],
    ['older than the last', 101 * R, 999, known, 'timeBackwards'],
    ['as old as the last', 101 * R, 1_000, known, undefined],
    ['without a time', 101 * R, 0, known, undefined],
    ['exactly 20 % up', 120 * R, 1_001, known, undefined],
    ['more than 20 % up', 120 * R + 1, 1_001, known, 'jump'],
    ['more than 20 % up, seen before', 121 * R, 1_001, { ...known, suspect: 122 * R }, undefined],
    ['a jump the other way than the one seen before', 81 * R, 1_001, { ...known, price: 110 * R, suspect: 129 * R }, 'jump'],
    ['a five-paise option that doubles', 1_000, 1_001, { price: 500, time: 0, suspect: 0, bandLow: 0, bandHigh: 0 }, undefined],
    ['a five-paise option at ten rupees', 10 * R, 1_001, { price: 500, time: 0, suspect: 0, bandLow: 0, bandHigh: 0 }, 'jump'],
  ])('%s', (_, price, time, last, expected) => expect(judgeTick(price, time, last, rule)).toBe(expected));
});

const instrument = (token: number): InstrumentRow => ({
  segment: 1,
  token,
  kind: InstrumentKind.EQ,
  name: `I${token}`,
  underlying: '',
  expiry: 0,
  strike: 0,
  lot: 1,
  tickSize: 500,
  freezeQuantity: 0,
  bandLow: 80 * R,
  bandHigh: 130 * R,
  previousClose: 100 * R,
  price: 10_000,
  delta: 0,
  elmLong: 0,
  elmShort: 0,
  cashRate: 2_000,
  scanTier: 0,
  flags: 0,
  riskArray: [],
});
const table = buildParameterTable(20261120, [instrument(1), instrument(2), instrument(3)], [], { sources: [], commodities: [], clearing: [] });
const tick = (token: number, rupees: number, more: Partial<Tick> = {}): Tick => ({ ...emptyTick(), segment: 1, token, price: rupees * R, ...more });

/** A board over the table, and a publisher whose commands are read back. */
function house(held: readonly number[], hasRoom = (): boolean => true) {
  const board = new PriceBoard(rule);
  board.useTable(table);
  const sent: [number, number][][] = [];
  const shards = {
    broadcast(record: Uint8Array): boolean {
      if (!hasRoom()) return false;
      const data = new DataView(record.buffer, record.byteOffset);
      const count = data.getUint32(MarkPrices.count, true);
      sent.push(
        Array.from({ length: count }, (_, index) => {
          const at = MarkPrices.entries + index * MarkPrices.ENTRY_BYTES;
          return [data.getUint32(at, true), data.getFloat64(at + 8, true) / R];
        }),
      );
      return true;
    },
    flush: () => undefined,
  };
  return { board, sent, publisher: new MarkPublisher(board, shards, (key) => held.includes(tokenOf(key)) && segmentOf(key) === 1) };
}

describe('from ticks to marks', () => {
  it('sends the newest price of what is held, once', () => {
    const { board, sent, publisher } = house([1, 2]);
    for (const rupees of [101, 102, 103]) board.take(tick(1, rupees), 1);
    board.take(tick(2, 99), 1);
    board.take(tick(3, 98), 1);
    expect(publisher.publish()).toBe(true);
    expect(publisher.publish()).toBe(false);
    expect(sent).toEqual([
      [
        [1, 103],
        [2, 99],
      ],
    ]);
  });

  it('sends nothing for a price that did not change', () => {
    const { board, sent, publisher } = house([1]);
    board.take(tick(1, 101), 1);
    publisher.publish();
    board.take(tick(1, 101), 2);
    expect(publisher.publish()).toBe(false);
    expect(sent).toHaveLength(1);
  });

  it('keeps prices while the rings have no room, and sends the newest then', () => {
    let room = false;
    const { board, sent, publisher } = house([1], () => room);
    board.take(tick(1, 101), 1);
    expect(publisher.publish()).toBe(false);
    board.take(tick(1, 105), 2);
    room = true;
    expect(publisher.publish()).toBe(true);
    expect(sent).toEqual([[[1, 105]]]);
  });

  it('sends the known price of what becomes held later', () => {
    const { board, sent, publisher } = house([1]);
    board.take(tick(1, 101), 1);
    publisher.publish();
    board.republish(keyOf(1, 1));
    expect(publisher.publish()).toBe(true);
    expect(sent[1]).toEqual([[1, 101]]);
  });

  it('never marks with a price that was refused, and counts why', () => {
    const { board, sent, publisher } = house([1]);
    const reasons = [tick(1, 100), tick(1, 125), tick(1, 131), tick(1, 0), tick(9, 100), tick(1, 101, { time: 50 }), tick(1, 102, { time: 40 })].map(
      (each) => board.take(each, 1),
    );
    expect(reasons).toEqual([undefined, 'jump', 'outsideBand', 'notPositive', 'unknownInstrument', undefined, 'timeBackwards']);
    publisher.publish();
    expect(sent).toEqual([[[1, 101]]]);
    expect(board.refused).toEqual({ notPositive: 1, unknownInstrument: 1, outsideBand: 1, timeBackwards: 1, jump: 1 });
  });

  it('believes a jump when the next price confirms it', () => {
    const { board } = house([1]);
    board.take(tick(1, 100), 1);
    expect(board.take(tick(1, 125), 2)).toBe('jump');
    expect(board.price(keyOf(1, 1))).toBe(100 * R);
    expect(board.take(tick(1, 126), 3)).toBeUndefined();
    expect(board.price(keyOf(1, 1))).toBe(126 * R);
  });

  it('follows a new band', () => {
    const { board } = house([1]);
    board.take(tick(1, 100), 1);
    board.setBand(1, 1, 99 * R, 101 * R);
    expect(board.take(tick(1, 102), 2)).toBe('outsideBand');
  });
});
