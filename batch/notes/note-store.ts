// Numbers of notes and what was issued under them, in the night's environment. A number belongs to a client, date and group for ever; numbers of a
// date and group run 1, 2, 3 ... without gaps, in the order of client codes within a run. What is issued under a number are versions; none is ever
// changed or removed.
import type { Database, RootDatabase } from 'lmdb';
import type { NoteGroup } from './contract-note.ts';

/** One issue of a note. Amounts in paise. */
export interface NoteVersion {
  readonly version: number;
  /** '' for the first. */
  readonly reason: string;
  /** SHA-256 of what the note says, without number, version and reason: the same content is not issued again. */
  readonly content: string;
  /** Of the signed document. */
  readonly pdfSha256: string;
  /** Paths without ending: .pdf, .xml and .csv lie beside each other. */
  readonly stem: string;
  readonly trades: number;
  readonly charges: number;
  readonly net: number;
  /** Microseconds since 1970. */
  readonly at: number;
}

/** A number and its versions. */
export interface StoredNote {
  readonly number: string;
  readonly sequence: number;
  readonly date: string;
  readonly group: NoteGroup;
  readonly client: string;
  readonly versions: readonly NoteVersion[];
}

type Key = [date: string, group: NoteGroup, client: string];
const SEQUENCE_DIGITS = 6;

/** PREFIX/DDMMYYYY/SEQ. */
export const noteNumber = (prefix: string, date: string, sequence: number): string =>
  `${prefix}/${date.slice(8)}${date.slice(5, 7)}${date.slice(0, 4)}/${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;

/** See the file's head. */
export class NoteStore {
  private readonly root: RootDatabase;
  /** Undefined where a reader opens an environment in which no note was ever made. */
  private readonly notes: Database<StoredNote, Key> | undefined;
  private readonly sequences: Database<number, string>;

  constructor(root: RootDatabase) {
    this.root = root;
    this.notes = root.openDB({ name: 'notes', encoding: 'msgpack' });
    this.sequences = root.openDB({ name: 'note-sequences', encoding: 'msgpack' });
  }

  /** Gives every client of the list that has none a number, all in one transaction. */
  allocate(date: string, group: NoteGroup, prefix: string, clients: readonly string[]): void {
    this.root.transactionSync(() => {
      let sequence = this.sequences.get(`${date} ${group}`) ?? 0;
      for (const client of [...clients].sort()) {
        if (this.notes?.get([date, group, client]) !== undefined) continue;
        sequence += 1;
        this.notes?.putSync([date, group, client], { number: noteNumber(prefix, date, sequence), sequence, date, group, client, versions: [] });
      }
      this.sequences.putSync(`${date} ${group}`, sequence);
    });
  }

  /** Adds versions to their numbers, all or none. Throws RangeError for a version that does not follow the last. */
  issue(date: string, group: NoteGroup, issued: readonly { readonly client: string; readonly version: NoteVersion }[]): void {
    this.root.transactionSync(() => {
      for (const { client, version } of issued) {
        const note = this.notes?.get([date, group, client]);
        if (note === undefined || version.version !== note.versions.length + 1)
          throw new RangeError(`${date} ${group} ${client}: version ${version.version} does not follow`);
        this.notes?.putSync([date, group, client], { ...note, versions: [...note.versions, version] });
      }
    });
  }

  get(date: string, group: NoteGroup, client: string): StoredNote | undefined {
    return this.notes?.get([date, group, client]);
  }

  /** Notes of a date, by group and client. */
  of(date: string, group?: NoteGroup): StoredNote[] {
    const range = { start: [date, group ?? '', ''] as unknown as Key, end: [date, group ?? '\uffff', '\uffff'] as unknown as Key };
    return [...(this.notes?.getRange(range) ?? [])].map(({ value }) => value);
  }

  /** Every note of a client, by date; walks all notes there are. */
  ofClient(client: string): StoredNote[] {
    return [...(this.notes?.getRange({}) ?? [])].flatMap(({ value }) => (value.client === client ? [value] : []));
  }
}
