// Statements of clients from the night's server: the same sheets as the command line's, as PDF under the client's password, CSV or JSON. A PAN is masked in
// all of them: whoever works the night needs to know whose statement it is, not the number.
import { readBroker } from '../notes/broker.ts';
import { type Contact, readContacts } from '../notes/contact-list.ts';
import { STATEMENT_KINDS } from '../notes/statements/statement-kinds.ts';
import { type StatementSheet, type StatementSubject, sheetCsv, sheetPdf } from '../notes/statements/statement-sheet.ts';
import { type Answer, json, Refusal } from './http-answer.ts';
import type { Night } from './night.ts';

/** What is asked for; dates YYYY-MM-DD. */
export interface StatementAsked {
  readonly kind: string;
  readonly client: string;
  readonly from: string;
  readonly to: string;
  readonly format: string;
}

const MICROS_PER_MILLI = 1_000;

/** First and last two characters. */
export const maskedPan = (pan: string): string => `${pan.slice(0, 2)}${'X'.repeat(Math.max(0, pan.length - 4))}${pan.slice(-2)}`;

/** The statement. Refuses with 404 who is no client, 400 what is no statement, 409 where the house's own files are not there. */
export async function statementAnswer(night: Night, dataDirectory: string, asked: StatementAsked): Promise<Answer> {
  const { kind, client, from, to, format } = asked;
  const maker = Object.hasOwn(STATEMENT_KINDS, kind) ? STATEMENT_KINDS[kind] : undefined;
  if (maker === undefined) throw new Refusal(400, `kind must be one of ${Object.keys(STATEMENT_KINDS).join(', ')}`);
  if (format !== 'pdf' && format !== 'csv' && format !== 'json') throw new Refusal(400, 'format must be one of pdf, csv, json');
  if (from > to) throw new Refusal(400, `from ${from} is after to ${to}`);
  const subject = { contact: await contactOf(dataDirectory, client), from, to };
  const sheet = maker(night.store, subject);
  const name = `${kind}-${client}-${from}-${to}`;
  const headers = { 'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}.${format}"` };
  if (format === 'json') return json(200, asJson(kind, sheet, subject));
  if (format === 'csv') return { status: 200, contentType: 'text/csv; charset=utf-8', body: sheetCsv(sheet), headers };
  const at = new Date(night.runner.parts.now() / MICROS_PER_MILLI);
  const broker = await ofHouse(() => readBroker(dataDirectory));
  return { status: 200, contentType: 'application/pdf', body: await sheetPdf(sheet, subject, broker, at), headers };
}

async function contactOf(dataDirectory: string, client: string): Promise<Contact> {
  const contact = (await ofHouse(() => readContacts(dataDirectory))).get(client);
  if (contact === undefined) throw new Refusal(404, `client ${client.slice(0, 16)} is not in contacts.csv`);
  return { ...contact, pan: maskedPan(contact.pan) };
}

/** A file of the house that is missing or wrong is said by its place; it never shows personal data. */
async function ofHouse<Found>(read: () => Found | Promise<Found>): Promise<Found> {
  try {
    return await read();
  } catch (error) {
    throw new Refusal(409, error instanceof Error ? error.message : 'a file of the house cannot be read');
  }
}

function asJson(kind: string, { title, columns, rows, remarks }: StatementSheet, { contact, from, to }: StatementSubject): object {
  return {
    kind,
    title,
    client: { code: contact.code, name: contact.name, pan: contact.pan },
    from,
    to,
    columns: columns.map((column) => ({ title: column.title, isAmount: column.isAmount === true })),
    rows: rows.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? cell : { amount_paise: cell.paise }))),
    remarks,
  };
}
