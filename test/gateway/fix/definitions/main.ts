// `npm run test:fix-scripts -- PATH… [--delivery whole|bytes|coalesced]`: runs acceptance definition files (*.def, or folders of them) against
// `tarazu echo`, started here in its own process. One line a file, then how many passed. Exit code 1 when one failed, 2 when used wrongly.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DEFAULT_WAITS, DELIVERIES, type Delivery, runDefinition } from './run-definition.ts';

const TARAZU = new URL('../../../../gateway/bin/tarazu.js', import.meta.url).pathname;
const USAGE = 'usage: npm run test:fix-scripts -- PATH… [--delivery whole|bytes|coalesced]';

/** Definition files below a path, or the file itself, by name. */
function definitionFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.def'))
    .sort()
    .map((name) => join(path, name));
}

async function startEcho(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [TARAZU, 'echo', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /:(\d+),/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error('tarazu echo ended before it listened');
}

async function runAll(files: readonly string[], port: number, delivery: Delivery): Promise<number> {
  let failed = 0;
  for (const file of files) {
    const began = performance.now();
    let fault = '';
    try {
      await runDefinition(readFileSync(file, 'latin1'), { host: '127.0.0.1', port, ...DEFAULT_WAITS }, delivery);
    } catch (error) {
      failed += 1;
      fault = `: ${(error as Error).message}`;
    }
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    process.stdout.write(`${fault === '' ? 'pass' : 'FAIL'} ${seconds.padStart(5)} s  ${basename(file, '.def')}${fault}\n`);
  }
  process.stdout.write(`${files.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

async function main(): Promise<number> {
  let files: string[];
  let delivery: Delivery | undefined;
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { delivery: { type: 'string', default: 'whole' } } });
    delivery = DELIVERIES.find((name) => name === values.delivery);
    files = positionals.flatMap(definitionFiles);
  } catch (error) {
    return complain(`${(error as Error).message}\n${USAGE}`);
  }
  if (delivery === undefined) return complain(USAGE);
  if (files.length === 0) return complain(`no definition (*.def) found\n${USAGE}`);
  const { child, port } = await startEcho();
  try {
    return await runAll(files, port, delivery);
  } finally {
    child.kill('SIGTERM');
  }
}

process.exitCode = await main();
