// What became of every message about a note, in the night's environment: written before it is sent, and again with the answer. Kept with the notes;
// the bounce log and the paper list are read from it.
import type { Database, RootDatabase } from 'lmdb';

/**
 * sending: begun, and nobody knows; later: not taken this time; blocked: a person has to change something; never: this client gets none; paper: on
 * the list.
 */
export type DispatchState = 'sending' | 'accepted' | 'bounced' | 'later' | 'blocked' | 'never' | 'paper';

/** One try. Microseconds since 1970. */
export interface DispatchTry {
  readonly at: number;
  readonly state: DispatchState;
  readonly said: string;
}

/** One message, by its id. */
export interface Dispatch {
  readonly id: string;
  readonly date: string;
  readonly channel: 'mail' | 'sms' | 'paper';
  readonly number: string;
  readonly version: number;
  readonly client: string;
  readonly state: DispatchState;
  readonly tries: readonly DispatchTry[];
}

type Key = [date: string, id: string];

/** See the file's head. */
export class DispatchStore {
  /** Undefined where a reader opens an environment in which nothing was ever sent. */
  private readonly table: Database<Dispatch, Key> | undefined;

  constructor(root: RootDatabase) {
    this.table = root.openDB({ name: 'note-dispatches', encoding: 'msgpack' });
  }

  get(date: string, id: string): Dispatch | undefined {
    return this.table?.get([date, id]);
  }

  /** Notes a new state of a message; the first time opens it. */
  note(about: Omit<Dispatch, 'state' | 'tries'>, step: DispatchTry): Dispatch {
    const before = this.table?.get([about.date, about.id]);
    const dispatch: Dispatch = { ...about, state: step.state, tries: [...(before?.tries ?? []), step] };
    this.table?.putSync([about.date, about.id], dispatch);
    return dispatch;
  }

  /** Messages of a date, by id. */
  of(date: string): Dispatch[] {
    return [...(this.table?.getRange({ start: [date, ''], end: [date, '\uffff'] }) ?? [])].map(({ value }) => value);
  }
}
