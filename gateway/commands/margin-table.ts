// A client's margin before an order, with it working and with it filled, side by side, as indented lines of text. A line that a tree does not have
// stands with a dash; one that is zero in all is left out. Computes nothing.
import type { OrderMarginLines } from '../risk/explain-order.ts';
import type { MarginLine } from '../risk/margin-lines.ts';
import { rupees } from './check-figures.ts';

/** How deep a tree is written out; scenario losses and files are in the JSON. */
const DEPTH_MAX = 4;
const LABEL_MAX = 56;

interface Row {
  readonly depth: number;
  readonly label: string;
  readonly amounts: readonly (number | undefined)[];
}

/** The lines, the requirement first. */
export function marginTable({ before, after, filled }: OrderMarginLines): string[] {
  const body = withoutZeros(aligned([before, after, filled])).map(({ depth, label, amounts }) => [
    `${'  '.repeat(depth + 1)}${label}`.slice(0, LABEL_MAX),
    ...amounts.map((amount) => (amount === undefined ? '-' : rupees(amount))),
  ]);
  const table = [['  margin', 'before', 'working', 'filled'], ...body];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  return table.map((line) => line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '));
}

/** Rows down to the depth that is shown, without those that are zero in every tree and what lies below them. */
function withoutZeros(rows: readonly Row[]): Row[] {
  let hidden = Number.POSITIVE_INFINITY;
  return rows.filter(({ depth, amounts }) => {
    if (depth > hidden) return false;
    hidden = amounts.some((amount) => (amount ?? 0) !== 0) ? Number.POSITIVE_INFINITY : depth;
    return hidden !== depth && depth <= DEPTH_MAX;
  });
}

/** Lines of all trees by their place in them: in the order of the first that has them, children under their parent. */
function aligned(trees: readonly (readonly MarginLine[])[]): Row[] {
  const rows = new Map<string, { depth: number; label: string; amounts: (number | undefined)[] }>();
  trees.forEach((lines, at) => {
    for (const [path, { depth, label, amount_paise }] of paths(lines)) {
      const row = rows.get(path) ?? { depth, label, amounts: trees.map(() => undefined) };
      rows.set(path, row);
      row.label = label;
      row.amounts[at] = amount_paise;
    }
  });
  const places = new Map([...rows.keys()].map((path, at) => [path, at]));
  const placeOf = (path: string): number[] => {
    const names = path.split('\0');
    return names.map((_, depth) => places.get(names.slice(0, depth + 1).join('\0')) ?? 0);
  };
  return [...rows]
    .map(([path, row]) => ({ row, place: placeOf(path) }))
    .sort((a, b) => byPlace(a.place, b.place))
    .map(({ row }) => row);
}

function byPlace(a: readonly number[], b: readonly number[]): number {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
    const difference = (a[depth] ?? 0) - (b[depth] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Each line with the labels that lead to it, without the numbers in them that an order changes. */
function paths(lines: readonly MarginLine[]): [string, MarginLine][] {
  const above: string[] = [];
  return lines.map((line) => {
    above.length = line.depth;
    above.push(line.label.replace(/^-?\d+ x /, '').replace(/: \d+ working$/, ''));
    return [above.join('\0'), line];
  });
}
