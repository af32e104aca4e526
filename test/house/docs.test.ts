// Public functions carry docstrings, folders a README, and the README the truth it can be checked for.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { place, ROOT, sourceFiles } from './source-files.ts';

const FOLDERS_WITH_README = ['engine', 'engine/margin', 'workers', 'workers/reference', 'gateway', 'gateway/fix', 'batch', 'bench', 'test'];

it('documents what the engine, the workers and the gateway export', () => {
  let seen = 0;
  const bare: string[] = [];
  for (const file of sourceFiles(['engine', 'workers', 'gateway', 'batch'])) {
    for (const statement of file.tree.statements) {
      const exported =
        ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
      if (exported !== true || !(ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))) continue;
      seen += 1;
      if (!/\/\*\*/.test(statement.getFullText(file.tree).slice(0, statement.getLeadingTriviaWidth(file.tree)))) {
        // A file's header documents the export the file is named after.
        const kebab = (statement.name?.text ?? '').replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
        const isNamesake = file.path.endsWith(`/${kebab}.ts`);
        if (!isNamesake) bare.push(`${place(file, statement)} ${statement.name?.text ?? ''}`);
      }
    }
  }
  expect(seen).toBeGreaterThan(150);
  expect(bare).toEqual([]);
});

it('gives each folder a README', () => {
  expect(FOLDERS_WITH_README.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
});

it('names only commands and files that exist in the README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const scripts = Object.keys((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts);
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
  const commands = [...readme.matchAll(/npx tarazu ([a-z][a-z-]*)/g)].map((match) => match[1] ?? '');
  const index = readFileSync(join(ROOT, 'gateway/commands/index.ts'), 'utf8');
  const paths = [...readme.matchAll(/`((?:engine|gateway|workers|batch|bench|test)\/[\w./-]*)`/g)].map((match) => match[1] ?? '');
  expect(commands.length).toBeGreaterThan(5);
  expect(paths.length).toBeGreaterThan(10);
  expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  expect(commands.filter((name) => !index.includes(`'${name}'`) && !new RegExp(`\\b${name}:`).test(index))).toEqual([]);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
