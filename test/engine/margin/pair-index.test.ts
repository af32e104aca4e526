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
        expect(index.find(a, b)).toBe(model.get(name) ?? 0);
        if (model.delete(name)) index.remove(a, b);
        else {
          model.set(name, row + 1);
          index.add(a, b, row + 1);
        }
      });
      for (let a = 0; a <= 12; a++) for (let b = 0; b <= 12; b++) expect(index.find(a, b)).toBe(model.get(`${a} ${b}`) ?? 0);
    }),
  );
});

it('a pair index refuses to remove what it does not hold', () => {
  expect(() => new PairIndex().remove(1, 2)).toThrow('not there');
});

it('packed rows come back zeroed and are reused last freed first', () => {
  const rows = new PackedRows(2);
  const taken = Array.from({ length: 20 }, () => rows.allocate());
  expect(new Set(taken).size).toBe(20);
  for (const row of taken) rows.arena.f64s.fill(7, row, row + 2);
  const [, , , third = 0, fourth = 0, fifth = 0] = taken;
  rows.free(third);
  rows.free(fourth);
  expect([rows.allocate(), rows.allocate()]).toEqual([fourth, third]);
  expect(taken).not.toContain(rows.allocate());
  for (const row of [third, fourth]) expect([...rows.arena.f64s.subarray(row, row + 2)]).toEqual([0, 0]);
  expect([...rows.arena.f64s.subarray(fifth, fifth + 2)]).toEqual([7, 7]);
});
