// Who may act on the night: names with the SHA-256 of their token, in a file only its owner can read. A token is shown once. The name that acts is
// the token's, so that maker and checker are two people and not two spellings.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'people.json';
const record = z.record(
  z.string().regex(/^[a-z][a-z0-9.-]{1,31}$/, 'a name has 2 to 32 small letters, digits, dots or dashes'),
  z.string().regex(/^[0-9a-f]{64}$/),
);
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** See the file's head. */
export class People {
  private readonly file: string;
  private people: Readonly<Record<string, string>>;

  /** `directory` is the night's. Throws when the file is not what it should be. */
  constructor(directory: string) {
    this.file = join(directory, FILE);
    this.people = existsSync(this.file) ? record.parse(JSON.parse(readFileSync(this.file, 'utf8'))) : {};
  }

  /** Adds a person or replaces their token; returns the token, which is kept nowhere. Throws RangeError on a bad name. */
  add(name: string): string {
    const token = randomBytes(32).toString('base64url');
    const next = record.safeParse({ ...this.people, [name]: digest(token).toString('hex') });
    if (!next.success) throw new RangeError(`${name}: ${next.error.issues[0]?.message ?? 'not a name'}`);
    this.people = next.data;
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.people, undefined, 1)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    return token;
  }

  /** Name the token belongs to; undefined for nobody's. Compares every digest, in constant time each. */
  nameOf(token: string): string | undefined {
    const given = digest(token);
    let found: string | undefined;
    for (const [name, hash] of Object.entries(this.people)) if (timingSafeEqual(given, Buffer.from(hash, 'hex'))) found = name;
    return found;
  }

  /** Names known. */
  get names(): string[] {
    return Object.keys(this.people);
  }
}
