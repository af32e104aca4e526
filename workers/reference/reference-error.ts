// The one error a reference file can give: it names the file, the line and the column or element, and what is wrong there.
// Nothing of a file that raised it has been kept.

/** Where a fault sits; line counts from 1, 0 = the file as a whole. */
export interface FaultPlace {
  readonly file: string;
  readonly line: number;
  /** Column name or element path; '' when the whole line or file is meant. */
  readonly field: string;
}

/** A reference file cannot be used. `message` reads `file:line: field: reason`. */
export class ReferenceFileError extends Error {
  override readonly name = 'ReferenceFileError';
  readonly place: FaultPlace;
  readonly reason: string;

  constructor(place: FaultPlace, reason: string) {
    const line = place.line > 0 ? `:${place.line}` : '';
    const field = place.field === '' ? '' : `${place.field}: `;
    super(`${place.file}${line}: ${field}${reason}`);
    this.place = place;
    this.reason = reason;
  }
}

/** Throws a ReferenceFileError. */
export function fault(file: string, line: number, field: string, reason: string): never {
  throw new ReferenceFileError({ file, line, field }, reason);
}
