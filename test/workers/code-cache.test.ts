// What a start keeps for the next one is believed only for the very text it was made from, and only when whole; without it everything runs as before.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CODE_CACHE } from '../../workers/index.ts';

const SOURCE = "const lots: number = 2;\nprocess.stdout.write('lots ' + lots);\nif (process.argv[2] === 'fail') throw new Error('no price');\n";
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let root = '';
let cache = '';
let program = '';
let entry = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarazu-code-'));
  mkdirSync(join(root, 'workers/bin'), { recursive: true });
  mkdirSync(join(root, 'desk'));
  cache = join(root, 'workers/bin/code-cache.js');
  copyFileSync(fileURLToPath(CODE_CACHE), cache);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  program = join(root, 'desk/lots.ts');
  writeFileSync(program, SOURCE);
  entry = join(root, `node_modules/.cache/tarazu/stripped-${process.version}/desk~lots.ts`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(argument = '', settings: Readonly<Record<string, string>> = {}): { said: string; fault: string } {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: '', ...settings };
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', cache, program, argument], { encoding: 'utf8', env });
  return { said: stdout, fault: stderr };
}

/** An entry as it would be if `source` had become `code`. */
const write = (source: string, code: string): void => writeFileSync(entry, `${sha256(source)}${sha256(code)}${code}`);
const OTHER = "process.stdout.write('from the cache');";

it('keeps what it stripped, and the next start takes that', () => {
  expect(run()).toEqual({ said: 'lots 2', fault: '' });
  expect(readFileSync(entry, 'utf8')).toContain('const lots         = 2;');
  write(SOURCE, OTHER);
  expect(run().said).toBe('from the cache');
});

it.each([
  ['of another text', () => write(`${SOURCE} `, OTHER)],
  ['changed since', () => writeFileSync(entry, readFileSync(entry, 'utf8').replace('= 2', '= 3'))],
  ['cut short', () => writeFileSync(entry, readFileSync(entry, 'utf8').slice(0, -5))],
  ['empty', () => writeFileSync(entry, '')],
])('does not believe an entry %s', (_, spoil) => {
  run();
  spoil();
  expect(run()).toEqual({ said: 'lots 2', fault: '' });
});

it('follows the module when it changes', () => {
  run();
  writeFileSync(program, SOURCE.replace('= 2', '= 5'));
  expect(run().said).toBe('lots 5');
});

it('leaves a fault at the line and column of the module', () => {
  for (const start of ['first', 'second']) expect(run('fail').fault, start).toContain(`${program}:3:`);
});

it('lets Node say what is wrong with a module it cannot strip', () => {
  writeFileSync(program, 'enum Side { Buy }\n');
  expect(run().fault).toContain('enum is not supported');
});

it('writes nothing with TARAZU_CODE_CACHE=0, and nothing where it may not', () => {
  expect(run('', { TARAZU_CODE_CACHE: '0' })).toEqual({ said: 'lots 2', fault: '' });
  expect(existsSync(join(root, 'node_modules'))).toBe(false);
  // A file where the folder would be: also for somebody who may write anywhere.
  writeFileSync(join(root, 'node_modules'), '');
  expect(run()).toEqual({ said: 'lots 2', fault: '' });
});

it('leaves nothing half-written beside its entries', () => {
  run();
  expect(readdirSync(join(entry, '..'))).toEqual(['desk~lots.ts']);
});
