// Puts results into words: lines for a terminal, a Markdown section for RESULTS.md. Numbers keep three significant digits; raw ones are in the
// JSON. Does not judge beyond the targets a bench states.
import { type Bench, type BenchResult, isMet, type Series, type Target } from './bench.ts';
import type { Machine } from './machine.ts';

/** One line on the machine. */
export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGiB, kernel, node, date, commit } = machine;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, Node ${node}, commit ${commit}, ${date}`;
}

/** A figure with thousands separated and three significant digits. */
export function figure(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return Math.round(value).toLocaleString('en-IN');
  if (Number.isInteger(value)) return `${value}`;
  return value.toPrecision(3);
}

const targetLine = (target: Target): string =>
  `${isMet(target) ? 'met   ' : 'MISSED'} ${target.claim}: ${figure(target.value)} (${target.sense} ${figure(target.bound)})`;

const percentileCells = ({ latency }: Series): string[] =>
  [latency.p50, latency.p90, latency.p99, latency.p999, latency.p9999, latency.max].map((us) => figure(us));

/** What one bench found, for a terminal. */
export function resultLines(bench: Bench, result: BenchResult): string[] {
  const lines = [`\n== ${bench.name}: ${bench.title}`];
  lines.push(
    `   ${Object.entries(result.parameters)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')} (configuration ${result.configuration})`,
  );
  const width = Math.max(0, ...result.measures.map((measure) => measure.label.length), ...result.series.map((series) => series.label.length));
  for (const measure of result.measures) {
    lines.push(
      `   ${measure.label.padEnd(width)}  ${figure(measure.value).padStart(12)} ${measure.unit}${measure.note === undefined ? '' : `  (${measure.note})`}`,
    );
  }
  if (result.series.length > 0) {
    const cells = (values: readonly string[]): string => values.map((value) => value.padStart(9)).join(' ');
    lines.push(`   ${'latency, µs'.padEnd(width)}  ${cells(['p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max'])}`);
    for (const series of result.series) lines.push(`   ${series.label.padEnd(width)}  ${cells(percentileCells(series))}`);
  }
  for (const target of result.targets) lines.push(`   ${targetLine(target)}`);
  for (const words of result.excluded) lines.push(`   not included: ${words}`);
  return lines;
}

/** What one bench found, as a section of RESULTS.md. */
export function resultMarkdown(bench: Bench, result: BenchResult): string {
  const parts = [`## ${bench.name}: ${bench.title}`, ''];
  parts.push(
    `${Object.entries(result.parameters)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}; configuration \`${result.configuration}\`.`,
    '',
  );
  if (result.measures.length > 0) {
    parts.push('| measure | value | unit | note |', '|---|--:|---|---|');
    for (const measure of result.measures) parts.push(`| ${measure.label} | ${figure(measure.value)} | ${measure.unit} | ${measure.note ?? ''} |`);
    parts.push('');
  }
  if (result.series.length > 0) {
    parts.push('| latency, µs | p50 | p90 | p99 | p99.9 | p99.99 | max |', '|---|--:|--:|--:|--:|--:|--:|');
    for (const series of result.series) parts.push(`| ${series.label} | ${percentileCells(series).join(' | ')} |`);
    parts.push('');
  }
  for (const target of result.targets)
    parts.push(`- ${isMet(target) ? 'met' : '**missed**'}: ${target.claim}: ${figure(target.value)} (${target.sense} ${figure(target.bound)})`);
  if (result.excluded.length > 0) parts.push('', `Not included: ${result.excluded.join('; ')}.`);
  parts.push('');
  return parts.join('\n');
}
