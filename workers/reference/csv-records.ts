// Comma-separated reference files, streamed and read by header name. A record is a view on the current line: valid inside the callback
// only. Quoted fields, CRLF, a byte order mark and blank lines are understood; a short or long row, a missing column and an ill-typed
// field are located errors. Text is ISO-8859-1.
import { dateOf, decimalOf, scaledDecimalOf } from './decimal-text.ts';
import { fault } from './reference-error.ts';
import { readSource, type SourceDigest } from './source-file.ts';

/** Columns of a file: what must be there, what may be, and whether anything else is refused. */
export interface CsvLayout {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly unknownColumns: 'keep' | 'refuse';
  /** Maps a header as printed to a column name of this layout (a header may carry a date); default: as printed. */
  readonly columnOf?: (header: string) => string;
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

/** Streams the rows of a file to `onRecord`. Throws ReferenceFileError; what was handed out before it must then be dropped. */
export async function readCsvRecords(path: string, layout: CsvLayout, onRecord: (record: CsvRecord) => void): Promise<SourceDigest> {
  let rest = '';
  let line = 0;
  let record: CsvRecord | undefined;
  const takeLine = (text: string): void => {
    line++;
    if (text.trim() === '') return;
    const fields = splitFields(path, line, text);
    if (record === undefined) {
      const columns = layout.positional?.(fields);
      record = openRecord(path, line, columns ?? fields.map((field) => (layout.columnOf ?? identity)(field.trim())), layout);
      if (columns === undefined) return;
    }
    deliver(record, line, fields, onRecord);
  };
  const digest = await readSource(path, (bytes) => {
    const text = rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const lines = text.split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) takeLine(each);
  });
  if (rest !== '') takeLine(rest);
  if (record === undefined) fault(path, 0, '', 'the file is empty');
  return digest;
}

const identity = (header: string): string => header;

function openRecord(file: string, line: number, columns: readonly string[], layout: CsvLayout): CsvRecord {
  const names = columns.map((name, index) => (index === 0 ? name.replace(/^\u00ef\u00bb\u00bf/, '') : name));
  for (const name of layout.required) if (!names.includes(name)) fault(file, line, name, 'column is missing');
  const known = new Set([...layout.required, ...layout.optional]);
  names.forEach((name, index) => {
    if (layout.unknownColumns === 'refuse' && !known.has(name)) fault(file, line, name, 'column is not known in this layout');
    if (name !== '' && names.indexOf(name) !== index) fault(file, line, name, 'column appears twice');
  });
  return new CsvRecord(file, names);
}

function deliver(record: CsvRecord, line: number, fields: readonly string[], onRecord: (record: CsvRecord) => void): void {
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
}

function splitFields(file: string, line: number, text: string): string[] {
  const row = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (!row.includes('"')) return row.split(',');
  const fields: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const isQuoted = row[at] === '"';
    const end = isQuoted ? closingQuote(row, at) : row.indexOf(',', at);
    if (isQuoted && (end < 0 || (end + 1 < row.length && row[end + 1] !== ','))) fault(file, line, '', 'a quoted field is not closed');
    const to = end < 0 ? row.length : end;
    fields.push(isQuoted ? row.slice(at + 1, to).replaceAll('""', '"') : row.slice(at, to));
    at = isQuoted ? to + 2 : to + 1;
  }
  return fields;
}

/** Index of the quote that closes the field opened at `from`; -1 when none does. */
function closingQuote(row: string, from: number): number {
  for (let at = from + 1; at < row.length; at++) {
    if (row[at] !== '"') continue;
    if (row[at + 1] !== '"') return at;
    at++;
  }
  return -1;
}

/** A field quoted when it must be. */
export function csvField(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
