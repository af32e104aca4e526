// A statement as data: columns and rows whose amounts are still numbers, written to paper with grouping and brackets and to CSV as plain decimals, so
// that both say the same.
import { randomBytes } from 'node:crypto';
import type { Broker } from '../broker.ts';
import type { Contact } from '../contact-list.ts';
import { dayText, plainPaise, rupees } from '../figures.ts';
import { MARGIN, Paper } from '../paper.ts';

/** Text, or an amount in paise. */
export type Cell = string | { readonly paise: number };

/** One column. Width in points. */
export interface SheetColumn {
  readonly title: string;
  readonly width: number;
  readonly isAmount?: boolean;
  /** Long text goes on in further lines. */
  readonly wraps?: boolean;
}

/** See the file's head. */
export interface StatementSheet {
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly { readonly cells: readonly Cell[]; readonly bold?: boolean }[];
  /** What a reader has to know: where figures come from, what is not in them. */
  readonly remarks: readonly string[];
}

/** Whose it is and what it covers; dates YYYY-MM-DD. */
export interface StatementSubject {
  readonly contact: Contact;
  readonly from: string;
  readonly to: string;
}

const OWNER_BYTES = 24;
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** As CSV. */
export function sheetCsv({ columns, rows }: StatementSheet): string {
  const lines = rows.map(({ cells }) => cells.map((cell) => quoted(typeof cell === 'string' ? cell : plainPaise(cell.paise))).join(','));
  return `${[columns.map(({ title }) => quoted(title)).join(','), ...lines].join('\n')}\n`;
}

/** As a PDF under the client's password. Not signed. */
export async function sheetPdf(sheet: StatementSheet, { contact, from, to }: StatementSubject, broker: Broker, at: Date): Promise<Buffer> {
  const paper = new Paper({
    title: sheet.title,
    author: broker.name,
    password: contact.password,
    ownerPassword: randomBytes(OWNER_BYTES).toString('base64url'),
    landscape: false,
    at,
    foot: `${broker.name} | ${broker.sebiRegistration} | ${broker.website} | ${broker.email}`,
    head: (page) => {
      const width = page.doc.page.width - 2 * MARGIN;
      page.put(broker.name, MARGIN, page.y, { size: 12, bold: true, width: width / 2 });
      page.put(sheet.title, MARGIN, page.y, { size: 11, bold: true, width, align: 'right' });
      page.put(broker.address, MARGIN, page.y + 16, { width: width / 2 });
      page.put(`${dayText(from)} to ${dayText(to)}`, MARGIN, page.y + 16, { width, align: 'right' });
      page.put(`${contact.name} | client ${contact.code} | PAN ${contact.pan}`, MARGIN, page.y + 28, { bold: true, width });
      page.y += 42;
      page.rule();
    },
  });
  const columns = sheet.columns.map(({ title, width, isAmount, wraps = false }) => ({
    title,
    width,
    wraps,
    align: isAmount === true ? ('right' as const) : ('left' as const),
  }));
  paper.table(
    columns,
    sheet.rows.map(({ cells, bold = false }) => ({ bold, cells: cells.map((cell) => (typeof cell === 'string' ? cell : rupees(cell.paise))) })),
  );
  for (const remark of sheet.remarks) paper.prose(remark);
  return paper.finish();
}
