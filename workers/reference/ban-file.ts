// `fo_secban_DDMMYYYY.csv`: underlyings in ban period, in which only orders that reduce a position pass. First line names the trade date, then
// one numbered symbol a line; an empty list says NIL or nothing. Evidence: the form as generally known, not read from a circular here.
import { dateOf } from './decimal-text.ts';
import { readLines } from './read-lines.ts';
import { fault } from './reference-error.ts';
import type { SourceDigest } from './source-file.ts';

const TITLE = /^securities in ban for trade date ([^\s:]+)/i;

/** Reads a ban list, which must be for the business date (yyyymmdd): a stale one would let barred orders pass. Throws ReferenceFileError. */
export async function readBanFile(path: string, businessDate: number): Promise<{ symbols: ReadonlySet<string>; source: SourceDigest }> {
  const symbols = new Set<string>();
  let isTitled = false;
  const source = await readLines(path, (text, line) => {
    if (isTitled) {
      const symbol = /^\d+,(\S+)$/.exec(text)?.[1];
      if (symbol === undefined) fault(path, line, '', `"${text}" is not a number and a symbol`);
      symbols.add(symbol);
      return;
    }
    const date = dateOf(TITLE.exec(text)?.[1] ?? '');
    if (date === 0) fault(path, line, '', `"${text}" does not name the trade date of a ban list`);
    if (date !== businessDate) fault(path, line, '', `is for ${date}, the parameters are for ${businessDate}`);
    isTitled = true;
  });
  if (!isTitled) fault(path, 0, '', 'the file is empty');
  return { symbols, source };
}
