// The Kite ticker's binary form, byte by byte: frames laid out by hand at the offsets of the public documentation, written here a second time as plain
// numbers so that encoder, decoder and layout cannot share a mistake.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTick, type Tick } from '../../../gateway/market-data/market-data-port.ts';
import { FrameDecoder } from '../../../gateway/market-data/ticker/frame-decoder.ts';
import { encodeFrame, packetLength, type TickerMode } from '../../../gateway/market-data/ticker/frame-encoder.ts';

/** What a frame gave: copies of its ticks, and its problems. */
function decoded(frame: Uint8Array): { ticks: Tick[]; problems: string[] } {
  const [ticks, problems]: [Tick[], string[]] = [[], []];
  new FrameDecoder().decode(frame, {
    tick: (tick) => ticks.push({ ...tick, depth: tick.depth.slice() }),
    malformed: (problem) => problems.push(problem),
  });
  return { ticks, problems };
}

/** A frame of packets given as [offset, bytes, value] over a length. */
function frameOf(...packets: { length: number; fields: readonly (readonly [number, 2 | 4, number])[] }[]): Uint8Array {
  const bytes = new Uint8Array(2 + packets.reduce((sum, { length }) => sum + 2 + length, 0));
  const data = new DataView(bytes.buffer);
  data.setUint16(0, packets.length);
  let at = 2;
  for (const { length, fields } of packets) {
    data.setUint16(at, length);
    for (const [offset, width, value] of fields) {
      if (width === 2) data.setUint16(at + 2 + offset, value);
      else data.setInt32(at + 2 + offset, value | 0);
    }
    at += 2 + length;
  }
  return bytes;
}

const RELIANCE = 738_561; // 2885 * 256 + 1
const quoteFields = [
  [0, 4, RELIANCE],
  [4, 4, 141_250],
  [8, 4, 7],
  [12, 4, 140_900],
  [16, 4, 1_000_000],
  [20, 4, 500],
  [24, 4, 600],
  [28, 4, 140_000],
  [32, 4, 142_000],
  [36, 4, 139_500],
  [40, 4, 139_900],
] as const;
const fullFields = [
  ...quoteFields,
  [44, 4, 1_795_230_000],
  [48, 4, 250],
  [52, 4, 300],
  [56, 4, 200],
  [60, 4, 1_795_230_001],
  [64, 4, 75],
  [68, 4, 141_245],
  [72, 2, 3],
  [124, 4, 80],
  [128, 4, 141_255],
  [132, 2, 4],
  [172, 4, 90],
  [176, 4, 141_275],
  [180, 2, 5],
] as const;

describe('packets at the documented offsets', () => {
  it.each([
    [
      '8 bytes: last price',
      {
        length: 8,
        fields: [
          [0, 4, RELIANCE],
          [4, 4, 141_250],
        ] as const,
      },
      { segment: 1, token: 2_885, price: 14_125_000, open: 0, time: 0, hasDepth: false },
    ],
    [
      '28 bytes: an index, high before open',
      {
        length: 28,
        fields: [
          [0, 4, 256_265],
          [4, 4, 2_450_050],
          [8, 4, 2_460_000],
          [12, 4, 2_440_000],
          [16, 4, 2_445_000],
          [20, 4, 2_444_000],
          [24, 4, 6_050],
        ] as const,
      },
      { segment: 9, token: 1_001, price: 245_005_000, high: 246_000_000, low: 244_000_000, open: 244_500_000, close: 244_400_000, time: 0 },
    ],
    [
      '32 bytes: an index with its time',
      {
        length: 32,
        fields: [
          [0, 4, 256_265],
          [4, 4, 2_450_050],
          [28, 4, 1_795_230_000],
        ] as const,
      },
      { segment: 9, price: 245_005_000, time: 1_795_230_000_000 },
    ],
    [
      '44 bytes: a quote',
      { length: 44, fields: quoteFields },
      {
        segment: 1,
        token: 2_885,
        price: 14_125_000,
        volume: 1_000_000,
        open: 14_000_000,
        high: 14_200_000,
        low: 13_950_000,
        close: 13_990_000,
        time: 0,
        hasDepth: false,
      },
    ],
    [
      '184 bytes: a quote with depth',
      { length: 184, fields: fullFields },
      { price: 14_125_000, openInterest: 250, time: 1_795_230_001_000, hasDepth: true },
    ],
  ])('%s', (_, packet, expected) => {
    const { ticks, problems } = decoded(frameOf(packet));
    expect(problems).toEqual([]);
    expect(ticks).toHaveLength(1);
    expect(ticks[0]).toMatchObject(expected);
  });

  it('reads five bids, then five offers, of twelve bytes each', () => {
    const depth = decoded(frameOf({ length: 184, fields: fullFields })).ticks[0]?.depth ?? [];
    expect([...depth.slice(0, 3)]).toEqual([75, 14_124_500, 3]);
    expect([...depth.slice(15, 18)]).toEqual([80, 14_125_500, 4]);
    expect([...depth.slice(27, 30)]).toEqual([90, 14_127_500, 5]);
  });

  it.each([
    ['NSE, paise', 1, 12_345, 1_234_500],
    ['NFO, paise', 2, 12_345, 1_234_500],
    ['CDS, seven decimals', 3, 831_250_000, 831_250],
    ['BSE, paise', 4, 12_345, 1_234_500],
    ['BFO, paise', 5, 12_345, 1_234_500],
    ['BCD, four decimals', 6, 831_250, 831_250],
    ['MCX, paise', 7, 12_345, 1_234_500],
    ['an index, paise', 9, 12_345, 1_234_500],
  ])('divides the price of %s', (_, segment, raw, ticks) => {
    expect(
      decoded(
        frameOf({
          length: 8,
          fields: [
            [0, 4, 1_000 * 256 + segment],
            [4, 4, raw],
          ],
        }),
      ).ticks[0],
    ).toMatchObject({ segment, token: 1_000, price: ticks });
  });
});

