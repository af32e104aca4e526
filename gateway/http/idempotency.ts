// Idempotency-Key: the same request twice has one effect and one answer. What was begun and what was answered is appended to a file before it counts,
// so that a restart knows it too. Bounded in number, bytes and age. Exactly-once of orders does not rest on this: their ClOrdID is made of the key.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '../../workers/index.ts';
import { refusal } from './http-error.ts';

const KEPT_MS = 24 * 3_600_000;
const ENTRIES_MAX = 50_000;
const BYTES_MAX = 64 * 1024 * 1024;

/** An answer as it was given. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

interface Entry {
  /** Hash of the request's body. */
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answer: KeptAnswer | undefined;
  /** Being answered by this process now. */
  readonly inFlight: boolean;
}

/** One line of the file. */
interface Line {
  readonly k: string;
  readonly b: string;
  readonly t: number;
  readonly s?: number;
  readonly a?: string;
}

/** Names what is done once: caller, route and key. */
export function idempotencyName(subject: string, route: string, key: string): string {
  return hash(`${subject}\0${route}\0${key}`);
}

/** Hash of a body, to tell a repeat from another request. */
export function bodyHash(body: Uint8Array): string {
  return hash(body);
}

const hash = (what: string | Uint8Array): string => createHash('sha256').update(what).digest('base64url').slice(0, 32);

/** Answers kept by name. */
export class IdempotencyStore {
  private readonly entries = new Map<string, Entry>();
  private readonly file: string;
  private readonly sync: boolean;
  private descriptor: number;
  private bytes = 0;
  private written = 0;

  /** Opens or makes `file`; `sync` asks the disk to hold each line before the answer goes out. */
  constructor(file: string, sync: boolean) {
    this.file = file;
    this.sync = sync;
    makeDirectory(dirname(file));
    if (existsSync(file)) for (const line of readFileSync(file, 'utf8').split('\n')) this.load(line);
    this.descriptor = this.rewrite();
  }

  /** Answers kept or being made. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * The answer given before, or undefined when the request is new: then it counts as begun, and settle() or release() must follow.
   * Refuses with 409 while the first is being answered, with 422 when the body is another.
   */
  begin(name: string, body: string, now: number): KeptAnswer | undefined {
    const entry = this.entries.get(name);
    if (entry !== undefined && now - entry.at < KEPT_MS) {
      if (entry.body !== body) throw refusal('TZ-KEY-REUSED', 'this Idempotency-Key was used before with another body');
      if (entry.inFlight)
        throw refusal('TZ-IN-FLIGHT', 'the first request with this Idempotency-Key is not answered yet', { headers: { 'retry-after': '1' } });
      if (entry.answer !== undefined) return entry.answer;
    }
    this.put(name, { body, at: now, answer: undefined, inFlight: true });
    this.append({ k: name, b: body, t: now });
    this.shrink(now);
    return undefined;
  }

  /** Keeps the answer; on disk before this returns. */
  settle(name: string, body: string, answer: KeptAnswer, now: number): void {
    this.put(name, { body, at: now, answer, inFlight: false });
    this.append({ k: name, b: body, t: now, s: answer.status, a: answer.body });
  }

  /** The request was not decided, or nobody knows: a repeat with the same body is carried out again. */
  release(name: string): void {
    const entry = this.entries.get(name);
    if (entry !== undefined) this.put(name, { ...entry, inFlight: false });
  }

  close(): void {
    if (this.descriptor < 0) return;
    closeSync(this.descriptor);
    this.descriptor = -1;
  }

  private put(name: string, entry: Entry): void {
    this.drop(name);
    this.entries.set(name, entry);
    this.bytes += entry.answer?.body.length ?? 0;
  }

  private drop(name: string): void {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    this.bytes -= entry.answer?.body.length ?? 0;
    this.entries.delete(name);
  }

  /** Oldest first, as the map keeps them; what is in flight stays. */
  private shrink(now: number): void {
    for (const [name, { at, inFlight }] of this.entries) {
      const isOver = this.entries.size > ENTRIES_MAX || this.bytes > BYTES_MAX;
      if (!isOver && now - at < KEPT_MS) break;
      if (!inFlight) this.drop(name);
    }
    if (this.written > 2 * BYTES_MAX) {
      closeSync(this.descriptor);
      this.descriptor = this.rewrite();
    }
  }

  private load(text: string): void {
    if (text === '') return;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      // The line the process died in: its request was not answered.
      return;
    }
    if (Date.now() - line.t >= KEPT_MS) return;
    const answer = line.s === undefined ? undefined : { status: line.s, body: line.a ?? '' };
    this.put(line.k, { body: line.b, at: line.t, answer, inFlight: false });
  }

  private append(line: Line): void {
    const text = `${JSON.stringify(line)}\n`;
    writeSync(this.descriptor, text);
    if (this.sync) fdatasyncSync(this.descriptor);
    this.written += text.length;
  }

  /** A file of what is kept, in place of the one before; resolves to its descriptor. */
  private rewrite(): number {
    const next = `${this.file}.next`;
    this.descriptor = openSync(next, 'w', 0o600);
    this.written = 0;
    for (const [k, { body: b, at: t, answer }] of this.entries)
      this.append({ k, b, t, ...(answer === undefined ? {} : { s: answer.status, a: answer.body }) });
    renameSync(next, this.file);
    return this.descriptor;
  }
}
