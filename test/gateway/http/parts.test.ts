// The parts that routes stand on, by themselves: strict JSON, cursors, buckets, kept answers, the table of codes.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openCursor, sealCursor } from '../../../gateway/http/cursor.ts';
import { ERROR_CODES } from '../../../gateway/http/error-code.ts';
import { IdempotencyStore } from '../../../gateway/http/idempotency.ts';
import { addressKey, RateLimiter } from '../../../gateway/http/rate-limit.ts';
import { parseStrictJson } from '../../../gateway/http/strict-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-http-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('strict JSON', () => {
  const parse = (text: string): unknown => parseStrictJson(new TextEncoder().encode(text));

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(parse(JSON.stringify(value, null, 1))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('takes nothing that JSON.parse does not', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[{}[\]",:0-9eE+.\-truefalsn \\u]{0,24}$/),
      fc.jsonValue().map((value) => JSON.stringify(value).slice(1)),
    );
    const parsed = (read: (from: string) => unknown, from: string): boolean => {
      try {
        read(from);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(text, (from) => parsed(JSON.parse, from) || !parsed(parse, from)),
      { numRuns: 500 },
    );
  });

  it('takes a key of the prototype as a key like any other', () => {
    const value = parse('{"__proto__":{"a":1},"constructor":2}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseStrictJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(/not UTF-8/);
  });
});

describe('cursors', () => {
  it('come back as they went out, for their own list only', () => {
    const values = fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(values, fc.string(), (each, list) => {
        const cursor = sealCursor(list, each);
        if (cursor.length > 400) return;
        expect(openCursor(list, cursor)).toEqual(each);
        expect(() => openCursor(`${list}x`, cursor)).toThrow(/not one of this list/);
      }),
    );
  });
});

describe('a bucket', () => {
  it('gives its burst at once and then its rate, never more', () => {
    const limiter = new RateLimiter('test', { perSecond: 10, burst: 5 });
    const passed = (now: number, times: number): number =>
      Array.from({ length: times }, () => limiter.take('a', now)).filter((each) => each?.passes).length;
    expect(passed(0, 20)).toBe(5);
    expect(passed(100, 20)).toBe(1);
    expect(passed(1_100, 20)).toBe(5);
    // A clock that steps back gives nothing away.
    expect(passed(0, 20)).toBe(0);
  });

  it('says when one more may come', () => {
    const limiter = new RateLimiter('test', { perSecond: 1, burst: 1 });
    limiter.take('a', 0);
    expect(limiter.take('a', 0)).toMatchObject({ passes: false, remaining: 0, resetSeconds: 1 });
    expect(limiter.peek('a', 1_000)).toMatchObject({ passes: true });
    expect(limiter.take('b', 0)).toMatchObject({ passes: true });
  });

  it('is forgotten when very many others come: memory stays bounded', () => {
    const limiter = new RateLimiter('test', { perSecond: 1, burst: 1 });
    for (let i = 0; i < 60_000; i++) limiter.take(`caller ${i}`, i);
    expect(limiter.size).toBe(10_000);
    expect(limiter.take('caller 59999', 60_000)?.passes).toBe(false);
  });

  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
  ])('counts %s as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

describe('kept answers', () => {
  const answer = { status: 201, body: '{"data":1}' };
  it('outlive the process; a torn last line costs its request only', () => {
    const file = join(folder, 'kept.jsonl');
    const first = new IdempotencyStore(file, true);
    const now = Date.now();
    expect(first.begin('a', 'body', now)).toBeUndefined();
    first.settle('a', 'body', answer, now);
    first.begin('b', 'body', now);
    first.close();
    appendFileSync(file, '{"k":"c","b":"bo');
    expect(statSync(file).mode & 0o077).toBe(0);
    const second = new IdempotencyStore(file, false);
    expect(second.begin('a', 'body', now)).toEqual(answer);
    expect(() => second.begin('a', 'other', now)).toThrow(/another body/);
    // Begun and not answered: nobody knows, so the same request may be tried again, another may not.
    expect(() => second.begin('b', 'other', now)).toThrow(/another body/);
    expect(second.begin('b', 'body', now)).toBeUndefined();
    expect(() => second.begin('b', 'body', now)).toThrow(/not answered yet/);
    second.close();
  });

  it('end after a day, and are bounded in number', () => {
    const store = new IdempotencyStore(join(folder, 'many.jsonl'), false);
    const now = Date.now();
    store.begin('old', 'body', now - 24 * 3_600_000);
    store.settle('old', 'body', answer, now - 24 * 3_600_000);
    expect(store.begin('old', 'another', now)).toBeUndefined();
    for (let i = 0; i < 50_100; i++) {
      store.begin(`key ${i}`, 'body', now);
      store.settle(`key ${i}`, 'body', answer, now);
    }
    expect(store.size).toBeLessThanOrEqual(50_001);
    expect(store.begin('key 50099', 'body', now)).toEqual(answer);
    store.close();
  });
});

describe('the table of codes', () => {
  const root = new URL('../../../gateway', import.meta.url).pathname;
  const sources = (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts') && !name.endsWith('error-code.ts'))
    .map((name) => readFileSync(join(root, name), 'utf8'));
  const used = new Set(sources.flatMap((text) => text.match(/'TZ-[A-Z-]+'/g) ?? []).map((code) => code.slice(1, -1)));

  it('has every code that is used, and none that is not', () => {
    expect(Object.keys(ERROR_CODES).length).toBeGreaterThan(35);
    expect([...used].filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([]);
    // Named once to be given and once, at most, to be described: the document's lists do not count as use.
    const given = sources.filter((text) => !text.startsWith('// The OpenAPI 3.1 document')).join('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !given.includes(`'${code}'`))).toEqual([]);
  });

  it('says in a sentence what each means, and has a status of HTTP', () => {
    const odd = Object.entries(ERROR_CODES).filter(
      ([code, { status, means }]) => !/^TZ-[A-Z-]+$/.test(code) || status < 400 || status > 504 || !/^[A-Z].{15,}\.$/.test(means),
    );
    expect(odd).toEqual([]);
  });
});
