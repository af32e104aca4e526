// Reads the small JSON files that commands take, and says where one is wrong: file and path inside it. Numbers are checked, not converted.
import { readFile } from 'node:fs/promises';

/** A value in a JSON file that is not what the command needs. `message` reads `file: path: reason`. */
export class JsonFileError extends Error {
  override readonly name = 'JsonFileError';
}

/** One JSON object of a file, with its place for error messages. */
export class JsonRecord {
  readonly file: string;
  readonly path: string;
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(file: string, path: string, value: unknown) {
    this.file = file;
    this.path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('', 'is not an object');
    this.fields = value as Record<string, unknown>;
  }

  /** Throws a JsonFileError for a field of this record ('' = the record itself). */
  fail(field: string, reason: string): never {
    const place = `${this.path}${field === '' || this.path === '' ? field : `.${field}`}`;
    throw new JsonFileError(`${this.file}: ${place === '' ? '' : `${place}: `}${reason}`);
  }

  /** Refuses the first field that is none of `known`: a misspelt one would be read as absent. */
  only(known: readonly string[]): void {
    const unknown = Object.keys(this.fields).find((field) => !known.includes(field));
    if (unknown !== undefined) this.fail(unknown, `unknown field (it has ${known.join(', ')})`);
  }

  /** A finite number. */
  number(field: string): number {
    const value = this.fields[field];
    if (value === undefined) this.fail(field, 'is missing');
    if (typeof value !== 'number' || !Number.isFinite(value)) this.fail(field, `${shown(value)} is not a number`);
    return value;
  }

  /** A finite number above zero. */
  positive(field: string): number {
    const value = this.number(field);
    return value > 0 ? value : this.fail(field, `${value} is not above zero`);
  }

  /** A finite number, or undefined when the field is absent or null. */
  optionalNumber(field: string): number | undefined {
    return this.fields[field] === undefined || this.fields[field] === null ? undefined : this.number(field);
  }

  /** A string that is not empty. */
  text(field: string): string {
    const value = this.fields[field];
    if (value === undefined) this.fail(field, 'is missing');
    return typeof value === 'string' && value !== '' ? value : this.fail(field, `${shown(value)} is not a text`);
  }

  /** A string that is not empty, or undefined when the field is absent or null. */
  optionalText(field: string): string | undefined {
    return this.fields[field] === undefined || this.fields[field] === null ? undefined : this.text(field);
  }

  /** One of the words given. */
  word<T extends string>(field: string, words: readonly T[]): T {
    const text = this.text(field);
    return words.find((word) => word === text) ?? this.fail(field, `"${text}" is none of ${words.join(', ')}`);
  }

  /** One of the words given, or undefined when the field is absent or null. */
  optionalWord<T extends string>(field: string, words: readonly T[]): T | undefined {
    return this.fields[field] === undefined || this.fields[field] === null ? undefined : this.word(field, words);
  }
}

/** Parses a JSON file. Throws JsonFileError when it cannot be read or is not JSON. */
export async function readJsonFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new JsonFileError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new JsonFileError(`${file}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? String(value);
}
