// Whatever bytes a file holds: it loads, or one ReferenceFileError says where it is wrong. No other error, no hang.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { gunzipSync, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { generateDay, loadRiskParameters, type ParameterFiles, parameterFilesOf, ReferenceFileError } from '../../../workers/reference/index.ts';
import { scratch, spanText } from './fixtures.ts';

const { directory, write } = scratch();
const day = await generateDay({ seed: 3, date: 20261120, clients: 0, underlyings: 5, strikes: 1, versions: 1 }, join(directory, 'day'));
const sound = parameterFilesOf(day);

/** First unpacked bytes of a file of the day; the rows of an inner cut still fit the other files. */
function unpacked(path: string): Uint8Array {
  const bytes = readFileSync(path);
  if (path.endsWith('.zip')) return Object.values(unzipSync(bytes))[0] ?? bytes;
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

interface Change {
  readonly place: number;
  readonly remove: number;
  readonly insert: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5000 })),
  insert: fc.oneof(
    fc.constantFrom('', ',', '"', '\n', '<', '</', '>', '<!--', '<a>', '</opt>', '-', '.', '0', '&', '\u0000', '<![CDATA[', '9'.repeat(400)),
    fc.string({ maxLength: 12 }),
  ),
});

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  let text = Buffer.from(bytes).toString('latin1');
  for (const { place, remove, insert } of changes) {
    const at = Math.floor(place * text.length);
    text = text.slice(0, at) + insert + text.slice(at + remove);
  }
  return Buffer.from(text, 'latin1');
}

async function outcome(files: ParameterFiles): Promise<string> {
  try {
    const table = await loadRiskParameters(files);
    return table.instruments > 0 ? 'loaded' : 'empty';
  } catch (error) {
    if (error instanceof ReferenceFileError && error.place.file !== '' && error.reason !== '') return 'refused';
    throw error;
  }
}

const ROLES = ['elm', 'elmContracts', 'bhavcopyFo', 'bhavcopyCm', 'contracts', 'securities', 'bans', 'var'] as const;

test.each(ROLES)('%s, changed at random', async (role) => {
  const bytes = unpacked(String(sound[role]));
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      seen.add(await outcome({ span: sound.span, [role]: write('changed', changed(bytes, changes)) }));
    }),
    { numRuns: 40 },
  );
  expect(seen).toContain('refused');
});

test('a SPAN file, changed at random', async () => {
  const bytes = Buffer.from(spanText());
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      seen.add(await outcome({ span: write('changed.spn', changed(bytes, changes)) }));
    }),
    { numRuns: 250 },
  );
  expect(seen).toContain('refused');
  expect(seen).toContain('loaded');
});

test.each(['span', 'bhavcopyFo', 'contracts'] as const)('packed %s, with bytes changed', async (role) => {
  const bytes = readFileSync(String(sound[role]));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, flip, cut) => {
      const damaged = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
      if (!cut) damaged[at] = (damaged[at] ?? 0) ^ flip;
      await outcome({ ...sound, [role]: write('damaged', damaged) });
    }),
    { numRuns: 60 },
  );
});
