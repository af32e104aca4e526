// Design section 2 as a test: who may import what. The table below is the rule; README's map is compared with it.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { eachNode, place, ROOT, type SourceFile, sourceFiles } from './source-files.ts';

/** Folder -> doors of other folders it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  engine: [],
  workers: ['engine/index.ts'],
  gateway: ['engine/index.ts', 'workers/index.ts', 'workers/reference/index.ts'],
  batch: ['engine/index.ts', 'workers/index.ts', 'workers/reference/index.ts'],
};
const TOP_LEVEL = [
  'package.json',
  'tsconfig.json',
  'README.md',
  'engine',
  'gateway',
  'workers',
  'batch',
  'bench',
  'test',
  'package-lock.json',
  'LICENSE',
  'CHANGELOG.md',
];
/** decimal.js is allowed off the hot path (design section 2): charges divide money with it. */
const ENGINE_PACKAGES = ['decimal.js'];

interface Import {
  readonly from: string;
  readonly at: string;
}

function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  eachNode(file.tree, (node) => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      found.push({ from: node.moduleSpecifier.text, at: place(file, node) });
    }
    const target = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
    if (target !== undefined && ts.isStringLiteral(target)) found.push({ from: target.text, at: place(file, target) });
  });
  return found;
}

/** What is wrong with one import, or undefined. */
function violation(file: SourceFile, { from, at }: Import): string | undefined {
  const folder = file.path.split('/')[0] ?? '';
  if (!from.startsWith('.')) {
    const isNode = from.startsWith('node:') || builtinModules.includes(from);
    if (folder === 'engine' && (isNode || !ENGINE_PACKAGES.includes(from))) return `${at} engine imports ${from}`;
    return undefined;
  }
  const target = posix.normalize(posix.join(posix.dirname(file.path), from));
  const door = target.split('/')[0] ?? '';
  if (door === folder || MAY_IMPORT[folder] === undefined) return undefined;
  return MAY_IMPORT[folder].includes(target) ? undefined : `${at} ${folder} imports ${target}`;
}

const files = sourceFiles(['engine', 'workers', 'gateway', 'batch']);

it('imports only what its layer may', () => {
  const imports = files.flatMap((file) => importsOf(file).map((found) => ({ file, found })));
  expect(files.length).toBeGreaterThan(60);
  expect(imports.length).toBeGreaterThan(200);
  expect(imports.map(({ file, found }) => violation(file, found)).filter((line) => line !== undefined)).toEqual([]);
});

it('sees a planted violation', () => {
  const file: SourceFile = {
    path: 'engine/planted.ts',
    text: '',
    tree: ts.createSourceFile('planted.ts', "import 'node:fs';\nexport * from '../gateway/main.ts';\n", ts.ScriptTarget.ES2023, true),
  };
  expect(importsOf(file).map((found) => violation(file, found))).toEqual([
    'engine/planted.ts:1 engine imports node:fs',
    'engine/planted.ts:2 engine imports gateway/main.ts',
  ]);
});

it('has the fixed top level and nothing else', () => {
  const names = readdirSync(ROOT).filter((name) => !name.startsWith('.') && name !== 'node_modules' && name !== 'tarazu.json');
  expect(names.length).toBeGreaterThan(8);
  expect(names.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  expect(TOP_LEVEL.filter((name) => !names.includes(name))).toEqual([]);
});

it('draws the same layers in the README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  for (const [folder, doors] of Object.entries(MAY_IMPORT)) {
    const folders = [...new Set(doors.map((path) => path.split('/')[0]))];
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${folder}/\``));
    expect(row, `README's map has no row for ${folder}/`).toBeDefined();
    expect(row?.split('|').at(-2)?.trim(), `README: what ${folder}/ may import`).toBe(folders.length === 0 ? 'nothing' : folders.join(', '));
  }
});
