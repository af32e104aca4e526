// What days in a row left, for the page of the loop: the notes of a date and each as its signed document (under the client's password, as it was
// sent), and the books as they stand. Reads only.
import { existsSync, readFileSync } from 'node:fs';
import { Ledger } from '../ledger/ledger.ts';
import { NoteStore, type StoredNote } from '../notes/note-store.ts';
import { sha256Of } from '../ports/fetched-file.ts';
import { type Answer, json, Refusal } from './http-answer.ts';
import type { Night } from './night.ts';

/** Accounts of the trial balance that are sent; of more, those that are at zero are left out first. */
const LINES_MAX = 2_000;

/** Notes of a date, the newest version of each; amounts in paise. */
export function notesAnswer(night: Night, date: string): Answer {
  const notes = new NoteStore(night.store.root).of(date).flatMap(({ number, group, client, versions }) => {
    const newest = versions.at(-1);
    if (newest === undefined) return [];
    const { version, reason, trades, charges, net } = newest;
    return [{ number, group, client, version, reason, trades, charges, net }];
  });
  return json(200, { notes });
}

/** The newest version of a note as it was signed. Refuses with 404 what was never issued, 409 what is no longer the document that was. */
export function noteAnswer(night: Night, date: string, number: string): Answer {
  const newest = noteOf(night, date, number)?.versions.at(-1);
  if (newest === undefined) throw new Refusal(404, 'no such note was issued on that date');
  const path = `${newest.stem}.pdf`;
  if (!existsSync(path)) throw new Refusal(409, 'the document is not where it was left');
  const body = readFileSync(path);
  if (sha256Of(body) !== newest.pdfSha256) throw new Refusal(409, 'the document is not the one that was signed');
  const headers = { 'content-disposition': `attachment; filename="${number.replace(/[^\w.-]/g, '_')}.pdf"` };
  return { status: 200, contentType: 'application/pdf', body, headers };
}

const noteOf = (night: Night, date: string, number: string): StoredNote | undefined =>
  new NoteStore(night.store.root).of(date).find((note) => note.number === number);

/** Accounts that are not at zero, their sum (paise as text) and the root of the trial balance. */
export function booksAnswer(night: Night): Answer {
  const { lines, sum, root } = new Ledger(night.store.root).trialBalance();
  const standing = lines.filter(({ debit, credit }) => debit !== 0 || credit !== 0);
  const shown = standing.slice(0, LINES_MAX).map(({ account, title, debit, credit }) => ({ account, title, debit, credit }));
  return json(200, { accounts: lines.length, standing: standing.length, sum: sum.toString(), root, lines: shown });
}
