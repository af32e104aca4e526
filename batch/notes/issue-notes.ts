// Issues the notes of a group: numbers, content that is new or has changed, documents from the pool, versions in the store batch by batch. Run again
// it does what is missing and nothing else: what was issued with the same content stays as it was signed.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Broker } from './broker.ts';
import type { NoteComposer, UnnumberedNote } from './compose-notes.ts';
import type { Contact } from './contact-list.ts';
import { type ContractNote, leviesTotal, type NoteGroup, netOf } from './contract-note.ts';
import type { NotePool } from './note-pool.ts';
import type { NoteStore, NoteVersion } from './note-store.ts';
import type { NoteOrder, NoteTask } from './note-task.ts';

const BATCH = 25;

/** What notes are issued with. */
export interface IssueParts {
  readonly store: NoteStore;
  readonly pool: NotePool;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly broker: Broker;
  /** Where documents go. */
  readonly folder: string;
  /** Why a second version is issued, when one is. */
  readonly reason: string;
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly progress?: (done: number, of: number) => void;
}

/** What came of it. Amounts in paise, over all notes that stand, newest versions. */
export interface Issued {
  readonly notes: number;
  readonly made: number;
  readonly trades: number;
  readonly charges: number;
  readonly net: number;
  /** Clients that traded and cannot have a note: nobody knows them. */
  readonly unknown: readonly string[];
  /** Own and error accounts. */
  readonly own: readonly string[];
}

/** See the file's head. Throws RateUnknown; rejects when a document cannot be made. */
export async function issueNotes(composer: NoteComposer, date: string, parts: IssueParts): Promise<Issued> {
  const { store, pool, contacts, broker } = parts;
  const { group } = composer;
  const unknown = composer.clients.filter((client) => !contacts.has(client));
  const own = composer.clients.filter((client) => contacts.get(client)?.delivery === 'none');
  const traded = composer.clients.filter((client) => (contacts.get(client)?.delivery ?? 'none') !== 'none');
  store.allocate(date, group, broker.prefix[group], traded);
  // Whoever has a number of an earlier run and no trades any more gets a note that says so.
  const clients = [...new Set([...traded, ...store.of(date, group).map(({ client }) => client)])].filter((client) => contacts.has(client)).sort();
  const contents = new Map<string, string>();
  let made = 0;
  const total = clients.length;
  const batches = inBatches(newOrders(composer, { date, clients, contents }, parts), broker, Math.floor(parts.now() / 1000));
  await pool.make(batches, (task, hashes) => {
    const issued = task.orders.map((order, i) => ({
      client: order.note.client.code,
      version: versionOf(order, contents, hashes[i] ?? '', parts.now()),
    }));
    store.issue(date, group, issued);
    made += issued.length;
    parts.progress?.(made, total);
  });
  return { ...totals(store, date, group), made, unknown, own };
}

interface Wanted {
  readonly date: string;
  readonly clients: readonly string[];
  /** Filled with the content hash of each note that is made. */
  readonly contents: Map<string, string>;
}

function* newOrders(composer: NoteComposer, { date, clients, contents }: Wanted, parts: IssueParts): Generator<NoteOrder> {
  const { store, contacts, folder, reason } = parts;
  for (const client of clients) {
    const stored = store.get(date, composer.group, client);
    const contact = contacts.get(client);
    if (stored === undefined || contact === undefined) continue;
    const plain = composer.note(contact);
    const content = contentOf(plain);
    if (stored.versions.at(-1)?.content === content) continue;
    contents.set(client, content);
    const version = stored.versions.length + 1;
    const note: ContractNote = { ...plain, number: stored.number, version, reason: version === 1 ? '' : reason };
    const stem = join(folder, date, composer.group, `${String(stored.sequence).padStart(6, '0')}-v${version}`);
    yield { note, password: contact.password, stem };
  }
}

function* inBatches(orders: Iterable<NoteOrder>, broker: Broker, at: number): Generator<NoteTask> {
  let batch: NoteOrder[] = [];
  for (const order of orders) {
    batch.push(order);
    if (batch.length < BATCH) continue;
    yield { broker, at, orders: batch };
    batch = [];
  }
  if (batch.length > 0) yield { broker, at, orders: batch };
}

const contentOf = (note: UnnumberedNote): string => createHash('sha256').update(JSON.stringify(note)).digest('hex');

function versionOf({ note, stem }: NoteOrder, contents: ReadonlyMap<string, string>, pdfSha256: string, at: number): NoteVersion {
  const charges = note.levies.reduce((sum, levies) => sum + leviesTotal(levies), 0);
  const content = contents.get(note.client.code) ?? '';
  return { version: note.version, reason: note.reason, content, pdfSha256, stem, trades: note.trades.length, charges, net: netOf(note), at };
}

function totals(store: NoteStore, date: string, group: NoteGroup): Pick<Issued, 'notes' | 'trades' | 'charges' | 'net'> {
  let [notes, trades, charges, net] = [0, 0, 0, 0];
  for (const { versions } of store.of(date, group)) {
    const last = versions.at(-1);
    if (last === undefined) continue;
    notes += last.trades > 0 ? 1 : 0;
    trades += last.trades;
    charges += last.charges;
    net += last.net;
  }
  return { notes, trades, charges, net };
}
