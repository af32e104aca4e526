// The day's list of what counts as collateral: CSV by header name, one line per security (by ISIN) and one without ISIN per kind as a whole. Percent and
// rupees in the file, 1/10,000 and ticks in what is returned. A house haircut below the exchange's is a fault, not a wish.
import { CollateralKind, type CollateralKindName, type HaircutBody, kindRuleOf, type SetHaircutsBody } from '../../engine/index.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

const LAYOUT = {
  required: ['kind', 'isin', 'price', 'haircut'],
  optional: ['house_haircut', 'class', 'cap', 'security_share', 'counts_until'],
  unknownColumns: 'refuse',
} as const;
const ISIN = /^IN[A-Z0-9]{9}\d$/;
const WHOLE = 10_000;
/** Rows of a list told in one command: a shard folds it once per slot, some milliseconds in which it does nothing else. */
const ROWS_AT_ONCE = 100;

/** The rows in the file's order. Throws ReferenceFileError. */
export async function readApprovedSecurities(path: string): Promise<{ readonly rows: HaircutBody[]; readonly source: SourceDigest }> {
  const rows: HaircutBody[] = [];
  const lines = new Map<string, number>();
  const source = await readCsvRecords(path, LAYOUT, (record) => {
    const row = rowOf(record);
    const key = row.isin ?? row.kind;
    const before = lines.get(key);
    if (before !== undefined) record.fail(row.isin === undefined ? 'kind' : 'isin', `${key} is on line ${before} already`);
    lines.set(key, record.line);
    rows.push(row);
  });
  if (rows.length === 0) fault(path, 0, '', 'the list names nothing');
  return { rows, source };
}

/** A list, or a part of one, as commands of bounded size, one at least: the first replaces and the last revalues, where the list is to. */
export function haircutParts({ date, rows, replace = true, revalue = true }: SetHaircutsBody): SetHaircutsBody[] {
  const parts = Math.max(1, Math.ceil(rows.length / ROWS_AT_ONCE));
  return Array.from({ length: parts }, (_, part) => ({
    date,
    rows: rows.slice(part * ROWS_AT_ONCE, (part + 1) * ROWS_AT_ONCE),
    replace: replace && part === 0,
    revalue: revalue && part === parts - 1,
  }));
}

function rowOf(record: CsvRecord): HaircutBody {
  const kind = oneOf(record, 'kind', Object.keys(CollateralKind) as CollateralKindName[]) ?? record.fail('kind', 'is empty');
  const isin = record.text('isin');
  if (isin !== '' && !ISIN.test(isin)) record.fail('isin', `"${isin}" is not an ISIN`);
  if (isin !== '' && kindRuleOf(CollateralKind[kind]).isAmount) record.fail('isin', `is not for ${kind}, which is an amount`);
  const [haircut, house] = [percent(record, 'haircut'), percent(record, 'house_haircut')];
  if (isin !== '' && haircut === undefined) record.fail('haircut', 'is empty');
  if (house !== undefined && house < (haircut ?? 0))
    record.fail('house_haircut', `${record.text('house_haircut')} % is below the exchange's ${record.text('haircut')} %`);
  const price = record.scaled('price', 4);
  if (isin !== '' && !(price !== undefined && price > 0)) record.fail('price', `"${record.text('price')}" is not a price in rupees`);
  if (isin === '' && price !== undefined) record.fail('price', 'is for a security only');
  const cap = record.scaled('cap', isin === '' ? 2 : 0);
  const until = record.date('counts_until');
  const side = oneOf(record, 'class', ['CASH_EQUIVALENT', 'NON_CASH'] as const);
  const share = percent(record, 'security_share');
  if (share !== undefined && isin !== '') record.fail('security_share', 'is for a kind as a whole: leave isin empty');
  return {
    kind,
    ...(isin === '' ? {} : { isin, price: price ?? 0 }),
    ...(haircut === undefined ? {} : { haircut }),
    ...(house === undefined ? {} : { houseHaircut: house }),
    ...(side === undefined ? {} : { class: side }),
    ...(cap === undefined ? {} : { cap: cap > 0 ? cap : record.fail('cap', 'must be above 0, or empty') }),
    ...(share === undefined ? {} : { securityShare: share > 0 ? share : record.fail('security_share', 'must be above 0, or empty') }),
    ...(until === 0 ? {} : { countsUntil: until }),
  };
}

function oneOf<Name extends string>(record: CsvRecord, column: string, names: readonly Name[]): Name | undefined {
  const text = record.text(column);
  if (text === '') return undefined;
  return names.find((name) => name === text) ?? record.fail(column, `"${text}" must be one of ${names.join(', ')}`);
}

/** 1/10,000 of a percentage from 0 to 100. */
function percent(record: CsvRecord, column: string): number | undefined {
  const value = record.scaled(column, 2);
  return value === undefined || (value >= 0 && value <= WHOLE)
    ? value
    : record.fail(column, `"${record.text(column)}" is not a percentage from 0 to 100`);
}
