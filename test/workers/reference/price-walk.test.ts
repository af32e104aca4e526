// The demo's moving prices: seeded, starting at 1, inside the day's bands.
import { expect, test } from 'vitest';
import { priceWalk } from '../../../workers/reference/index.ts';

function walk(seed: number, steps: number): number[] {
  const ratios = priceWalk(seed, 0.01);
  return Array.from({ length: steps }, () => ratios.next().value);
}

test('a price walk repeats for a seed, moves, and stays within 10 %', () => {
  const ratios = walk(7, 2000);
  expect(ratios[0]).toBe(1);
  expect(walk(7, 2000)).toEqual(ratios);
  expect(walk(8, 2000)).not.toEqual(ratios);
  expect(Math.min(...ratios)).toBeGreaterThanOrEqual(0.9);
  expect(Math.max(...ratios)).toBeLessThanOrEqual(1.1);
  expect(new Set(ratios).size).toBeGreaterThan(1000);
});
