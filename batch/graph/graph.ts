// A graph made of rows: phrases typed, edges resolved (wildcards, cross-phase, per segment), refused when it could not run: unknown ids, cycles,
// unreadable policies, a node that may not be repeated without its compensation. Immutable; its hash is stored in every run, so that a run in
// flight is interpreted by the definition it started with.
import { createHash } from 'node:crypto';
import { parseServiceLevel, type ServiceLevel } from './due-time.ts';
import { type FailureSurface, parseFailureSurface } from './failure-surface.ts';
import { CHAINS, type Chain, type NodeRow, SEGMENT_OF, SEGMENTS, SETTLED_IN } from './node-row.ts';
import { parseRetryPolicy, type RetryPolicy } from './retry-policy.ts';

/** Phases of a business day; each is one graph and one kind of run. */
export const PHASES = ['bod', 'th', 'eod', 'set'] as const;
/** One of PHASES: begin of day, trading hours, end of day, settlement. */
export type Phase = (typeof PHASES)[number];

/** An edge to the same node of earlier business dates. */
export interface PastEdge {
  readonly id: string;
  readonly dates: number;
}

/** A node with its phrases understood. */
export interface GraphNode {
  readonly row: NodeRow;
  readonly phase: Phase;
  /** Ids of the nodes it waits for, of any phase. */
  readonly waitsFor: readonly string[];
  /** Nodes of earlier business dates it waits for: each of the last `dates`. */
  readonly waitsPast: readonly PastEdge[];
  readonly retry: RetryPolicy;
  readonly due: ServiceLevel;
  readonly surface: FailureSurface;
}

/** One thing to be run: a node, in a segment or (time-triggered) at its nth instant. */
export interface Instance {
  /** `ID`, `ID@SEGMENT` or `ID#n`. */
  readonly key: string;
  readonly node: GraphNode;
  readonly segment: Chain | undefined;
  /** Index into the trigger's instants; 0 without several. */
  readonly instant: number;
  /** Keys of the instances it waits for, of this run and of others of the same date. */
  readonly waitsFor: readonly string[];
}

/** Phase a node id belongs to, by its prefix. */
export function phaseOf(id: string): Phase {
  if (id.startsWith('BOD-')) return 'bod';
  if (id.startsWith('TH-')) return 'th';
  return id.startsWith('EOD-') ? 'eod' : 'set';
}

/** See the file's head. Throws RangeError from its constructor when the rows cannot run. */
export class Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly instances: ReadonlyMap<string, Instance>;
  /** Chains of the house: the plan's four, and further ones that an instance is of. */
  readonly chains: readonly Chain[];
  /** The rows as JSON: what a run stores of the plan it started with. */
  readonly definition: string;
  /** SHA-256 of the definition, hex. */
  readonly hash: string;

  /** Throws RangeError naming the first row that cannot run. */
  constructor(rows: readonly NodeRow[]) {
    const ids = new Set<string>();
    for (const { id } of rows) {
      if (ids.has(id)) throw new RangeError(`${id}: stands twice in the graph`);
      ids.add(id);
    }
    this.nodes = new Map(rows.map((row) => [row.id, understood(row, ids)]));
    this.instances = instancesOf(this.nodes);
    refuseCycles(this.instances);
    const found = new Set<string | undefined>([...SEGMENTS, ...[...this.instances.values()].map(({ segment }) => segment)]);
    this.chains = CHAINS.filter((chain) => found.has(chain));
    this.definition = JSON.stringify(rows);
    this.hash = createHash('sha256').update(this.definition).digest('hex');
  }

  /** Instances of one phase, in an order in which each comes after all it waits for. */
  phase(phase: Phase): Instance[] {
    return [...this.instances.values()].filter(({ node }) => node.phase === phase && node.row.effect !== 'engine');
  }

  /** Everything that waits for an instance, directly or through others, in any phase; keys. */
  below(key: string): string[] {
    const found = new Set([key]);
    for (const instance of this.instances.values()) if (instance.waitsFor.some((other) => found.has(other))) found.add(instance.key);
    found.delete(key);
    return [...found];
  }

  /** The instance of a key. Throws RangeError when the graph has none; a row of the plan that stands once per segment is answered with their keys. */
  instance(key: string): Instance {
    const instance = this.instances.get(key);
    if (instance !== undefined) return instance;
    const parts = [...this.instances.values()].filter(({ node }) => node.row.id === key).map((part) => part.key);
    throw new RangeError(
      parts.length === 0 ? `${key}: the graph has no such node` : `${key} stands more than once in the graph: say ${parts.join(', ')}`,
    );
  }
}

