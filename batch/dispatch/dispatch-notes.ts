// Sends the newest version of every note of a date: by mail, or onto the paper list of the next working day when the client wants paper or the mail
// came back; then a text message where a template is registered. What was accepted is not sent again, whatever happens; what was begun when the
// process ended is sent again under the same message id, because a mail server cannot be asked about one.
import type { SmsSettings } from '../notes/broker.ts';
import type { Contact } from '../notes/contact-list.ts';
import { rupees } from '../notes/figures.ts';
import type { NoteVersion, StoredNote } from '../notes/note-store.ts';
import { TransientFault } from '../runner/index.ts';
import type { Dispatch, DispatchState, DispatchStore } from './dispatch-store.ts';
import { dltCode } from './dlt-codes.ts';
import { MAIL_CONNECTIONS, type MailSender } from './mail-sender.ts';
import { filledTemplate, type SmsGateway } from './sms-gateway.ts';

/** What notes are sent with. */
export interface DispatchParts {
  readonly store: DispatchStore;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly mail: MailSender;
  readonly sms?: { readonly gateway: SmsGateway; readonly settings: SmsSettings } | undefined;
  readonly broker: { readonly name: string; readonly email: string };
  readonly now: () => number;
}

/** Counts of notes by where they stand; `unsent` counts text messages by code. */
export interface Dispatched {
  readonly notes: number;
  readonly accepted: number;
  readonly paper: number;
  readonly later: number;
  readonly texts: number;
  readonly unsent: Readonly<Record<string, number>>;
}

/** A note and the version of it that counts. */
export interface NewestNote {
  readonly note: StoredNote;
  readonly version: NoteVersion;
}

/** Message id of a version; `again` counts resends that a client asked for. */
export const messageId = (number: string, version: number, domain: string, again = 0): string =>
  `note.${number.replaceAll('/', '-')}.v${version}${again === 0 ? '' : `.again${again}`}@${domain}`;

/** Newest versions, of notes that have one. */
export const newestOf = (notes: readonly StoredNote[]): NewestNote[] =>
  notes.flatMap((note) => {
    const version = note.versions.at(-1);
    return version === undefined ? [] : [{ note, version }];
  });

/** See the file's head. */
export async function dispatchNotes(notes: readonly NewestNote[], parts: DispatchParts): Promise<Dispatched> {
  const counts = { accepted: 0, paper: 0, later: 0, texts: 0 };
  const unsent: Record<string, number> = {};
  const source = notes[Symbol.iterator]();
  const sender = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      const state = await deliver(next.value, parts);
      if (state === 'accepted' || state === 'paper') counts[state] += 1;
      else counts.later += 1;
      const code = await text(next.value, parts);
      if (code === 'accepted') counts.texts += 1;
      else if (code !== '') unsent[code] = (unsent[code] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: MAIL_CONNECTIONS }, sender));
  return { notes: notes.length, ...counts, unsent };
}

const domainOf = ({ email }: DispatchParts['broker']): string => email.slice(email.indexOf('@') + 1);
const isEnded = (state: DispatchState | undefined): boolean => state === 'accepted' || state === 'paper';

async function deliver({ note, version }: NewestNote, parts: DispatchParts): Promise<DispatchState> {
  const { store, contacts, broker, now } = parts;
  const contact = contacts.get(note.client);
  const id = messageId(note.number, version.version, domainOf(broker));
  const about = { date: note.date, number: note.number, version: version.version, client: note.client };
  const onPaper = (why: string): DispatchState => {
    const paperId = `paper.${id}`;
    if (!isEnded(store.get(note.date, paperId)?.state))
      store.note({ ...about, id: paperId, channel: 'paper' }, { at: now(), state: 'paper', said: why });
    return 'paper';
  };
  if (contact === undefined || contact.delivery !== 'email')
    return onPaper(contact === undefined ? 'nobody knows an address' : 'the client wants paper');
  const before = store.get(note.date, id);
  if (before?.state === 'accepted') return 'accepted';
  if (before?.state === 'bounced') return onPaper(lastSaid(before));
  store.note({ ...about, id, channel: 'mail' }, { at: now(), state: 'sending', said: '' });
  const answer = await parts.mail.send({ messageId: id, to: contact.email, ...letter({ note, version }, broker.name) });
  store.note({ ...about, id, channel: 'mail' }, { at: now(), state: answer.result, said: answer.said });
  return answer.result === 'bounced' ? onPaper(answer.said) : answer.result;
}

const lastSaid = ({ tries }: Dispatch): string => tries.at(-1)?.said ?? '';

/** Subject, words and document of a mail about a note; no figures and no PAN in clear. */
export function letter({ note, version }: NewestNote, broker: string): Pick<Parameters<MailSender['send']>[0], 'subject' | 'text' | 'attachment'> {
  const name = `${note.number.replaceAll('/', '-')}${version.version === 1 ? '' : `-v${version.version}`}.pdf`;
  const replaced = version.version === 1 ? '' : `\nIt replaces version ${version.version - 1} of the same number. Reason: ${version.reason}.\n`;
  return {
    subject: `Contract note ${note.number} of ${note.date}`,
    text: `Your contract note ${note.number} for trades of ${note.date} is attached, digitally signed.\n${replaced}\nIt opens with your password (unless you chose another, your PAN in capitals).\n\n${broker}\n`,
    attachment: { name, path: `${version.stem}.pdf` },
  };
}

/** 'accepted', '' when none is due, else the code of what stood in the way. */
async function text({ note, version }: NewestNote, { store, contacts, sms, broker, now }: DispatchParts): Promise<string> {
  const mobile = contacts.get(note.client)?.mobile ?? '';
  if (sms === undefined || mobile === '') return '';
  const id = `sms.${messageId(note.number, version.version, domainOf(broker))}`;
  const before = store.get(note.date, id);
  if (before?.state === 'accepted' || before?.state === 'never') return before.state === 'accepted' ? 'accepted' : lastSaid(before);
  const about = { id, channel: 'sms', date: note.date, number: note.number, version: version.version, client: note.client } as const;
  const values = [note.number, note.date, rupees(version.net)];
  store.note(about, { at: now(), state: 'sending', said: '' });
  try {
    const answer = await sms.gateway.send({ id, mobile, text: filledTemplate(sms.settings.template, values) });
    const action = 'code' in answer ? dltCode(answer.code).action : 'sent';
    const state = ({ sent: 'accepted', retry: 'later', fix: 'blocked', never: 'never' } as const)[action];
    store.note(about, { at: now(), state, said: 'code' in answer ? answer.code : answer.id });
    return state === 'accepted' || !('code' in answer) ? 'accepted' : answer.code;
  } catch (error) {
    if (!(error instanceof TransientFault)) throw error;
    store.note(about, { at: now(), state: 'later', said: error.message });
    return 'unreachable';
  }
}
