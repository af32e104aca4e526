// Published SPAN examples, worked through the engine: copies of the key numbers always, the whole collection where it is at hand.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SPAN_EXAMPLES } from './span-examples.ts';
import { CHECKS, checkOf, checkVector, type SpanVector } from './span-vector-checks.ts';

const COLLECTION = new URL('../../../shared/reference/span-vectors.json', import.meta.url);
const inCi = process.env['CI'] === 'true';

describe('key numbers of published examples', () => {
  it.each(SPAN_EXAMPLES.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => checkVector(vector));

  it('has an example for every check', () => {
    const covered = new Set(SPAN_EXAMPLES.map((vector) => checkOf(vector.id)));
    expect(Object.keys(CHECKS).filter((key) => !covered.has(key))).toEqual([]);
  });
});

describe.skipIf(!existsSync(COLLECTION) && !inCi)('the collection in ../shared (skipped where it is absent)', () => {
  const vectors: SpanVector[] = existsSync(COLLECTION) ? JSON.parse(readFileSync(COLLECTION, 'utf8')).vectors : [];

  it('is there, and every vector is checked', () => {
    expect(vectors.length).toBeGreaterThan(40);
    expect(vectors.map((each) => each.id).filter((id) => checkOf(id) === undefined)).toEqual([]);
  });

  for (const vector of vectors) if (checkOf(vector.id) !== undefined) it(vector.id, () => checkVector(vector));
});
