// The index behind accounts and symbols agrees with a Map, for any keys, salts and order of insertion.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteIndex } from '../../../gateway/risk/byte-index.ts';

it('agrees with a Map', () => {
  const key = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), fc.array(key), (entries, others) => {
      const index = new ByteIndex(2);
      const map = new Map<string, number>();
      for (const [[salt, text], value] of entries) {
        const bytes = Buffer.from(`<${text}>`);
        index.set(salt, bytes, 1, bytes.length - 2, value);
        map.set(`${salt}${text}`, value);
      }
      expect(index.size).toBe(map.size);
      for (const [salt, text] of [...entries.map(([each]) => each), ...others]) {
        const bytes = Buffer.from(text);
        expect(index.get(salt, bytes, 0, bytes.length)).toBe(map.get(`${salt}${text}`) ?? -1);
      }
    }),
  );
});

it('refuses a key that is too long', () => {
  expect(() => new ByteIndex().set(0, new Uint8Array(64), 0, 64, 1)).toThrow(RangeError);
});
