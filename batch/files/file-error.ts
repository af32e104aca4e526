// An input file that is not what a step needs. The message begins with the file and the place in it, so that operations can open it there.

/** `message` reads "FILE: PLACE: reason". */
export class FileError extends Error {
  override readonly name = 'FileError';

  constructor(file: string, place: string, reason: string) {
    super(`${file}: ${place === '' ? '' : `${place}: `}${reason}`);
  }
}

/** A value as it may be shown in a message, cut short. */
export function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? String(value);
}

/** Why the system could not read a file, as FileError. */
export function unreadable(file: string, error: unknown): FileError {
  return new FileError(file, '', `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
}
