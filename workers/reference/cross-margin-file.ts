// What qualifies for cross margin on a day: `cross_margin_DDMMYYYY.csv`, one line per leg. The clearing corporation publishes its lists in circulars
// and no layout of a file is public, so the columns are the house's own: Set (any name), Family (CONSTITUENTS or CORRELATED), Index, Leg, Type (FUT
// or EQ), Units. A set is all its lines together: one unit of the index's futures against so many units of every leg.
import type { CrossMarginLeg, CrossMarginSet } from '../../engine/index.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

const LAYOUT = { required: ['Set', 'Family', 'Index', 'Leg', 'Type', 'Units'], optional: [], unknownColumns: 'refuse' } as const;

/** A set and the line it begins on. */
export interface CrossMarginRow extends CrossMarginSet {
  readonly file: string;
  readonly line: number;
}

/** The sets in the file's order. Throws ReferenceFileError. */
export async function readCrossMarginFile(path: string): Promise<{ rows: CrossMarginRow[]; source: SourceDigest }> {
  const sets = new Map<string, CrossMarginRow & { readonly legs: CrossMarginLeg[] }>();
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    const name = record.required('Set');
    const head = { family: familyOf(record), index: record.required('Index') };
    const known = sets.get(name);
    if (known !== undefined && (known.family !== head.family || known.index !== head.index))
      record.fail('Set', `${name} is of ${known.family} of ${known.index} on line ${known.line}`);
    const set = known ?? { ...head, legs: [], file: path, line: record.line };
    const leg = legOf(record);
    if (set.legs.some((each) => each.symbol === leg.symbol && each.kind === leg.kind))
      record.fail('Leg', `${leg.symbol} stands twice in set ${name}`);
    set.legs.push(leg);
    sets.set(name, set);
  });
  if (sets.size === 0) fault(path, 0, '', 'the list names nothing');
  return { rows: [...sets.values()], source };
}

function familyOf(record: CsvRecord): CrossMarginSet['family'] {
  const text = record.required('Family');
  if (text === 'CONSTITUENTS') return 'constituents';
  return text === 'CORRELATED' ? 'correlated' : record.fail('Family', `"${text}" is neither CONSTITUENTS nor CORRELATED`);
}

function legOf(record: CsvRecord): CrossMarginLeg {
  const kind = record.required('Type');
  if (kind !== 'FUT' && kind !== 'EQ') return record.fail('Type', `"${kind}" is neither FUT nor EQ`);
  const symbol = record.required('Leg');
  if (kind === 'FUT' && symbol === record.text('Index')) record.fail('Leg', `${symbol} cannot offset itself`);
  const units = record.decimal('Units') ?? record.fail('Units', 'is empty');
  return { symbol, kind, units: units > 0 && units <= 1e6 ? units : record.fail('Units', `${units} is not above 0 and at most 1000000`) };
}
