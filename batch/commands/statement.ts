// `tarazu-batch statement ledger|margin|obligation|delivery|holdings|tax --client CODE --from D --to D [--data DIR] [--out DIR]`: a statement as PDF
// (under the client's password) and CSV. Reads beside a night at work; needs broker.json and contacts.csv.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nightDirectory } from '../night/night.ts';
import { systemMicros } from '../night/with-night.ts';
import { readBroker } from '../notes/broker.ts';
import { readContacts } from '../notes/contact-list.ts';
import { STATEMENT_KINDS } from '../notes/statements/statement-kinds.ts';
import { sheetCsv, sheetPdf } from '../notes/statements/statement-sheet.ts';
import { NightStore, NoNight } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { data: { ...text, default: 'data' }, client: text, from: text, to: text, out: { ...text, default: '.' } },
    allowPositionals: true,
  });
  const [kind = ''] = positionals;
  const { data, client, from, to, out } = values;
  if (!Object.hasOwn(STATEMENT_KINDS, kind) || client === undefined || from === undefined || to === undefined) {
    process.stderr.write(`tarazu-batch statement: ${Object.keys(STATEMENT_KINDS).join('|')} --client CODE --from D --to D are needed\n`);
    return 2;
  }
  const broker = readBroker(data);
  const contact = (await readContacts(data)).get(client);
  if (contact === undefined) throw new Error(`client ${client} is not in contacts.csv`);
  const subject = { contact, from: dayOption(from), to: dayOption(to) };
  const store = openBooks(join(nightDirectory(data), 'state'));
  try {
    const sheet = STATEMENT_KINDS[kind]?.(store, subject);
    if (sheet === undefined) return 2;
    mkdirSync(out, { recursive: true });
    const stem = join(out, `${kind}-${client}-${subject.from}-${subject.to}`);
    writeFileSync(`${stem}.csv`, sheetCsv(sheet), { mode: 0o600 });
    writeFileSync(`${stem}.pdf`, await sheetPdf(sheet, subject, broker, new Date(systemMicros() / 1000)), { mode: 0o600 });
    process.stdout.write(`${stem}.pdf\n${stem}.csv\n`);
  } finally {
    await store.close();
  }
  return 0;
}

function openBooks(path: string): NightStore {
  try {
    return new NightStore(path, { readOnly: true });
  } catch (error) {
    throw error instanceof NoNight ? new Error(`${error.message}, so there are no books`) : error;
  }
}
