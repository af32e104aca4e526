// The list of notes that go out on paper on the next working day, as CSV: written anew from the store each time, so that it always says what is on it.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contact } from '../notes/contact-list.ts';
import type { StoredNote } from '../notes/note-store.ts';
import type { DispatchStore } from './dispatch-store.ts';

const COLUMNS = 'Number,Version,Client,Name,Address,Reason,Document';
const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Where and for which day a list is. */
export interface PaperListPlace {
  readonly folder: string;
  readonly date: string;
  /** Day it is due in the post, YYYY-MM-DD. */
  readonly due: string;
}

/** Writes the list of a date; its path, and how many notes are on it. */
export function writePaperList(
  { folder, date, due }: PaperListPlace,
  store: DispatchStore,
  notes: readonly StoredNote[],
  contacts: ReadonlyMap<string, Contact>,
): { readonly path: string; readonly count: number } {
  const byNumber = new Map(notes.map((note) => [note.number, note]));
  const lines = store
    .of(date)
    .filter(({ channel }) => channel === 'paper')
    .flatMap(({ number, version, client, tries }) => {
      const stem = byNumber.get(number)?.versions[version - 1]?.stem ?? '';
      const contact = contacts.get(client);
      const cells = [number, String(version), client, contact?.name ?? '', contact?.address ?? '', tries.at(-1)?.said ?? '', `${stem}.pdf`];
      return [cells.map(quoted).join(',')];
    });
  const path = join(folder, date, `paper-${due}.csv`);
  mkdirSync(join(folder, date), { recursive: true });
  writeFileSync(`${path}.part`, `${[COLUMNS, ...lines].join('\n')}\n`, { mode: 0o600 });
  renameSync(`${path}.part`, path);
  return { path, count: lines.length };
}
