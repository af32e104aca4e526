// What differs between two runs of a date: other inputs, other results, another end.
import type { InstanceState } from './instance-state.ts';
import type { Output } from './record.ts';

/** One difference between two runs of a date. */
export interface RunDifference {
  readonly key: string;
  readonly what: 'status' | 'input' | 'output';
  readonly name: string;
  readonly left: Output;
  readonly right: Output;
}

/** Differences, instance by instance in the order of `left`; instances only one of them has count as waiting in the other. */
export function runDifferences(left: ReadonlyMap<string, InstanceState>, right: ReadonlyMap<string, InstanceState>): RunDifference[] {
  const found: RunDifference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(key), right.get(key)];
    const [statusA, statusB] = [a?.status ?? 'waiting', b?.status ?? 'waiting'];
    if (statusA !== statusB) found.push({ key, what: 'status', name: '', left: statusA, right: statusB });
    found.push(...differing(key, 'input', a?.inputs ?? {}, b?.inputs ?? {}), ...differing(key, 'output', a?.outputs ?? {}, b?.outputs ?? {}));
  }
  return found;
}

function differing(key: string, what: 'input' | 'output', a: Readonly<Record<string, Output>>, b: Readonly<Record<string, Output>>): RunDifference[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .map((name) => ({ key, what, name, left: a[name] ?? null, right: b[name] ?? null }));
}
