// The files the house rules look at, read once, and the TypeScript tree of each. Every rule asserts how many it saw.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** Root of the project. */
export const ROOT: string = new URL('../..', import.meta.url).pathname;
/** Folders that hold code, as design section 2 fixes them. */
export const CODE_FOLDERS = ['engine', 'gateway', 'workers', 'batch', 'bench', 'test'] as const;

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

function walk(folder: string, found: string[]): string[] {
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules' || name === 'out') continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path, found);
    else if (path.endsWith('.ts')) found.push(path);
  }
  return found;
}

/** Parses every .ts file below the named folders. */
export function sourceFiles(folders: readonly string[] = CODE_FOLDERS): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(ROOT, folder), []))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path: relative(ROOT, path).replaceAll('\\', '/'), text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
    });
}

/** Calls `visit` on every node below `node`. */
export function eachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => {
    eachNode(child, visit);
  });
}

/** Lines a node spans. */
export function lineCount(file: SourceFile, node: ts.Node): number {
  const first = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line;
  return file.tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
}

/** path:line of a node. */
export function place(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}