function understood(row: NodeRow, ids: ReadonlySet<string>): GraphNode {
  try {
    const words = row.after ?? row.dependsOn;
    if ((row.after !== undefined || row.across !== undefined || row.byClock !== undefined) && row.reading === undefined && row.trigger === undefined)
      throw new RangeError('departs from the plan and does not say why');
    const mayNotRepeat = row.effect === 'external' && row.idempotent.startsWith('no');
    if (mayNotRepeat && row.compensation === undefined) throw new RangeError('may not be repeated and names no compensation');
    return {
      row,
      phase: phaseOf(row.id),
      ...edges(row.id, words, ids),
      retry: parseRetryPolicy(row.retry),
      due: parseServiceLevel(row.due ?? row.sla),
      surface: parseFailureSurface(row.surface),
    };
  } catch (error) {
    throw new RangeError(`${row.id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a depends_on phrase names: a list, `all PREFIX-*`, or nothing ([entry], [time-trigger …], [event-trigger]). */
function edges(id: string, words: string, ids: ReadonlySet<string>): Pick<GraphNode, 'waitsFor' | 'waitsPast'> {
  const waitsFor: string[] = [];
  const waitsPast: PastEdge[] = [];
  if (words === '' || words.startsWith('[')) return { waitsFor, waitsPast };
  const wildcard = /^all ([A-Z-]+)\*$/.exec(words);
  if (wildcard !== null) return { waitsFor: [...ids].filter((other) => other.startsWith(wildcard[1] ?? '') && other !== id), waitsPast };
  for (const part of words.split(', ')) {
    const [, named = '', past, count] = /^([A-Z0-9_-]+)(?: \((?:all \d+|(previous)|last (\d+))\))?$/.exec(part) ?? [];
    if (!ids.has(named)) throw new RangeError(`waits for ${part}, which is not in the graph`);
    if (past === undefined && count === undefined) waitsFor.push(named);
    else waitsPast.push({ id: named, dates: count === undefined ? 1 : Number(count) });
  }
  return { waitsFor, waitsPast };
}

function instancesOf(nodes: ReadonlyMap<string, GraphNode>): Map<string, Instance> {
  const keysOf = new Map([...nodes].map(([id, node]) => [id, keys(node)]));
  const known = new Set([...keysOf.values()].flat().map(({ key }) => key));
  const unsorted: Instance[] = [];
  for (const [id, node] of nodes) {
    for (const { key, segment, instant } of keysOf.get(id) ?? []) {
      const isByClock = segment !== undefined && node.row.byClock?.includes(segment) === true;
      const waitsFor = isByClock ? [] : node.waitsFor.flatMap((other) => matching(keysOf.get(other) ?? [], segment, node.row.per));
      if (!isByClock && node.waitsFor.length > 0 && waitsFor.length === 0) throw new RangeError(`${key}: nothing it waits for exists in its segment`);
      const across = segment === undefined ? [] : (node.row.across?.[segment] ?? []);
      const unknown = across.find((other) => !known.has(other));
      if (unknown !== undefined) throw new RangeError(`${key}: waits for ${unknown}, which is not in the graph`);
      unsorted.push({ key, node, segment, instant, waitsFor: [...waitsFor, ...across] });
    }
  }
  return sorted(unsorted);
}

interface Key {
  readonly key: string;
  readonly segment: Chain | undefined;
  readonly instant: number;
}

function keys({ row }: GraphNode): Key[] {
  if (row.per !== 'day') return row.per.map((segment) => ({ key: `${row.id}@${segment}`, segment, instant: 0 }));
  const instants = row.trigger?.minutes.length ?? 1;
  if (instants === 1) return [{ key: row.id, segment: undefined, instant: 0 }];
  return Array.from({ length: instants }, (_, instant) => ({ key: `${row.id}#${instant + 1}`, segment: row.trigger?.segments?.[instant], instant }));
}

/**
 * Instances of a node that one in `segment` waits for: its own segment's, or all when either has none. Where one side is parted by exchange and the other by
 * clearing segment only, a segment goes with every chain cleared in it.
 */
function matching(others: readonly Key[], segment: Chain | undefined, own: NodeRow['per']): string[] {
  const isParted = others.some((other) => other.segment === segment);
  const goesWith = (other: Chain): boolean =>
    other === segment ||
    (SEGMENT_OF[other] === segment && !own.includes(other)) ||
    (segment !== undefined && SETTLED_IN[segment] === other && !isParted);
  return others.filter((other) => segment === undefined || other.segment === undefined || goesWith(other.segment)).map(({ key }) => key);
}

/** Parents first; instances of a cycle come last, in no order (refuseCycles names them). */
function sorted(instances: readonly Instance[]): Map<string, Instance> {
  const left = new Map(instances.map((instance) => [instance.key, instance]));
  const done = new Map<string, Instance>();
  for (let before = -1; before !== done.size; ) {
    before = done.size;
    for (const [key, instance] of left) {
      if (instance.waitsFor.some((other) => left.has(other))) continue;
      left.delete(key);
      done.set(key, instance);
    }
  }
  return new Map([...done, ...left]);
}

function refuseCycles(instances: ReadonlyMap<string, Instance>): void {
  const seen = new Set<string>();
  for (const { key, waitsFor } of instances.values()) {
    const later = waitsFor.find((other) => !seen.has(other));
    if (later !== undefined) throw new RangeError(`${key}: waits for ${later}, which waits for it: a cycle`);
    seen.add(key);
  }
}
