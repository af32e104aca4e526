import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeDirectory } from '../../workers/index.ts';
import { newDirectory, removeDirectories } from './shard-bench.ts';

afterEach(removeDirectories);

test('makes every missing level, and is content with what is there', () => {
  const deep = join(newDirectory(), 'a', 'b', 'c');
  makeDirectory(deep);
  makeDirectory(deep);
  expect(existsSync(deep)).toBe(true);
});

test('names the file that stands where a directory should', () => {
  const file = join(newDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => makeDirectory(join(file, 'a', 'b'))).toThrow(`${file}: is not a directory`);
});

test.skipIf(process.platform !== 'linux')('below /proc it says so and comes back', () => {
  expect(() => makeDirectory('/proc/nope/deeper')).toThrow('/proc/nope: the directory cannot be made (ENOENT)');
});