describe('frames that are not whole', () => {
  const good = {
    length: 8,
    fields: [
      [0, 4, RELIANCE],
      [4, 4, 141_250],
    ] as const,
  };
  it.each<[string, Uint8Array, number, RegExp | undefined]>([
    ['a heartbeat', new Uint8Array(1), 0, undefined],
    ['no packets', new Uint8Array([0, 0]), 0, undefined],
    ['nothing at all', new Uint8Array(0), 0, /empty frame/],
    ['a count without packets', new Uint8Array([0, 2]), 0, /byte 2: packet 0 of 2 has no length/],
    ['a packet cut short', frameOf(good).slice(0, 9), 0, /byte 4: packet 0 of 1 has 8 bytes, 5 are left/],
    [
      'an unknown length, and a good packet after it',
      frameOf({ length: 12, fields: [[0, 4, RELIANCE]] }, good),
      1,
      /byte 4: packet 0 of 2: length 12 is none of segment 1/,
    ],
    ['an index length of a share', frameOf({ length: 28, fields: [[0, 4, RELIANCE]] }), 0, /length 28 is none of segment 1/],
    ['a quote of an index', frameOf({ length: 44, fields: [[0, 4, 256_265]] }), 0, /length 44 is none of segment 9/],
    ['a segment there is none of', frameOf({ length: 8, fields: [[0, 4, 256 + 8]] }), 0, /names segment 8/],
    ['too short for a token', frameOf({ length: 4, fields: [[0, 4, RELIANCE]] }), 0, /length 4 is none of a packet/],
    ['bytes after the last packet', new Uint8Array([...frameOf(good), 1, 2, 3]), 1, /byte 12: 3 bytes after the last packet/],
  ])('%s', (_, frame, ticks, problem) => {
    const found = decoded(frame);
    expect(found.ticks).toHaveLength(ticks);
    if (problem === undefined) expect(found.problems).toEqual([]);
    else expect(found.problems.join('\n')).toMatch(problem);
  });

  it('survives any bytes, and never makes up more ticks than it has room for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (frame) => {
        expect(decoded(frame).ticks.length).toBeLessThanOrEqual(frame.length / 10);
      }),
      { numRuns: 500 },
    );
  });
});

describe('encoder and decoder', () => {
  const paise = fc.integer({ min: 1, max: 20_000_000 }).map((price) => price * 100);
  const entry = fc.record({
    segment: fc.constantFrom(1, 2, 4, 5, 7, 9),
    token: fc.integer({ min: 1, max: 0xffffff }),
    price: paise,
    high: paise,
    close: paise,
    seconds: fc.integer({ min: 1, max: 0xffffffff }),
    openInterest: fc.integer({ min: 0, max: 0xffffffff }),
    mode: fc.constantFrom<TickerMode>('ltp', 'quote', 'full'),
  });

  it('agree on everything a mode carries', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const sent = entries.map(({ mode, seconds, ...fields }) => ({ mode, tick: { ...emptyTick(), ...fields, time: seconds * 1_000 } }));
        const frame = encodeFrame(sent);
        const { ticks, problems } = decoded(frame);
        expect(problems).toEqual([]);
        expect(frame.length).toBe(2 + sent.reduce((sum, { tick, mode }) => sum + 2 + packetLength(tick.segment, mode), 0));
        expect(ticks.map(({ segment, token, price }) => ({ segment, token, price }))).toEqual(
          sent.map(({ tick: { segment, token, price } }) => ({ segment, token, price })),
        );
        for (const [index, { tick, mode }] of sent.entries()) {
          if (mode !== 'ltp') expect(ticks[index]).toMatchObject({ high: tick.high, close: tick.close });
          if (mode === 'full') expect(ticks[index]).toMatchObject({ time: tick.time, openInterest: tick.segment === 9 ? 0 : tick.openInterest });
        }
      }),
      { numRuns: 200 },
    );
  });
});
