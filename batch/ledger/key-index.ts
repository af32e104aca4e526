// Which entry a key made, or why it was refused. Keys are kept sorted in runs of some hundred, each run one value of the database under its first
// key: the keys of a night's postings come in order and lie beside each other, so most are found new by one comparison and written with a hundred
// others. One transaction's view: what is added counts at once and is written by flush.
import type { LedgerStore, RefusalRecord } from './ledger-store.ts';

/** Keys and the entries they made, sorted by key. */
export interface KeyRun {
  readonly keys: string[];
  readonly entries: number[];
}

/** Keys of a run at the most; a run below the second figure takes more in before another is begun. */
const RUN_MAX = 256;
const RUN_OPEN = 64;

/** All keys from the begin of one run to the begin of the next. */
interface Place {
  readonly run: KeyRun;
  /** First key of the run (none before it at all: ''), and of the next one (undefined = there is none). */
  readonly from: string;
  readonly to: string | undefined;
  hasRefusals: boolean;
  /** Added in order, by the first word of the key, and added out of order. */
  readonly added: Map<string, KeyRun>;
  readonly strays: Map<string, number>;
}

/** See the file's head. */
export class KeyIndex {
  private readonly store: LedgerStore;
  /** The place last used for each first word of a key. */
  private readonly byWord = new Map<string, Place>();
  /** By their begin. */
  private readonly places = new Map<string, Place>();

  constructor(store: LedgerStore) {
    this.store = store;
  }

  /** The entry a key made, or its refusal; undefined for a key that is new. */
  find(key: string): number | RefusalRecord | undefined {
    const { run, added, strays, hasRefusals } = this.placeOf(key);
    const sorted = added.get(wordOf(key));
    return (
      (sorted === undefined ? undefined : entryIn(sorted, key)) ??
      strays.get(key) ??
      entryIn(run, key) ??
      (hasRefusals ? this.store.refusals.get(key) : undefined)
    );
  }

  /** A new key made an entry. */
  add(key: string, entry: number): void {
    const { added, strays } = this.placeOf(key);
    const word = wordOf(key);
    let sorted = added.get(word);
    if (sorted === undefined) {
      sorted = { keys: [], entries: [] };
      added.set(word, sorted);
    }
    const last = sorted.keys.at(-1);
    if (last === undefined || last < key) {
      sorted.keys.push(key);
      sorted.entries.push(entry);
    } else strays.set(key, entry);
  }

  /** The request of a new key was refused. */
  refuse(key: string, record: RefusalRecord): void {
    this.store.refusals.put(key, record);
    this.placeOf(key).hasRefusals = true;
  }

  /** Writes what was added. */
  flush(): void {
    for (const place of this.places.values()) if (place.added.size > 0) this.write(place);
    this.places.clear();
    this.byWord.clear();
  }

  private write({ run, from, added, strays }: Place): void {
    const words = [...added].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sorted]) => sorted);
    const keys = [...words.flatMap((sorted) => sorted.keys), ...strays.keys()];
    const entries = [...words.flatMap((sorted) => sorted.entries), ...strays.values()];
    const last = run.keys.at(-1);
    if (last !== undefined && (run.keys.length < RUN_OPEN || !isSortedAfter(last, keys))) {
      keys.unshift(...run.keys);
      entries.unshift(...run.entries);
      this.store.keyRuns.remove(from);
    }
    const order = isSortedAfter('', keys) ? undefined : [...keys.keys()].sort((a, b) => ((keys[a] as string) < (keys[b] as string) ? -1 : 1));
    const place = (i: number): number => (order === undefined ? i : (order[i] as number));
    for (let at = 0; at < keys.length; at += RUN_MAX) {
      const part: KeyRun = { keys: [], entries: [] };
      for (let i = at; i < Math.min(at + RUN_MAX, keys.length); i++) {
        part.keys.push(keys[place(i)] as string);
        part.entries.push(entries[place(i)] as number);
      }
      this.store.keyRuns.put(part.keys[0] as string, part);
    }
  }

  private placeOf(key: string): Place {
    const word = wordOf(key);
    const known = this.byWord.get(word);
    if (known !== undefined && covers(known, key)) return known;
    const place = this.load(key);
    this.byWord.set(word, place);
    return place;
  }

  /** Nothing is written before flush, so a begin names one place. */
  private load(key: string): Place {
    let [from, run, to]: [string, KeyRun, string | undefined] = ['', { keys: [], entries: [] }, undefined];
    for (const { key: first, value } of this.store.keyRuns.getRange({ start: key, reverse: true, limit: 1 })) [from, run] = [first, value];
    const known = this.places.get(from);
    if (known !== undefined) return known;
    for (const first of this.store.keyRuns.getKeys({ start: key, limit: 2 })) if (first > key && to === undefined) to = first;
    let hasRefusals = false;
    for (const _ of this.store.refusals.getKeys({ start: from, ...(to === undefined ? {} : { end: to }), limit: 1 })) hasRefusals = true;
    const place: Place = { run, from, to, hasRefusals, added: new Map(), strays: new Map() };
    this.places.set(from, place);
    return place;
  }
}

/** First word of a key, by which the keys of one kind of posting are told from those of another. */
function wordOf(key: string): string {
  const space = key.indexOf(' ');
  return space < 0 ? '' : key.slice(0, space);
}

function isSortedAfter(last: string, keys: readonly string[]): boolean {
  let before = last;
  for (const key of keys) {
    if (key <= before) return false;
    before = key;
  }
  return true;
}

const covers = ({ from, to }: Place, key: string): boolean => from <= key && (to === undefined || key < to);

/** The entry of a key in a run; undefined when it is not there. Most keys that are asked for lie behind the last. */
function entryIn({ keys, entries }: KeyRun, key: string): number | undefined {
  let [low, high] = [0, keys.length - 1];
  if (high < 0 || (keys[high] as string) < key) return undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? entries[low] : undefined;
}
