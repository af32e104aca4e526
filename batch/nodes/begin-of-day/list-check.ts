// Checking a list of rows: the columns that are needed, each figure, nothing named twice. Errors name file, line and column.
import { type CsvRow, readCsvFile } from '../../files/csv-file.ts';
import { FileError, shown } from '../../files/file-error.ts';

/** One row with typed access; every failure is a FileError with its place. */
export class ListRow {
  readonly line: number;
  private readonly file: string;
  private readonly row: CsvRow;

  constructor(file: string, row: CsvRow) {
    this.file = file;
    this.row = row;
    this.line = row.line;
  }

  /** May be empty. */
  text(column: string): string {
    return this.row.text(column);
  }

  needed(column: string): string {
    const text = this.row.text(column);
    return text === '' ? this.fail(column, 'is empty') : text;
  }

  /** A whole number from `least` to 10^12. */
  units(column: string, least = 0): number {
    const text = this.row.text(column);
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least ? value : this.fail(column, `${shown(text)} is not a whole number from ${least}`);
  }

  oneOf<Value extends string>(column: string, values: readonly Value[]): Value {
    const text = this.row.text(column);
    return values.find((value) => value === text) ?? this.fail(column, `${shown(text)} is none of ${values.join(', ')}`);
  }

  /** YYYY-MM-DD */
  date(column: string): string {
    const text = this.row.text(column);
    const time = Date.parse(`${text}T00:00:00Z`);
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : this.fail(column, `${shown(text)} is not a date`);
  }

  fail(column: string, reason: string): never {
    throw new FileError(this.file, `line ${this.line}, ${column}`, reason);
  }
}

/** Visits every row and returns how many; a `key` that comes twice is refused. Rejects with FileError. */
export async function readList(
  file: string,
  columns: readonly string[],
  key: (row: ListRow) => string,
  visit: (row: ListRow) => void = () => undefined,
): Promise<number> {
  const lineOf = new Map<string, number>();
  return readCsvFile(file, columns, (source) => {
    const row = new ListRow(file, source);
    const name = key(row);
    const before = lineOf.get(name);
    if (before !== undefined) throw new FileError(file, `line ${row.line}`, `${name} stands in line ${before} already`);
    lineOf.set(name, row.line);
    visit(row);
  });
}
