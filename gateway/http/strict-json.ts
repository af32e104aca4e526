// JSON (RFC 8259) as a request body may carry it: every fault has its line and column, a key stands once in its object, depth and number size are
// bounded. JSON.parse lets the last of two equal keys win, which two programs reading one order must not disagree on.

/** Objects and lists inside one another. */
const DEPTH_MAX = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const FIRST_PRINTABLE = 0x20;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

/** What is wrong, with line and column from 1. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
}

/** The value that UTF-8 `bytes` say. Throws JsonFault. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new JsonFault('the bytes are not UTF-8');
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): unknown {
    if (depth > DEPTH_MAX) this.fail(`more than ${DEPTH_MAX} levels deep`);
    this.skipBlanks();
    const char = this.text[this.at];
    if (char === '{') return this.object(depth);
    if (char === '[') return this.list(depth);
    if (char === '"') return this.string();
    for (const word of Object.keys(WORDS)) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return WORDS[word];
    }
    return this.number();
  }

  end(): void {
    this.skipBlanks();
    if (this.at < this.text.length) this.fail('something follows the value');
  }

  private object(depth: number): unknown {
    const object: Record<string, unknown> = {};
    this.at += 1;
    if (this.takes('}')) return object;
    do {
      this.skipBlanks();
      if (this.text[this.at] !== '"') this.fail('a key in double quotes is expected');
      const keyAt = this.at;
      const key = this.string();
      if (Object.hasOwn(object, key)) this.fail(`the key ${JSON.stringify(key)} stands twice`, keyAt);
      this.expect(':');
      // Not by assignment: "__proto__" is a key like any other.
      Object.defineProperty(object, key, { value: this.value(depth + 1), enumerable: true, writable: true, configurable: true });
    } while (this.takes(','));
    this.expect('}');
    return object;
  }

  private list(depth: number): unknown {
    const list: unknown[] = [];
    this.at += 1;
    if (this.takes(']')) return list;
    do list.push(this.value(depth + 1));
    while (this.takes(','));
    this.expect(']');
    return list;
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    let text = '';
    for (;;) {
      const from = this.at;
      while (this.isPlain()) this.at += 1;
      text += this.text.slice(from, this.at);
      const char = this.text[this.at];
      this.at += 1;
      if (char === '"') return text;
      if (char === undefined) this.fail('the string does not end', start);
      if (char !== '\\') this.fail('a control character in a string', this.at - 1);
      text += this.escape();
    }
  }

  private isPlain(): boolean {
    const char = this.text[this.at];
    return char !== undefined && char !== '"' && char !== '\\' && char.charCodeAt(0) >= FIRST_PRINTABLE;
  }

  private escape(): string {
    const char = this.text[this.at] ?? '';
    this.at += 1;
    if (char !== 'u') return ESCAPES[char] ?? this.fail('an escape that JSON does not have', this.at - 2);
    const hex = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail('\\u needs four hexadecimal digits', this.at - 2);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) this.fail(this.at < this.text.length ? 'a value is expected' : 'the text ends where a value is expected');
    const value = Number(match[0]);
    if (!Number.isFinite(value)) this.fail('the number is too large');
    this.at = NUMBER.lastIndex;
    return value;
  }

  /** Steps over `char` if it is next. */
  private takes(char: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private expect(char: string): void {
    if (!this.takes(char)) this.fail(`"${char}" is expected`);
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at] ?? '')) this.at += 1;
  }

  private fail(why: string, at: number = this.at): never {
    const before = this.text.slice(0, at).split('\n');
    throw new JsonFault(`${why} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`);
  }
}
