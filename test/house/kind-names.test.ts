// Every number that stands for a kind has one name, so that nobody is shown a number where a name exists; and a number is never given twice, nor changed.
import { describe, expect, it } from 'vitest';
import { BreakKind, CommandKind, commandName, EventKind, LimitLevel, MarginBasis, OriginKind } from '../../engine/index.ts';

/** Kinds of a release are for ever: what each table's largest number was, and that there are no holes that a rename would leave. */
const TABLES = { BreakKind, EventKind, LimitLevel, MarginBasis, OriginKind };

describe('kinds', () => {
  it('of commands say their names; a number of no release says that it is one', () => {
    const kinds = Object.entries(CommandKind);
    expect(kinds.length).toBeGreaterThan(30);
    for (const [name, kind] of kinds) expect(commandName(kind)).toBe(name);
    expect(new Set(Object.values(CommandKind)).size).toBe(kinds.length);
    expect([commandName(33), commandName(9_999)]).toEqual(['LoadParameters', 'kind 9999']);
  });

  it.each(Object.entries(TABLES))('of %s have a number each', (_table, kinds) => {
    const numbers = Object.values(kinds);
    expect(numbers.length).toBeGreaterThan(1);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
