// Where each instance of a phase stands in a drawing of its graph: column by depth, rows so ordered that edges cross little. Depends on the graph only,
// so that a drawing does not move while the night runs. Pure and deterministic.

/** What is laid out. */
export interface Placed {
  readonly key: string;
  readonly waitsFor: readonly string[];
}

/** Column and row, from 0; shorter columns stand in the middle of the tallest, so rows may be halves. */
export type Place = readonly [column: number, row: number];

/** Sweeps over the columns; later ones change nothing worth the time. */
const SWEEPS = 6;

/** Places by key; `instances` come parents first. Edges to others are left out. */
export function graphPlaces(instances: readonly Placed[]): Map<string, Place> {
  const known = new Set(instances.map(({ key }) => key));
  const parents = new Map(instances.map(({ key, waitsFor }) => [key, waitsFor.filter((other) => known.has(other))]));
  const children = new Map<string, string[]>(instances.map(({ key }) => [key, []]));
  for (const [key, others] of parents) for (const other of others) children.get(other)?.push(key);
  const columns = columnsOf(instances, parents);
  const rows = new Map<string, number>();
  for (const column of columns) for (const [row, key] of column.entries()) rows.set(key, row);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForth = sweep % 2 === 0;
    for (const column of isForth ? columns : [...columns].reverse()) order(column, rows, isForth ? parents : children);
  }
  const tallest = Math.max(0, ...columns.map(({ length }) => length));
  return new Map(
    columns.flatMap((column, index) => column.map((key): [string, Place] => [key, [index, (rows.get(key) ?? 0) + (tallest - column.length) / 2]])),
  );
}

function columnsOf(instances: readonly Placed[], parents: ReadonlyMap<string, readonly string[]>): string[][] {
  const depths = new Map<string, number>();
  const columns: string[][] = [];
  for (const { key } of instances) {
    const depth = Math.max(-1, ...(parents.get(key) ?? []).map((other) => depths.get(other) ?? 0)) + 1;
    depths.set(key, depth);
    columns[depth] = [...(columns[depth] ?? []), key];
  }
  return columns;
}

/** Sorts a column by the mean row of its neighbours; what has none keeps its place. */
function order(column: string[], rows: Map<string, number>, neighbours: ReadonlyMap<string, readonly string[]>): void {
  const wish = new Map(
    column.map((key) => {
      const others = neighbours.get(key) ?? [];
      const mean = others.reduce((sum, other) => sum + (rows.get(other) ?? 0), 0) / others.length;
      return [key, others.length === 0 ? (rows.get(key) ?? 0) : mean];
    }),
  );
  column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || (rows.get(a) ?? 0) - (rows.get(b) ?? 0));
  for (const [row, key] of column.entries()) rows.set(key, row);
}
