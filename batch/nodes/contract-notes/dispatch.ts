// EOD-CN-DISPATCH: every note of the day goes out by mail or onto the paper list of the next working day. Green only when each is one or the other; a
// server that does not take mail now is tried again, and only what it has not taken.
import { join } from 'node:path';
import { type Dispatched, dispatchNotes, newestOf } from '../../dispatch/dispatch-notes.ts';
import { DispatchStore } from '../../dispatch/dispatch-store.ts';
import { dltCode } from '../../dispatch/dlt-codes.ts';
import { smtpSender } from '../../dispatch/mail-sender.ts';
import { writePaperList } from '../../dispatch/paper-list.ts';
import { httpSmsGateway } from '../../dispatch/sms-gateway.ts';
import { FileError } from '../../files/file-error.ts';
import { nightDirectory } from '../../night/night.ts';
import { type Broker, readBroker } from '../../notes/broker.ts';
import { type Contact, readContacts } from '../../notes/contact-list.ts';
import { NoteStore } from '../../notes/note-store.ts';
import { type MailEntry, readPortsFile } from '../../ports/ports-file.ts';
import { type NodeBody, PermanentFault, TransientFault } from '../../runner/index.ts';
import type { DayParts } from '../end-of-day/day-parts.ts';

/** Body of EOD-CN-DISPATCH. Outputs: counts, the paper list. */
export function dispatchBody({ dataDirectory, calendar }: DayParts): NodeBody {
  return async (context) => {
    const { date } = context;
    const { broker, contacts, entry } = await settings(dataDirectory);
    const store = new DispatchStore(context.root);
    const notes = new NoteStore(context.root).of(date);
    const due = calendar.settlementDay(date, 1);
    const sms = broker.sms === undefined ? undefined : { gateway: httpSmsGateway(broker.sms), settings: broker.sms };
    const mail = smtpSender(entry);
    let sent: Dispatched;
    try {
      sent = await dispatchNotes(newestOf(notes), { store, contacts, mail, sms, broker, now: context.now });
    } finally {
      mail.close();
    }
    const list = writePaperList({ folder: join(nightDirectory(dataDirectory), 'notes'), date, due }, store, notes, contacts);
    if (sent.later > 0) throw new TransientFault(`${sent.later} of ${sent.notes} notes were not taken by the mail server this time`);
    const { unsent, ...counts } = sent;
    return {
      outputs: { ...counts, paperList: list.path, paperDue: due },
      gates: [{ name: 'notes accepted by mail or on the paper list = notes', left: sent.accepted + sent.paper, right: notes.length }],
      note: [list.count === 0 ? '' : `${list.count} notes on paper, due ${due}`, ...Object.entries(unsent).map(unsentText)]
        .filter((text) => text !== '')
        .join('; '),
    };
  };
}

const unsentText = ([code, count]: [string, number]): string => `${count} text messages not sent: ${code} (${dltCode(code).action})`;

interface Settings {
  readonly broker: Broker;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly entry: MailEntry;
}

async function settings(dataDirectory: string): Promise<Settings> {
  try {
    const entry = readPortsFile(dataDirectory).mail;
    if (entry === undefined) throw new PermanentFault('ports.json: names no "mail" server');
    return { broker: readBroker(dataDirectory), contacts: await readContacts(dataDirectory), entry };
  } catch (error) {
    if (error instanceof FileError || error instanceof PermanentFault) throw new PermanentFault(error.message);
    throw new PermanentFault(error instanceof Error ? error.message : String(error));
  }
}
