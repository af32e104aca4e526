// CSV as exchanges print it: a header of names, rows by those names, a line feed after each; gzip with no time in it, so that bytes repeat.
import { gzipSync } from 'fflate';

/** One row by column; a column that is not named is empty. */
export type Row = Readonly<Record<string, string | number>>;

/** The lines of a file. Throws RangeError on a row that has a column the header has not: a slip in the sandbox itself. */
export function csvText(columns: readonly string[], rows: readonly Row[]): string {
  const known = new Set(columns);
  const lines = rows.map((row) => {
    const stray = Object.keys(row).find((name) => !known.has(name));
    if (stray !== undefined) throw new RangeError(`column ${stray} is not in the header`);
    return columns.map((name) => row[name] ?? '').join(',');
  });
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** Bytes of a file by its name: gzip when it ends in .gz. */
export function fileBytes(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'latin1');
  return name.endsWith('.gz') ? gzipSync(bytes, { mtime: 0 }) : bytes;
}

/** Ticks of 1/10,000 rupee as rupees with two decimals. */
export const rupees = (ticks: number): string => (ticks / 10_000).toFixed(2);
