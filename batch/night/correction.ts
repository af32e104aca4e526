// What a correction run would do, before it is opened: the input roles that the newest run of a phase was pinned to, and what of it would run again
// if one of them came anew. Reads only.
import type { Phase } from '../graph/graph.ts';
import type { Night } from './night.ts';

/** One role of input files. */
export interface InputRole {
  readonly role: string;
  readonly file: string;
  readonly sha256: string;
  /** Instances that were pinned to it. */
  readonly users: readonly string[];
  /** Those and all below them: what would run again. */
  readonly again: readonly string[];
}

/** Roles of the newest run of a phase, by name; none when the phase was never run. */
export function inputRoles({ runner, store }: Night, date: string, phase: Phase): readonly InputRole[] {
  const { states, parts } = runner;
  const run = states.newest(date, phase);
  if (run === undefined) return [];
  const found = new Map<string, { file: string; sha256: string; users: string[] }>();
  for (const [key] of states.of(run.id)) {
    for (const record of store.recordsOfInstance(run.id, key)) {
      if (record.kind !== 'input') continue;
      const { role, file, sha256 } = record;
      const users = found.get(role)?.users ?? [];
      if (!users.includes(key)) users.push(key);
      // The version taken in last is the one in force.
      found.set(role, { file, sha256, users });
    }
  }
  const again = (users: readonly string[]): string[] => [...new Set(users.flatMap((key) => [key, ...parts.graph.below(key)]))];
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([role, one]) => ({ role, ...one, again: again(one.users) }));
}
