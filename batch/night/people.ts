// Who may see the night and act on it: names with the SHA-256 of their token, in a file only its owner can read. A token is shown once. The name that
// acts is the token's, so that maker and checker are two people and not two spellings. A changed file is in force at the next request.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** read: may look. act: may also act. */
export type May = 'read' | 'act';

/** Whose token it is. */
export interface Person {
  readonly name: string;
  readonly may: May;
}

const FILE = 'people.json';
const NAME = /^[a-z][a-z0-9.-]{1,31}$/;
const record = z.record(z.string().regex(NAME), z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), may: z.enum(['read', 'act']) }));
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** See the file's head. */
export class People {
  private readonly file: string;
  private people: z.infer<typeof record> = {};
  private version = '';

  /** `directory` is the night's. Throws, naming the file, when it is not what it should be. */
  constructor(directory: string) {
    this.file = join(directory, FILE);
    this.refresh();
  }

  /** Adds a person or replaces their token; returns the token, which is kept nowhere. Throws RangeError on a bad name. */
  add(name: string, may: May = 'act'): string {
    // Never begins with a dash, which a command line would take for an option.
    const token = `tz_${randomBytes(32).toString('base64url')}`;
    this.refresh();
    if (!NAME.test(name)) throw new RangeError(`"${name}": a name has 2 to 32 small letters, digits, dots or dashes`);
    this.write({ ...this.people, [name]: { sha256: digest(token).toString('hex'), may } });
    return token;
  }

  /** Takes a person's token out of force. Throws RangeError when nobody has that name. */
  remove(name: string): void {
    this.refresh();
    if (!Object.hasOwn(this.people, name)) throw new RangeError(`${name}: nobody has that name`);
    this.write(Object.fromEntries(Object.entries(this.people).filter(([other]) => other !== name)));
  }

  /** Whose token it is; undefined for nobody's. Compares every digest, in constant time each. */
  personOf(token: string): Person | undefined {
    this.refresh();
    const given = digest(token);
    let found: Person | undefined;
    for (const [name, { sha256, may }] of Object.entries(this.people)) if (timingSafeEqual(given, Buffer.from(sha256, 'hex'))) found = { name, may };
    return found;
  }

  /** Everybody, by name. */
  get all(): Person[] {
    this.refresh();
    return Object.entries(this.people)
      .map(([name, { may }]) => ({ name, may }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private write(people: z.infer<typeof record>): void {
    writeFileSync(`${this.file}.new`, `${JSON.stringify(people, undefined, 1)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    this.refresh();
  }

  /** Reads the file anew when it is another one than last time. */
  private refresh(): void {
    const stat = statSync(this.file, { throwIfNoEntry: false });
    const version = stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
    if (version === this.version) return;
    try {
      this.people = stat === undefined ? {} : record.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (error) {
      throw new Error(`${this.file} is damaged: ${error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : String(error)}`);
    }
    this.version = version;
  }
}
