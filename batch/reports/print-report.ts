// A report from a layout and rows of figures: text of a CSV file. A column that asks for a figure nobody has is refused, so that a misspelt layout
// never sends blanks.
import { FileError } from '../files/file-error.ts';
import type { ReportColumn } from './layouts.ts';

/** Prints it; rows in the order given. Throws FileError naming report and column. */
export function printReport(report: string, columns: readonly ReportColumn[], rows: readonly Readonly<Record<string, string>>[]): string {
  const line = (row: Readonly<Record<string, string>>): string =>
    columns
      .map(({ heading, value }) => {
        if (value === '') return '';
        if (value.startsWith('=')) return value.slice(1);
        const cell = row[value];
        if (cell === undefined)
          throw new FileError(`layout of ${report}`, heading, `asks for "${value}", which is none of ${Object.keys(row).join(', ')}`);
        return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      })
      .join(',');
  return `${[columns.map(({ heading }) => heading).join(','), ...rows.map(line)].join('\n')}\n`;
}
