// What the serving process gives as the night's page, and that it is whole: every file a page or module names is there, nothing comes from elsewhere, types hold.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { ConsoleFiles } from '../../../batch/console/console-files.ts';
import { ROOT } from '../../house/source-files.ts';

const CONSOLE = join(ROOT, 'batch/console');
const files = new ConsoleFiles();
const textOf = (path: string): string => Buffer.from(files.answer(path, undefined)?.body ?? []).toString('utf8');

it('gives the page at / with headers that keep it to itself', () => {
  const page = files.answer('/', undefined);
  expect(page).toMatchObject({ status: 200, contentType: 'text/html; charset=utf-8' });
  expect(page?.headers['content-security-policy']).toMatch(/^default-src 'self';/);
  expect(page?.headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
  expect(page?.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
});

it.each(files.paths)('tags %s, and answers its tag without bytes', (path) => {
  const first = files.answer(path, undefined);
  const tag = first?.headers['etag'] ?? '';
  expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
  expect(first?.body.length).toBeGreaterThan(0);
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) expect(files.answer(path, known)).toMatchObject({ status: 304, body: { length: 0 } });
  expect(files.answer(path, '"other"')?.status).toBe(200);
});

it.each(['/console-files.ts', '/README.md', '/tsconfig.json', '/js/wire.d.ts', '/../package.json', '/js/', '/js', '/nothing.js', '/INDEX.HTML'])(
  'does not serve %s',
  (path) => expect(files.answer(path, undefined)).toBeUndefined(),
);

it('gives a changed file another tag', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-night-page-'));
  const tagNow = (): string => new ConsoleFiles(folder).answer('/', undefined)?.headers['etag'] ?? '';
  writeFileSync(join(folder, 'index.html'), 'one');
  const before = tagNow();
  writeFileSync(join(folder, 'index.html'), 'two');
  expect(tagNow()).not.toBe(before);
  rmSync(folder, { recursive: true });
});

it('is whole: what a page or module names is served', () => {
  const named: string[] = [];
  for (const path of files.paths) {
    const text = textOf(path);
    const found = path.endsWith('.js') ? text.matchAll(/^(?:import|export)[^'"]*from '(\.[^']+)'/gm) : text.matchAll(/(?:src|href)="(\/[^"]*)"/g);
    for (const [, target = ''] of found)
      named.push(posix.normalize(posix.join(posix.dirname(path), target.startsWith('/') ? posix.relative(posix.dirname(path), target) : target)));
  }
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((path) => !files.paths.includes(path))).toEqual([]);
});

it('names no other origin', () => {
  const found = files.paths.flatMap((path) => [...textOf(path).matchAll(/\b(?:https?|wss?):\/\/[^\s'"`<]+/g)].map(([url]) => `${path}: ${url}`));
  expect(found.filter((line) => !line.endsWith('http://www.w3.org/2000/svg'))).toEqual([]);
});

it('says at the head of each module what it owns, and keeps it short', () => {
  const modules = files.paths.filter((path) => path.endsWith('.js'));
  expect(modules.length).toBeGreaterThan(25);
  expect(modules.filter((path) => !textOf(path).startsWith('// '))).toEqual([]);
  expect(modules.filter((path) => textOf(path).split('\n').length > 400)).toEqual([]);
});

it('holds its types', () => {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic: ts.Diagnostic) => expect.fail(String(diagnostic.messageText)) };
  const config = ts.getParsedCommandLineOfConfigFile(join(CONSOLE, 'tsconfig.json'), {}, host);
  const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
  expect(config?.options).toMatchObject({ checkJs: true, strict: true });
  expect(program.getRootFileNames().length).toBeGreaterThan(25);
  const wrong = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  expect(wrong).toEqual([]);
});

it('is described by a README that names its files truly', () => {
  const readme = readFileSync(join(CONSOLE, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/`((?:js|css)\/[\w./-]+\.(?:js|css))`/g)].map(([, path = '']) => `/${path}`);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !files.paths.includes(path))).toEqual([]);
});
