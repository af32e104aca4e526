// Tables on disk: found by content hash, checked whenever read, never half-written.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashOfTable, hasTable, loadParametersInThread, loadRiskParameters, loadTable, saveTable } from '../../../workers/reference/index.ts';
import { faultOf, scratch, spanText } from './fixtures.ts';

const { directory, write } = scratch();
const store = join(directory, 'tables');
const table = await loadRiskParameters({ span: write('alpha.spn', spanText()) });
const hash = saveTable(store, table);
const file = join(store, `${hash}.table`);
const refused = (wanted: string): Promise<string> => faultOf(Promise.resolve().then(() => loadTable(store, wanted)));

test('what is loaded is what was saved, in shared memory', () => {
  const loaded = loadTable(store, hash);
  expect(loaded.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(hashOfTable(loaded)).toBe(hash);
  expect(loaded.details).toEqual(table.details);
  expect(loaded.instrumentName(0)).toBe(table.instrumentName(0));
  expect(readdirSync(store)).toEqual([`${hash}.table`]);
});

test('the same files give the same hash wherever they lie, other numbers another', async () => {
  mkdirSync(join(directory, 'elsewhere'));
  expect(hashOfTable(await loadRiskParameters({ span: write('elsewhere/alpha.spn', spanText()) }))).toBe(hash);
  expect(hashOfTable(await loadRiskParameters({ span: write('alpha.spn', spanText()) }))).toBe(hash);
  expect(hashOfTable(await loadRiskParameters({ span: write('alpha.spn', spanText().replace('35.10', '35.15')) }))).not.toBe(hash);
});

test('a flipped byte, a cut file and a foreign hash are refused; saving again mends', async () => {
  const sound = readFileSync(file);
  const damaged = Buffer.from(sound);
  damaged[600] = (damaged[600] ?? 0) ^ 1;
  writeFileSync(file, damaged);
  expect(await refused(hash)).toMatch(/\.table: damaged: its SHA-256 is [0-9a-f]{64}$/);
  writeFileSync(file, sound.subarray(0, 1000));
  expect(await refused(hash)).toMatch(/damaged/);
  expect(saveTable(store, table)).toBe(hash);
  expect(hashOfTable(loadTable(store, hash))).toBe(hash);
  expect(await refused('0'.repeat(64))).toMatch(/no parameter table of this hash is stored/);
  expect(await refused('../../etc/passwd')).toMatch(/is not a SHA-256 in hex/);
  expect([hasTable(store, hash), hasTable(store, '0'.repeat(64))]).toEqual([true, false]);
});

test('a thread of its own loads, stores and reports the same', async () => {
  const threaded = await loadParametersInThread({ span: write('alpha.spn', spanText()) }, join(directory, 'threaded'));
  expect(threaded.hash).toBe(hash);
  expect(threaded.table.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(hashOfTable(loadTable(join(directory, 'threaded'), hash))).toBe(hash);
  expect(await faultOf(loadParametersInThread({ span: write('cut.spn', spanText().slice(0, 700)) }))).toMatch(/^cut\.spn:\d+: .*it is cut short$/);
});
