// Who clients are and how they want their notes: contacts.csv of the data directory, one line a client. Columns: client, name, pan, address, state,
// email, mobile, delivery (email, paper, or none: own and error accounts get no note), password (empty: the PAN in capitals). Nothing of it is ever
// logged.
import { join } from 'node:path';
import { type CsvRow, readCsvFile } from '../files/csv-file.ts';
import { FileError } from '../files/file-error.ts';

/** Name of the file in a data directory. */
export const CONTACTS_FILE = 'contacts.csv';

export type Delivery = 'email' | 'paper' | 'none';

/** One client. */
export interface Contact {
  readonly code: string;
  readonly name: string;
  readonly pan: string;
  readonly address: string;
  readonly state: string;
  readonly email: string;
  readonly mobile: string;
  readonly delivery: Delivery;
  /** What opens the client's documents. */
  readonly password: string;
}

const COLUMNS = ['client', 'name', 'pan', 'address', 'state', 'email', 'mobile', 'delivery', 'password'];
const RULES: readonly (readonly [string, RegExp, string])[] = [
  ['client', /^[!-.0-~]{1,16}$/, 'is not a client code of 1 to 16 characters'],
  ['name', /./, 'is empty'],
  ['pan', /^[A-Z]{5}\d{4}[A-Z]$/, 'is not a PAN'],
  ['state', /^[A-Z]{2}$/, 'is not the two letters of a state'],
  ['email', /^$|^[^\s@<>,;]+@[^\s@<>,;]+$/, 'is not an address'],
  ['mobile', /^$|^[6-9]\d{9}$/, 'is not a mobile number of ten digits'],
  ['delivery', /^(email|paper|none)$/, 'is none of email, paper, none'],
  ['password', /^$|^[ -~]{6,32}$/, 'is not 6 to 32 printable characters'],
];

/** Contacts by client code. Rejects with FileError (which never shows a PAN or password); a client twice is refused. */
export async function readContacts(dataDirectory: string): Promise<ReadonlyMap<string, Contact>> {
  const file = join(dataDirectory, CONTACTS_FILE);
  const contacts = new Map<string, Contact>();
  await readCsvFile(file, COLUMNS, (row) => {
    const contact = contactOf(file, row);
    if (contacts.has(contact.code)) throw new FileError(file, `line ${row.line}: client`, 'stands twice');
    contacts.set(contact.code, contact);
  });
  return contacts;
}

function contactOf(file: string, row: CsvRow): Contact {
  for (const [column, shape, reason] of RULES) if (!shape.test(row.text(column))) throw new FileError(file, `line ${row.line}: ${column}`, reason);
  const delivery = row.text('delivery') as Delivery;
  if (delivery === 'email' && row.text('email') === '')
    throw new FileError(file, `line ${row.line}: email`, 'is empty, and notes are to go by email');
  const pan = row.text('pan');
  return {
    code: row.text('client'),
    name: row.text('name'),
    pan,
    address: row.text('address'),
    state: row.text('state'),
    email: row.text('email'),
    mobile: row.text('mobile'),
    delivery,
    password: row.text('password') === '' ? pan : row.text('password'),
  };
}
