// The alerts themselves: one per condition, in pages, acknowledged once, kept over a restart, bounded in memory and on disk.
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertChange } from '../../../gateway/alerts/alert.ts';
import { AlertBook } from '../../../gateway/alerts/alert-book.ts';
import { AlertFile } from '../../../gateway/alerts/alert-file.ts';
import { bookIn, type OpenBook } from './books.ts';

let open: OpenBook | undefined;
let now = 1_000;
afterEach(() => open?.close());

function fresh(limit?: number): AlertBook {
  now = 1_000;
  open = bookIn(() => now, limit);
  return open.book;
}
const page = (book: AlertBook, limit = 100): string[] =>
  book.recent(undefined, limit).alerts.map(({ id, kind, subject }) => `${id} ${kind} ${subject}`);

describe('a condition', () => {
  it('is one alert however often it is seen, and another after it ended', () => {
    const book = fresh();
    book.raise('marginShortfall', 'C1', 'short');
    now = 2_000;
    book.raise('marginShortfall', 'C1', 'still short');
    book.raise('marginShortfall', 'C2', 'short');
    expect(book.standing('marginShortfall', 'C1')).toMatchObject({
      id: 1,
      severity: 'critical',
      count: 2,
      firstSeen: 1_000,
      lastSeen: 2_000,
      text: 'still short',
    });
    now = 3_000;
    book.clear('marginShortfall', 'C1');
    book.clear('marginShortfall', 'C1');
    expect(book.standing('marginShortfall', 'C1')).toBeUndefined();
    book.raise('marginShortfall', 'C1', 'short');
    expect(page(book)).toEqual(['3 marginShortfall C1', '2 marginShortfall C2', '1 marginShortfall C1']);
    expect(book.recent(undefined, 9).alerts[2]).toMatchObject({ id: 1, clearedAt: 3_000 });
  });

  it('is told when it begins, ends and is acknowledged; repeated sightings every ten seconds', () => {
    const book = fresh();
    const told: AlertChange[] = [];
    const stop = book.onChange((_, change) => told.push(change));
    for (; now <= 32_000; now += 1_000) book.raise('feedStale', 'NSE', 'none');
    book.acknowledge(1, 'asha');
    book.clear('feedStale', 'NSE');
    stop();
    book.raise('feedStale', 'NSE', 'none');
    expect(told).toEqual(['raised', 'repeated', 'repeated', 'repeated', 'acknowledged', 'cleared']);
  });

  it('is acknowledged by the first who does', () => {
    const book = fresh();
    book.raise('breakOpened', 'C1', 'x');
    expect(book.acknowledge(1, 'asha')).toMatchObject({ acknowledgedBy: 'asha', acknowledgedAt: 1_000 });
    now = 5_000;
    expect(book.acknowledge(1, 'ravi')).toMatchObject({ acknowledgedBy: 'asha', acknowledgedAt: 1_000 });
    expect(book.acknowledge(99, 'ravi')).toBeUndefined();
  });
});

describe('pages', () => {
  it('show every alert once, newest first', () => {
    const book = fresh();
    for (let i = 0; i < 25; i++) book.raise('utilisation80', `C${i}`, 'x');
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { alerts, next } = book.recent(cursor, 10);
      seen.push(...alerts.map(({ id }) => id));
      // New ones meanwhile do not shift the older pages.
      book.raise('utilisation90', `D${seen.length}`, 'x');
      cursor = next;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i));
  });

  it.each(['', 'x', '-1', '1.5', '1 OR 1'])('refuse the cursor "%s"', (cursor) => expect(() => fresh().recent(cursor, 5)).toThrow(RangeError));
});

describe('the file', () => {
  it('brings everything back, ids going on', () => {
    const book = fresh();
    book.raise('sessionDown', 'OMS', 'down');
    book.raise('sessionDown', 'OMS', 'down');
    book.raise('breakOpened', 'C1', 'x');
    book.acknowledge(2, 'asha');
    book.clear('breakOpened', 'C1');
    const before = book.recent(undefined, 10);
    book.close();
    const again = new AlertBook(open?.path ?? '', () => now);
    expect(again.recent(undefined, 10)).toEqual(before);
    expect(again.standing('sessionDown', 'OMS')?.id).toBe(1);
    expect(again.raise('breakOpened', 'C1', 'x').id).toBe(3);
    again.close();
  });

  it('is read past a torn last line, and past lines of kinds this release does not know', () => {
    const book = fresh();
    book.raise('sessionDown', 'OMS', 'down');
    book.close();
    const path = open?.path ?? '';
    appendFileSync(path, '{"id":7,"kind":"fromTheFuture","subject":"x"}\n{"id":8,"kind":"sessionD');
    const again = new AlertBook(path, () => now);
    expect(page(again)).toEqual(['1 sessionDown OMS']);
    again.close();
    expect(readFileSync(path, 'utf8')).not.toContain('fromTheFuture');
  });

  it('is rewritten when it has grown, and can be read by nobody else', () => {
    const path = bookIn(() => 1).path;
    const file = new AlertFile(path, 2_000);
    expect(file.open()).toEqual([]);
    const book = fresh();
    const alert = book.raise('feedStale', 'NSE', 'x'.repeat(100));
    for (let i = 0; i < 50; i++) {
      file.add(alert);
      file.flush(() => [alert]);
    }
    expect(statSync(path).size).toBeLessThanOrEqual(2_000);
    expect(statSync(path).mode & 0o077).toBe(0);
    file.close();
    const again = new AlertFile(path);
    expect(again.open()).toEqual([alert]);
    again.close();
  });

  it('starts anew from a file that is no alerts at all', () => {
    const { path, close } = bookIn(() => 1);
    writeFileSync(path, 'not alerts\n\n{}\n');
    const book = new AlertBook(path, () => 1);
    expect(page(book)).toEqual([]);
    book.close();
    close();
  });
});

it('forgets the oldest that is over, before one that lasts', () => {
  const book = fresh(3);
  book.raise('feedStale', 'A', 'x');
  book.raise('feedStale', 'B', 'x');
  book.raise('feedStale', 'C', 'x');
  book.clear('feedStale', 'B');
  book.raise('feedStale', 'D', 'x');
  expect(page(book)).toEqual(['4 feedStale D', '3 feedStale C', '1 feedStale A']);
  book.raise('feedStale', 'E', 'x');
  expect(page(book)).toEqual(['5 feedStale E', '4 feedStale D', '3 feedStale C']);
  // A forgotten one can be raised again.
  expect(book.raise('feedStale', 'A', 'x').id).toBe(6);
});
