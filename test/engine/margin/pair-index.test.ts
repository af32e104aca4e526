import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PackedRows } from '../../../engine/margin/packed-rows.ts';
import { PairIndex } from '../../../engine/margin/pair-index.ts';

it('a pair index behaves as a map through any adding and removing', () => {
  const step = fc.record({ a: fc.nat(12), b: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const index = new PairIndex();
      const model = new Map<string, number>();
      steps.forEach(({ a, b }, row) => {
        const name = `${a} ${b}`;
        expect(index.find(a, b)).toBe(model.get(name) ?? -1);
        if (model.delete(name)) index.remove(a, b);
        else {
          model.set(name, row);
          index.add(a, b, row);
        }
      });
      for (let a = 0; a <= 12; a++) for (let b = 0; b <= 12; b++) expect(index.find(a, b)).toBe(model.get(`${a} ${b}`) ?? -1);
    }),
  );
});

it('a pair index refuses to remove what it does not hold', () => {
  expect(() => new PairIndex().remove(1, 2)).toThrow('not there');
});

it('packed rows come back zeroed and are reused last freed first', () => {
  const rows = new PackedRows(2, 1);
  const taken = Array.from({ length: 20 }, () => rows.allocate());
  expect(taken).toEqual(Array.from({ length: 20 }, (_, row) => row));
  rows.values.fill(7, 6, 10);
  rows.free(3);
  rows.free(4);
  expect([rows.allocate(), rows.allocate(), rows.allocate()]).toEqual([4, 3, 20]);
  expect([...rows.values.subarray(6, 10)]).toEqual([0, 0, 0, 0]);
});
