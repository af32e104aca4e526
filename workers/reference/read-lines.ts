// A reference file as lines of ISO-8859-1 text, streamed; blank lines are left out. For files that are no comma-separated tables.
import { readSource, type SourceDigest } from './source-file.ts';

/** Gives each line, trimmed, with its number from 1. Throws ReferenceFileError. */
export async function readLines(path: string, onLine: (text: string, line: number) => void): Promise<SourceDigest> {
  let line = 0;
  let rest = '';
  const take = (text: string): void => {
    line++;
    const trimmed = text.trim();
    if (trimmed !== '') onLine(trimmed, line);
  };
  const source = await readSource(path, (bytes) => {
    const lines = (rest + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) take(each);
  });
  take(rest);
  return source;
}
