// A clearing corporation's CSV, plain or gzip, streamed and read by header name: columns may move, be renamed where we do not look, or be added. A missing
// column or an unreadable figure is a located error; nothing is returned of a file that is wrong anywhere.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { FileError, unreadable } from './file-error.ts';

/** One row by column name. */
export interface CsvRow {
  readonly line: number;
  /** Text of a column, trimmed. */
  text(column: string): string;
}

/** Visits every row. Rejects with FileError, also when one of `columns` is not in the header. */
export async function readCsvFile(file: string, columns: readonly string[], visit: (row: CsvRow) => void): Promise<number> {
  const source = createReadStream(file);
  const bytes = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  const parser = parse({ bom: true, relax_column_count: true, trim: true, skip_empty_lines: true, info: true });
  for (const stream of [source, bytes]) stream.on('error', (error: Error) => parser.destroy(error));
  let header: Map<string, number> | undefined;
  let rows = 0;
  try {
    for await (const { record, info } of bytes.pipe(parser) as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (header === undefined) {
        header = headerOf(file, record, columns);
        continue;
      }
      if (record.length < header.size)
        throw new FileError(file, `line ${info.lines}`, `has ${record.length} columns where the header has ${header.size}`);
      rows += 1;
      const names = header;
      visit({ line: info.lines, text: (column) => record[names.get(column) ?? -1] ?? '' });
    }
  } catch (error) {
    throw located(file, error);
  }
  if (header === undefined) throw new FileError(file, '', 'is empty: there is no header');
  return rows;
}

function headerOf(file: string, record: readonly string[], columns: readonly string[]): Map<string, number> {
  const header = new Map(record.map((name, index) => [name, index]));
  const missing = columns.filter((column) => !header.has(column));
  if (missing.length > 0) throw new FileError(file, 'line 1', `has no column ${missing.join(', ')}`);
  return header;
}

function located(file: string, error: unknown): unknown {
  if (error instanceof FileError) return error;
  const { code, lines, message } = error as { code?: string; lines?: number; message: string };
  if (code?.startsWith('CSV_') === true) return new FileError(file, lines === undefined ? '' : `line ${lines}`, message);
  if (code?.startsWith('Z_') === true) return new FileError(file, '', `is not a whole gzip file (${code})`);
  return unreadable(file, error);
}
