// `node bench/main.ts [NAME…] [--smoke] [--json FILE] [--record] [--list]`: finds the benches, runs them one after the other, prints, and writes
// JSON and plots to bench/out. RESULTS.md changes only by --record. Exit code 1 when a bench failed or does not exist, never for a
// missed target: a slow machine is not an error.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, BenchResult, Size } from './bench.ts';
import { describeMachine, type Machine } from './machine.ts';
import { outFolder } from './out-folder.ts';
import { plotLatencies } from './plot.ts';
import { machineLine, resultLines, resultMarkdown } from './report.ts';

const HERE = import.meta.dirname;
const OUT = outFolder();

interface Finished {
  readonly bench: Bench;
  readonly result: BenchResult;
}

async function loadBenches(names: readonly string[]): Promise<Bench[]> {
  const files = readdirSync(HERE)
    .filter((file) => file.endsWith('.bench.ts'))
    .sort();
  const known = files.map((file) => file.slice(0, -'.bench.ts'.length));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no bench named ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  const wanted = names.length === 0 ? known : known.filter((name) => names.includes(name));
  return Promise.all(wanted.map(async (name) => ((await import(pathToFileURL(join(HERE, `${name}.bench.ts`)).href)) as { bench: Bench }).bench));
}

function write(finished: readonly Finished[], machine: Machine, size: Size, jsonFile: string): void {
  for (const { bench, result } of finished) {
    const svg = plotLatencies(
      bench.title,
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.date.slice(0, 10)}, ${size}`,
      result.series,
    );
    if (svg !== '') writeFileSync(join(OUT, `${bench.name}.svg`), svg);
  }
  const results = Object.fromEntries(finished.map(({ bench, result }) => [bench.name, { title: bench.title, ...result }]));
  writeFileSync(jsonFile, `${JSON.stringify({ machine, size, results }, null, 1)}\n`);
}

function record(finished: readonly Finished[], machine: Machine): void {
  const head = `# Results\n\nWritten by \`npm run bench -- --record\`. Compare figures only within one run: another machine, or the same one in company, gives others.\n\n${machineLine(machine)}\n`;
  writeFileSync(join(HERE, 'RESULTS.md'), `${[head, ...finished.map(({ bench, result }) => resultMarkdown(bench, result))].join('\n').trimEnd()}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { smoke: { type: 'boolean' }, json: { type: 'string' }, record: { type: 'boolean' }, list: { type: 'boolean' } },
  });
  const benches = await loadBenches(positionals);
  if (values.list === true) {
    for (const bench of benches) console.log(`${bench.name.padEnd(18)} ${bench.title}`);
    return 0;
  }
  const size: Size = values.smoke === true ? 'smoke' : 'real';
  const machine = describeMachine();
  console.log(`${machineLine(machine)}\nsize: ${size}`);
  const finished: Finished[] = [];
  let failures = 0;
  for (const bench of benches) {
    try {
      const result = await bench.run(size, (line) => console.log(`   … ${bench.name}: ${line}`));
      finished.push({ bench, result });
      console.log(resultLines(bench, result).join('\n'));
    } catch (error) {
      failures += 1;
      console.log(`\n== ${bench.name} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  write(finished, machine, size, values.json ?? join(OUT, `${size}.json`));
  if (values.record === true) record(finished, machine);
  return failures === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
