// Reads the decoded map of a rare command by hand: every key is checked for type and bounds before anything is changed. Keeps the first
// thing that is wrong, located by key; the caller asks `error` once, when it has read all it needs.

export class BodyReader {
  /** What is wrong, '' when nothing is. */
  error = '';
  private readonly where: string;
  private readonly map: ReadonlyMap<string, unknown>;

  constructor(where: string, body: unknown) {
    this.where = where;
    const isMap = typeof body === 'object' && body !== null && !Array.isArray(body);
    this.map = new Map(isMap ? Object.entries(body) : []);
    if (!isMap) this.fail('', 'is not a map');
  }

  /** An integer from `low` to `high`. */
  integer(key: string, low: number, high: number): number {
    const value = this.map.get(key);
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    this.fail(key, value === undefined ? 'is missing' : `must be an integer from ${low} to ${high}`);
    return 0;
  }

  /** Is the key there? */
  has(key: string): boolean {
    return this.map.get(key) !== undefined;
  }

  /** Printable ASCII without blanks, 1 to `width` characters. */
  name(key: string, width: number): string {
    const value = this.map.get(key);
    if (typeof value === 'string' && value.length <= width && /^[!-~]+$/.test(value)) return value;
    this.fail(key, value === undefined ? 'is missing' : `must be 1 to ${width} printable ASCII characters without blanks`);
    return '';
  }

  /** Any text of at most `length` characters; may be empty. */
  text(key: string, length: number): string {
    const value = this.map.get(key);
    if (typeof value === 'string' && value.length <= length) return value;
    this.fail(key, value === undefined ? 'is missing' : `must be text of at most ${length} characters`);
    return '';
  }

  /** One of the names, as its number. */
  choice(key: string, names: Readonly<Record<string, number>>): number {
    const value = this.map.get(key);
    if (typeof value === 'string' && Object.hasOwn(names, value)) return names[value] ?? 0;
    this.fail(key, value === undefined ? 'is missing' : `must be one of ${Object.keys(names).join(', ')}`);
    return 0;
  }

  /** true or false. */
  boolean(key: string): boolean {
    const value = this.map.get(key);
    if (typeof value === 'boolean') return value;
    this.fail(key, value === undefined ? 'is missing' : 'must be true or false');
    return false;
  }

  /** A list of at most `most` integers, an even number of them; what they may be the caller looks at. */
  integers(key: string, most: number): readonly number[] {
    const value = this.map.get(key);
    if (Array.isArray(value) && value.length <= most && value.length % 2 === 0 && value.every((each) => Number.isInteger(each)))
      return value as number[];
    this.fail(key, value === undefined ? 'is missing' : `must be a list of at most ${most} integers in pairs`);
    return [];
  }

  /** A list of one or two names, each text of 1 to `length` characters. */
  names(key: string, length: number): readonly string[] {
    const value = this.map.get(key);
    const isNames = Array.isArray(value) && value.length >= 1 && value.length <= 2;
    if (isNames && value.every((each) => typeof each === 'string' && each.length >= 1 && each.length <= length)) return value as string[];
    this.fail(key, value === undefined ? 'is missing' : `must be a list of one or two names of 1 to ${length} characters`);
    return [];
  }

  /** A list of integers from 1 to 7 (exchange segments), as bits. */
  segments(key: string): number {
    const value = this.map.get(key);
    let bits = 0;
    if (!Array.isArray(value)) {
      this.fail(key, value === undefined ? 'is missing' : 'must be a list of exchange segments');
      return 0;
    }
    for (const each of value) {
      if (typeof each === 'number' && Number.isInteger(each) && each >= 1 && each <= 7) bits |= 1 << each;
      else this.fail(key, 'must hold exchange segments from 1 to 7');
    }
    return bits;
  }

  /** A list of at most `most` maps. Their errors are found in `error` of what is returned; take() brings them here. */
  maps(key: string, most: number): readonly BodyReader[] {
    const value = this.map.get(key);
    if (Array.isArray(value) && value.length <= most) return value.map((each, index) => new BodyReader(`${this.where}.${key}[${index}]`, each));
    this.fail(key, value === undefined ? 'is missing' : `must be a list of at most ${most} maps`);
    return [];
  }

  /** Takes over the first error of a map inside this one. */
  take(inner: BodyReader): void {
    if (this.error === '') this.error = inner.error;
  }

  /** A map inside the map. Its errors are found in `error` of what is returned. */
  inner(key: string): BodyReader {
    const nested = new BodyReader(`${this.where}.${key}`, this.map.get(key));
    if (this.error === '') this.error = nested.error;
    return nested;
  }

  /** Notes something wrong with a key; the first stands. */
  fail(key: string, why: string): void {
    if (this.error === '') this.error = key === '' ? `${this.where}: ${why}` : `${this.where}.${key} ${why}`;
  }
}
