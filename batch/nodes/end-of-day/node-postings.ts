// The postings of a node, made to stand exactly as the node says they should: what is there already stays, what changed is reversed and posted anew under the
// next version of its key, what is no longer wanted is reversed. So a node that runs again books nothing twice, and a correction run never overwrites.
import type { Database, RootDatabase } from 'lmdb';
import { BusinessCalendar } from '../../calendar/business-calendar.ts';
import type { Books } from '../../ledger/books.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { PostingRequest } from '../../ledger/posting.ts';
import { PermanentFault } from '../../runner/index.ts';

/** The newest entry of a key, and which version of it that is. */
interface Standing {
  readonly entry: number;
  readonly version: number;
}

type Key = [date: string, node: string, key: string];

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
  const table: Database<Standing, Key> = scope.root.openDB({ name: 'node-postings', encoding: 'msgpack' });
  const counts: PostingCounts = { posted: 0, kept: 0, reversed: 0 };
  const bookOn = openDay(ledger, scope.date);
  ledger.transact((books) => {
    const before = new Map<string, Standing>();
    for (const { key, value } of table.getRange({ start: [scope.date, scope.node, ''], end: [scope.date, scope.node, '\uffff'] }))
      before.set(key[2], value);
    for (const asked of wanted) {
      const request = { ...asked, businessDate: bookOn, valueDate: asked.valueDate ?? asked.businessDate };
      const standing = before.get(request.key);
      before.delete(request.key);
      if (standing !== undefined && saysTheSame(ledger.entry(standing.entry), request)) {
        counts.kept += 1;
        continue;
      }
      if (standing !== undefined) reverse(books, { ...scope, bookOn }, request.key, standing);
      counts.reversed += standing === undefined ? 0 : 1;
      const version = (standing?.version ?? 0) + 1;
      const entry = booked(books.post(version === 1 ? request : { ...request, key: `${request.key} v${version}` }), request.key);
      table.putSync([scope.date, scope.node, request.key], { entry, version });
      counts.posted += 1;
    }
    for (const [key, standing] of before) {
      if (standing.entry === 0) continue;
      reverse(books, { ...scope, bookOn }, key, standing);
      counts.reversed += 1;
      // Its next version has to be another one.
      table.putSync([scope.date, scope.node, key], { entry: 0, version: standing.version });
    }
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

type Reversal = PostingScope & { readonly bookOn: number };

function reverse(books: Books, scope: Reversal, key: string, { entry, version }: Standing): void {
  if (entry === 0) return;
  const head = { key: `${key} v${version} reversed`, businessDate: scope.bookOn, at: scope.at, narration: `corrected: ${scope.node}` };
  const outcome = books.reverse({ ...head, entry });
  if (outcome.status === 'refused' && outcome.reason !== 'alreadyReversed') throw new PermanentFault(`${key}: ${outcome.detail}`);
}

function booked(outcome: ReturnType<Books['post']>, key: string): number {
  if (outcome.status === 'refused') throw new PermanentFault(`${key}: ${outcome.detail}`);
  return outcome.sequence;
}

function saysTheSame(entry: Entry | undefined, { kind, valueDate, transfers }: PostingRequest): boolean {
  if (entry === undefined || entry.kind !== kind || entry.valueDate !== valueDate || entry.transfers.length !== transfers.length) return false;
  return transfers.every((transfer, i) => {
    const other = entry.transfers[i];
    return other?.debit === transfer.debit && other.credit === transfer.credit && other.amount === transfer.amount;
  });
}
