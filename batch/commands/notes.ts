// `tarazu-batch notes list|progress|bounces|paper --date D [--data DIR]`: notes of a date, how far making them is (a bar that stays until it is
// done), what came back, what goes on paper. `notes resend --client C --date D`: the original signed document by mail once more. Reads beside a night
// at work.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { letter, messageId, newestOf } from '../dispatch/dispatch-notes.ts';
import { DispatchStore } from '../dispatch/dispatch-store.ts';
import { smtpSender } from '../dispatch/mail-sender.ts';
import { nightDirectory } from '../night/night.ts';
import { systemMicros } from '../night/with-night.ts';
import { readBroker } from '../notes/broker.ts';
import { readContacts } from '../notes/contact-list.ts';
import { rupees } from '../notes/figures.ts';
import { NoteStore } from '../notes/note-store.ts';
import { readPortsFile } from '../ports/ports-file.ts';
import { NightStore } from '../runner/index.ts';
import { dayOption } from './day-option.ts';

const VERBS = ['list', 'progress', 'bounces', 'paper', 'resend'];
const REDRAW_MILLIS = 500;
const BAR_WIDTH = 30;

interface Wanted {
  readonly data: string;
  readonly date: string;
  readonly client: string | undefined;
}

/** See the file's head. */
export async function run(args: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { data: { ...text, default: 'data' }, date: text, client: text },
    allowPositionals: true,
  });
  const [verb = ''] = positionals;
  if (!VERBS.includes(verb) || values.date === undefined || (verb === 'resend' && values.client === undefined)) {
    process.stderr.write(`tarazu-batch notes: ${VERBS.join('|')} and --date D are needed; resend also needs --client\n`);
    return 2;
  }
  const wanted: Wanted = { data: values.data, date: dayOption(values.date), client: values.client };
  const store = new NightStore(join(nightDirectory(wanted.data), 'state'), { readOnly: true });
  try {
    if (verb === 'list') list(store, wanted);
    else if (verb === 'progress') await progress(store, wanted);
    else if (verb === 'resend') await resend(store, wanted);
    else messages(store, wanted, verb === 'bounces' ? 'bounced' : 'paper');
  } finally {
    await store.close();
  }
  return 0;
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function list(store: NightStore, { date, client }: Wanted): void {
  const found = newestOf(new NoteStore(store.root).of(date)).filter(({ note }) => client === undefined || note.client === client);
  if (found.length === 0) process.stderr.write(`no note of ${date}${client === undefined ? '' : ` for ${client}`} has been made\n`);
  for (const { note, version } of found) {
    const why = version.reason === '' ? '' : `  ${version.reason}`;
    say(
      `${note.number}  v${version.version}  ${note.client.padEnd(12)} ${String(version.trades).padStart(6)} trades  net ${rupees(version.net).padStart(18)}  ${version.stem}.pdf${why}`,
    );
  }
}

/** Until every number that was given out has a document. */
async function progress(store: NightStore, { date }: Wanted): Promise<void> {
  for (;;) {
    const notes = new NoteStore(store.root).of(date);
    const made = notes.filter(({ versions }) => versions.length > 0).length;
    const filled = notes.length === 0 ? 0 : Math.floor((made * BAR_WIDTH) / notes.length);
    const line = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${made} of ${notes.length} notes`;
    const isTerminal = process.stdout.isTTY === true;
    if (made === notes.length || !isTerminal) {
      say(line);
      return;
    }
    process.stdout.write(`${line}\r`);
    await sleep(REDRAW_MILLIS);
  }
}

function messages(store: NightStore, { date }: Wanted, state: 'bounced' | 'paper'): void {
  for (const dispatch of new DispatchStore(store.root).of(date))
    if (dispatch.state === state) say(`${dispatch.number}  v${dispatch.version}  ${dispatch.client.padEnd(12)} ${dispatch.tries.at(-1)?.said ?? ''}`);
}

/** The document as it was signed, to the address on file, under an id of its own; not part of the night's record. */
async function resend(store: NightStore, { data, date, client = '' }: Wanted): Promise<void> {
  const found = newestOf(new NoteStore(store.root).of(date)).filter(({ note }) => note.client === client);
  if (found.length === 0) throw new Error(`client ${client} has no note of ${date}`);
  const contact = (await readContacts(data)).get(client);
  if (contact === undefined || contact.email === '') throw new Error(`client ${client} has no mail address in contacts.csv`);
  const entry = readPortsFile(data).mail;
  if (entry === undefined) throw new Error('ports.json: names no "mail" server');
  const broker = readBroker(data);
  const domain = broker.email.slice(broker.email.indexOf('@') + 1);
  const mail = smtpSender(entry);
  try {
    for (const each of found) {
      const id = messageId(each.note.number, each.version.version, domain, systemMicros());
      const answer = await mail.send({ messageId: id, to: contact.email, ...letter(each, broker.name) });
      if (answer.result !== 'accepted') throw new Error(`${each.note.number}: ${answer.said}`);
      say(`${each.note.number}: ${answer.said}`);
    }
  } finally {
    mail.close();
  }
}
