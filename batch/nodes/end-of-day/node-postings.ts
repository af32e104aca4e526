// The postings of a node, made to stand exactly as the node says they should: what is there already stays, what changed is reversed and posted anew under the
// next version of its key, what is no longer wanted is reversed. So a node that runs again books nothing twice, and a correction run never overwrites. What is
// kept of a node is which entries are its own, as ranges; everything else about them the books know.
import type { Database, RootDatabase } from 'lmdb';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { Books } from '../../ledger/books.ts';
import { sameTransfers } from '../../ledger/draft.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { PermanentFault } from '../../runner/index.ts';

/** Entries a node of a date has made. */
interface NodeEntries {
  /** First and last of each run of entries. */
  readonly ranges: [first: number, last: number][];
  /** Those under a later version of their key, by number. */
  readonly later: [entry: number, key: string, version: number][];
}

type Key = [date: string, node: string];

/** The newest entry of a key, undefined once it is reversed, and which version of it that is. */
interface Standing {
  readonly entry: Entry | undefined;
  readonly version: number;
}

/** Whose postings: a node of a date; `at` in milliseconds. */
export interface PostingScope {
  readonly root: RootDatabase;
  readonly date: string;
  readonly node: string;
  readonly at: number;
}

/** How many entries were made. */
export interface PostingCounts {
  posted: number;
  kept: number;
  reversed: number;
}

/** Brings the books to what `wanted` says. To be called in Outcome.commit: it commits with the node or not at all. */
export function standAs(ledger: Ledger, scope: PostingScope, wanted: Iterable<PostingRequest>): PostingCounts {
  const table: Database<NodeEntries, Key> = scope.root.openDB({ name: 'node-entries', encoding: 'msgpack' });
  const counts: PostingCounts = { posted: 0, kept: 0, reversed: 0 };
  const bookOn = openDay(ledger, scope.date);
  ledger.transact((books) => {
    const own = table.get([scope.date, scope.node]) ?? { ranges: [], later: [] };
    const before = standings(ledger, own);
    for (const asked of wanted) {
      const request = { ...asked, businessDate: bookOn, valueDate: asked.valueDate ?? asked.businessDate };
      const standing = before.get(request.key);
      before.delete(request.key);
      if (standing !== undefined && saysTheSame(standing.entry, request)) {
        counts.kept += 1;
        continue;
      }
      if (standing !== undefined) counts.reversed += reverse(books, { ...scope, bookOn }, request.key, standing);
      const version = (standing?.version ?? 0) + 1;
      const entry = booked(books.post(version === 1 ? request : { ...request, key: `${request.key} v${version}` }), request.key);
      noteEntry(own, entry);
      if (version > 1) own.later.push([entry, request.key, version]);
      counts.posted += 1;
    }
    for (const [key, standing] of before) counts.reversed += reverse(books, { ...scope, bookOn }, key, standing);
    if (counts.posted > 0) table.putSync([scope.date, scope.node], own);
  });
  return counts;
}

/** The day's own date, or the next traded one when the day is closed: what comes late books late, with the day as its value date. */
function openDay(ledger: Ledger, date: string): number {
  const calendar = new BusinessCalendar();
  let day = date;
  while (Number(day.replaceAll('-', '')) <= ledger.head.closed) day = calendar.tradedAfter(day);
  return Number(day.replaceAll('-', ''));
}

/** What stands of a node's entries, by the key that was asked for. */
function standings(ledger: Ledger, { ranges, later }: NodeEntries): Map<string, Standing> {
  const versions = new Map(later.map(([entry, key, version]) => [entry, { key, version }]));
  const found = new Map<string, Standing>();
  for (const [first, last] of ranges) {
    for (const entry of ledger.entries(first, last)) {
      const { key, version } = versions.get(entry.sequence) ?? { key: entry.key, version: 1 };
      if (version < (found.get(key)?.version ?? 0)) continue;
      found.set(key, { entry: ledger.reversalOf(entry.sequence) === undefined ? entry : undefined, version });
    }
  }
  return found;
}

function noteEntry({ ranges }: NodeEntries, entry: number): void {
  const newest = ranges.at(-1);
  if (newest !== undefined && newest[1] === entry - 1) newest[1] = entry;
  else ranges.push([entry, entry]);
}

type Reversal = PostingScope & { readonly bookOn: number };

/** Returns how many entries it reversed. */
function reverse(books: Books, scope: Reversal, key: string, { entry, version }: Standing): number {
  if (entry === undefined) return 0;
  const head = { key: `${key} v${version} reversed`, businessDate: scope.bookOn, at: scope.at, narration: `corrected: ${scope.node}` };
  const outcome = books.reverse({ ...head, entry: entry.sequence });
  if (outcome.status === 'refused' && outcome.reason !== 'alreadyReversed') throw new PermanentFault(`${key}: ${outcome.detail}`);
  return 1;
}

function booked(outcome: ReturnType<Books['post']>, key: string): number {
  if (outcome.status === 'refused') throw new PermanentFault(`${key}: ${outcome.detail}`);
  return outcome.sequence;
}

function saysTheSame(entry: Entry | undefined, { kind, valueDate, transfers }: PostingRequest): boolean {
  return entry !== undefined && entry.kind === kind && entry.valueDate === valueDate && sameTransfers(entry.transfers, transfers);
}
