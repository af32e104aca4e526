// What each program serves as its page, the kit included, and that it is whole: every file a page or module names is there, nothing comes from elsewhere,
// types hold.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PageFiles } from '../../../workers/index.ts';
import { ROOT } from '../../house/source-files.ts';

const KIT = new PageFiles(join(ROOT, 'gateway/console')).paths.filter((path) => path.startsWith('/kit/'));

it('serves the kit with every page, and no source of the server with it', () => {
  expect(KIT.filter((path) => path.endsWith('.css')).sort()).toEqual(['/kit/base.css', '/kit/frame.css', '/kit/parts.css']);
  expect(KIT.length).toBeGreaterThan(12);
  expect(KIT.filter((path) => !/\.(?:css|js)$/.test(path))).toEqual([]);
});

it('gives a changed file another tag', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarazu-page-'));
  const tagNow = (): string => new PageFiles(folder).answer('/', undefined)?.headers['etag'] ?? '';
  writeFileSync(join(folder, 'index.html'), 'one');
  const before = tagNow();
  writeFileSync(join(folder, 'index.html'), 'two');
  expect(tagNow()).not.toBe(before);
  rmSync(folder, { recursive: true });
});

describe.each(['gateway/console', 'batch/console'])('%s', (folder) => {
  const files = new PageFiles(join(ROOT, folder));
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

  it.each([
    '/README.md',
    '/tsconfig.json',
    '/js/wire.d.ts',
    '/../package.json',
    '/js/',
    '/js',
    '/nothing.js',
    '/INDEX.HTML',
    '/kit/page-files.ts',
    '/kit/README.md',
    '/kit',
  ])('does not serve %s', (path) => expect(files.answer(path, undefined)).toBeUndefined());

  it('is whole: what a page or module names is served', () => {
    const named = files.paths.flatMap((path) => {
      const text = textOf(path);
      const found = path.endsWith('.js') ? text.matchAll(/^(?:import|export)[^'"]*from '([^']+)'/gm) : text.matchAll(/(?:src|href)="(\/[^"]*)"/g);
      return [...found].map(([, target = '']) => (target.startsWith('/') ? target : posix.join(posix.dirname(path), target)));
    });
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((path) => !files.paths.includes(path))).toEqual([]);
  });

  it('names no other origin', () => {
    const found = files.paths.flatMap((path) => [...textOf(path).matchAll(/\b(?:https?|wss?):\/\/[^\s'"`<]+/g)].map(([url]) => `${path}: ${url}`));
    expect(found.filter((line) => !line.endsWith('http://www.w3.org/2000/svg'))).toEqual([]);
  });

  it('says at the head of each module what it owns, and keeps it short', () => {
    const modules = files.paths.filter((path) => path.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(30);
    expect(modules.filter((path) => !textOf(path).startsWith('// '))).toEqual([]);
    expect(modules.filter((path) => textOf(path).split('\n').length > 400)).toEqual([]);
  });

  it('holds its types, the kit’s too', () => {
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic: ts.Diagnostic) => expect.fail(String(diagnostic.messageText)) };
    const config = ts.getParsedCommandLineOfConfigFile(join(ROOT, folder, 'tsconfig.json'), {}, host);
    const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
    expect(config?.options).toMatchObject({ checkJs: true, strict: true });
    const checked = program.getSourceFiles().map(({ fileName }) => fileName);
    expect(program.getRootFileNames().length).toBeGreaterThan(18);
    expect(checked.filter((name) => name.includes('/workers/page-kit/')).length).toBeGreaterThan(10);
    const wrong = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
    expect(wrong).toEqual([]);
  });

  it('is described by a README that names its files truly', () => {
    const readme = readFileSync(join(ROOT, folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/`((?:js|css|kit)\/[\w./-]+\.(?:js|css))`/g)].map(([, path = '']) => `/${path}`);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((path) => !files.paths.includes(path))).toEqual([]);
  });
});
