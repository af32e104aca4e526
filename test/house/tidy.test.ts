// Sizes, names and bans. The exception list is empty and stays so.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { eachNode, lineCount, place, type SourceFile, sourceFiles } from './source-files.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;
const PARAMETERS_MAX = 5;
const COMMENT_COLUMNS_MAX = 160;
const COMMENT = /^ *(\/\/|\*|\/\*\*) /;
const BANNED_NAME = /(^|-)(manager|helper|helpers|util|utils|service|impl|base|common|misc)(-|\.|$)/;
const BANNED_TEXT: readonly [RegExp, string][] = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'unfinished work'],
  [/@ts-ignore|@ts-nocheck/, 'types switched off'],
  [/biome-ignore(?!.*: \S)/, 'lint switched off without a reason'],
];
/** Where talking to a terminal is the job. */
const MAY_PRINT = /^(gateway\/(commands|demo|bin)|batch\/commands|bench|test)\//;
/** Clocks, randomness, and arithmetic that differs between V8 versions: none inside the fold. */
const NOT_IN_ENGINE =
  /\b(Date|performance|process|console|setTimeout|setInterval|queueMicrotask|Buffer|crypto|Math\.(random|pow|exp|expm1|log|log2|log10|log1p|sin|cos|tan|atan|atan2|sinh|cosh|tanh|cbrt|hypot))\b\s*[.(]/;

const files = sourceFiles();
const product = files.filter((file) => !file.path.startsWith('test/'));

function functionsOf(file: SourceFile): ts.FunctionLikeDeclaration[] {
  const found: ts.FunctionLikeDeclaration[] = [];
  eachNode(file.tree, (node) => {
    if (
      (ts.isFunctionDeclaration(node) ||
        ts.isMethodDeclaration(node) ||
        ts.isConstructorDeclaration(node) ||
        ts.isArrowFunction(node) ||
        ts.isFunctionExpression(node) ||
        ts.isGetAccessorDeclaration(node) ||
        ts.isSetAccessorDeclaration(node)) &&
      node.body !== undefined
    )
      found.push(node);
  });
  return found;
}

/** Code with comments and strings blanked, so that prose may name what code may not use. */
function codeOnly(file: SourceFile): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, false, ts.LanguageVariant.Standard, file.text);
  let code = '';
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const prose =
      token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia || token === ts.SyntaxKind.StringLiteral;
    code += prose ? scanner.getTokenText().replace(/[^\n]/g, ' ') : scanner.getTokenText();
  }
  return code;
}

describe('tidy', () => {
  it('looks at the whole project', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(product.flatMap(functionsOf).length).toBeGreaterThan(500);
  });

  it('keeps files short', () => {
    expect(
      files.filter((file) => file.text.split('\n').length > FILE_LINES_MAX + 1).map((file) => `${file.path}: ${file.text.split('\n').length}`),
    ).toEqual([]);
  });

  it('keeps comments within a line of sight', () => {
    const long = files.flatMap((file) =>
      file.text.split('\n').flatMap((line, at) => (line.length > COMMENT_COLUMNS_MAX && COMMENT.test(line) ? [`${file.path}:${at + 1}`] : [])),
    );
    expect(files.filter((file) => COMMENT.test(file.text)).length).toBeGreaterThan(100);
    expect(long).toEqual([]);
  });

  it('keeps functions short and parameters few', () => {
    const long = product.flatMap((file) =>
      functionsOf(file)
        .filter((node) => lineCount(file, node) > FUNCTION_LINES_MAX)
        .map((node) => `${place(file, node)} ${lineCount(file, node)} lines`),
    );
    const many = product.flatMap((file) =>
      functionsOf(file)
        .filter((node) => node.parameters.length > PARAMETERS_MAX)
        .map((node) => `${place(file, node)} ${node.parameters.length} parameters`),
    );
    expect([...long, ...many]).toEqual([]);
  });

  it('starts every file by saying what it owns', () => {
    expect(product.filter((file) => !/^(#!.*\n)?(\/\/ \S|\/\*\*? ?\S)/.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  it('names files for what they are', () => {
    const odd = files.filter(
      (file) => BANNED_NAME.test(file.path.split('/').at(-1) ?? '') || !/^[a-z0-9.-]+\.ts$/.test(file.path.split('/').at(-1) ?? ''),
    );
    expect(odd.map((file) => file.path)).toEqual([]);
  });

  it('has nothing unfinished, untyped or switched off', () => {
    const found: string[] = [];
    for (const file of files.filter(({ path }) => path !== 'test/house/tidy.test.ts')) {
      for (const [pattern, why] of BANNED_TEXT) if (pattern.test(file.text)) found.push(`${file.path}: ${why}`);
      eachNode(file.tree, (node) => {
        if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${place(file, node)}: any`);
        if (ts.isNonNullExpression(node)) found.push(`${place(file, node)}: non-null assertion`);
        if (ts.isExportAssignment(node) && !file.path.endsWith('.config.ts')) found.push(`${place(file, node)}: default export`);
      });
    }
    expect(found).toEqual([]);
  });

  it('prints only where printing is the job', () => {
    const found = product.filter((file) => !MAY_PRINT.test(file.path) && /\bconsole\.|process\.stdout\.write/.test(codeOnly(file)));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('keeps clocks, chance and transcendental functions out of the engine', () => {
    const engine = files.filter((file) => file.path.startsWith('engine/'));
    expect(engine.length).toBeGreaterThan(30);
    expect(
      engine.filter((file) => NOT_IN_ENGINE.test(codeOnly(file))).map((file) => `${file.path}: ${NOT_IN_ENGINE.exec(codeOnly(file))?.[0]}`),
    ).toEqual([]);
  });
});
