// Comma-separated reference files, streamed through csv-parse and read by header name. A record is a view on the current row: valid
// inside the callback only. A row is one line; a short or long row, a line break inside quotes, a missing column and an ill-typed field
// are located errors. Text is ISO-8859-1, or what a byte order mark says.
import { finished } from 'node:stream/promises';
import { CsvError, type CsvErrorCode, type Info, type Options, parse } from 'csv-parse';
import { dateOf, decimalOf, scaledDecimalOf } from './decimal-text.ts';
import { fault, ReferenceFileError } from './reference-error.ts';
import { readSource, type SourceDigest } from './source-file.ts';

/** Columns of a file: what must be there, what may be, and whether anything else is refused. */
export interface CsvLayout {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly unknownColumns: 'keep' | 'refuse';
  /** Maps a header as printed to a column name of this layout (a header may carry a date); default: as printed. */
  readonly columnOf?: (header: string) => string;
  /** What stands between fields; a comma unless said. */
  readonly delimiter?: string;
  /** Column names by position, for a file that has no header line. */
  readonly positional?: (firstLine: readonly string[]) => readonly string[] | undefined;
}

/** One row, addressed by column name. */
export class CsvRecord {
  readonly file: string;
  readonly columns: readonly string[];
  line = 0;
  fields: readonly string[] = [];
  private readonly indexOf: ReadonlyMap<string, number>;
  /** A file holds few different dates. */
  private readonly dates = new Map<string, number>();

  constructor(file: string, columns: readonly string[]) {
    this.file = file;
    this.columns = columns;
    this.indexOf = new Map(columns.map((name, index) => [name, index]));
  }

  has(column: string): boolean {
    return this.indexOf.has(column);
  }

  /** The field, trimmed; '' when empty or when the file has no such column. */
  text(column: string): string {
    const index = this.indexOf.get(column);
    return index === undefined ? '' : (this.fields[index] ?? '').trim();
  }

  /** The field, which must not be empty. */
  required(column: string): string {
    const text = this.text(column);
    return text === '' ? this.fail(column, 'is empty') : text;
  }

  /** A decimal as a double; undefined when empty. */
  decimal(column: string): number | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const value = decimalOf(text);
    return Number.isNaN(value) ? this.fail(column, `"${text}" is not a number`) : value;
  }

  /** A decimal times 10^digits, exactly; undefined when empty. */
  scaled(column: string, digits: number): number | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const value = scaledDecimalOf(text, digits);
    return Number.isNaN(value) ? this.fail(column, `"${text}" is not a number of at most ${digits} decimals`) : value;
  }

  /** A whole number; undefined when empty. */
  integer(column: string): number | undefined {
    return this.scaled(column, 0);
  }

  /** An exchange's token: a whole number from 1 that fits 32 bits. */
  token(column: string): number {
    const token = this.integer(column);
    return token === undefined || token <= 0 || token > 0xffff_ffff ? this.fail(column, `"${this.text(column)}" is not a token`) : token;
  }

  /** yyyymmdd; 0 when empty. */
  date(column: string): number {
    const text = this.text(column);
    const date = this.dates.get(text) ?? dateOf(text);
    this.dates.set(text, date);
    return date === 0 && text !== '' ? this.fail(column, `"${text}" is not a date`) : date;
  }

  fail(column: string, reason: string): never {
    return fault(this.file, this.line, column, reason);
  }
}

/** Longest row, in bytes. */
const MAX_ROW = 1 << 16;

/** Quotes are refused where they do not belong; how many fields a row has is checked against the header in `deliver`. */
const DIALECT: Options = {
  bom: true,
  encoding: 'latin1',
  record_delimiter: ['\r\n', '\n'],
  skip_empty_lines: true,
  relax_column_count: true,
  max_record_size: MAX_ROW,
};

const NOT_CLOSED = 'a quoted field is not closed';

const REASONS: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: NOT_CLOSED,
  CSV_INVALID_CLOSING_QUOTE: NOT_CLOSED,
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that does not begin with one',
  CSV_MAX_RECORD_SIZE: `row of more than ${MAX_ROW} bytes, or ${NOT_CLOSED}`,
};

/** Streams the rows of a file to `onRecord`. Throws ReferenceFileError; what was handed out before it must then be dropped. */
export async function readCsvRecords(path: string, layout: CsvLayout, onRecord: (record: CsvRecord) => void): Promise<SourceDigest> {
  let record: CsvRecord | undefined;
  const takeRow = (fields: readonly string[], at: Info): null => {
    const line = linesBefore(at);
    // Only then has the parser met a line break inside a row; looking into every field would cost time.
    if (at.lines > line && fields.some((field) => field.includes('\n'))) fault(path, line, '', NOT_CLOSED);
    if (fields.length === 1 && fields[0]?.trim() === '') return null;
    if (record !== undefined) return deliver(record, line, fields, onRecord);
    const columns = layout.positional?.(fields);
    record = openRecord(path, line, columns ?? fields.map((field) => (layout.columnOf ?? identity)(field.trim())), layout);
    return columns === undefined ? null : deliver(record, line, fields, onRecord);
  };
  const parser = parse({ ...DIALECT, delimiter: layout.delimiter ?? ',', on_record: takeRow });
  const located = (error: unknown): unknown =>
    error instanceof CsvError
      ? new ReferenceFileError({ file: path, line: linesBefore(parser.info) + 1, field: '' }, REASONS[error.code] ?? error.message)
      : error;
  // Errors are taken from where they arise; an event nobody listens to would end the process.
  parser.on('error', () => {});
  const digest = await readSource(path, (bytes) => {
    // A copy, as the parser keeps the unfinished row. Rows go out inside write: with nothing passed downstream it never waits.
    parser.write(Buffer.from(bytes));
    if (parser.errored !== null) throw located(parser.errored);
  });
  await finished(parser.end().resume()).catch((error: unknown) => {
    throw located(error);
  });
  if (record === undefined) fault(path, 0, '', 'the file is empty');
  return digest;
}

/** Lines read up to and including the last complete row: a row is one line. */
function linesBefore(at: Info): number {
  return at.records + at.empty_lines;
}

const identity = (header: string): string => header;

function openRecord(file: string, line: number, columns: readonly string[], layout: CsvLayout): CsvRecord {
  for (const name of layout.required) if (!columns.includes(name)) fault(file, line, name, 'column is missing');
  const known = new Set([...layout.required, ...layout.optional]);
  columns.forEach((name, index) => {
    if (layout.unknownColumns === 'refuse' && !known.has(name)) fault(file, line, name, 'column is not known in this layout');
    if (name !== '' && columns.indexOf(name) !== index) fault(file, line, name, 'column appears twice');
  });
  return new CsvRecord(file, columns);
}

function deliver(record: CsvRecord, line: number, fields: readonly string[], onRecord: (record: CsvRecord) => void): null {
  const expected = record.columns.length;
  if (fields.length < expected) {
    fault(record.file, line, record.columns[fields.length] ?? '', `row ends early: ${fields.length} fields, the header has ${expected}`);
  }
  if (fields.length > expected && fields.slice(expected).some((field) => field.trim() !== '')) {
    fault(record.file, line, '', `row has ${fields.length} fields, the header has ${expected}`);
  }
  record.line = line;
  record.fields = fields;
  onRecord(record);
  return null;
}

/** A field quoted when it must be. */
export function csvField(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
