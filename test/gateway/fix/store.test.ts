// Both stores behave alike; the file store also survives a restart, a torn tail and a flipped byte.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { asciiBytes, asciiText, FileStore, MemoryStore, type MessageStore } from '../../../gateway/fix/index.ts';

const directories: string[] = [];
function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'fix-store-'));
  directories.push(made);
  return made;
}
afterEach(() => {
  for (const each of directories.splice(0)) rmSync(each, { recursive: true });
});

function keep(store: MessageStore, text: string): number {
  const msgSeqNum = store.takeOutbound(true);
  const bytes = asciiBytes(`..${text}..`);
  store.keep(msgSeqNum, bytes, 2, 2 + text.length);
  return msgSeqNum;
}
function kept(store: MessageStore, msgSeqNum: number): string | undefined {
  const bytes = store.message(msgSeqNum);
  return bytes === undefined ? undefined : asciiText(bytes, 0, bytes.length);
}
const state = (store: MessageStore): readonly number[] => [store.incarnation, store.createdAt, store.nextOutbound, store.nextInbound];

describe.each([
  ['memory', (): MessageStore => new MemoryStore(5)],
  ['file', (): MessageStore => new FileStore(directory(), 'FIX.4.4:A->B', 5)],
])('a %s store', (_, open) => {
  it('counts, keeps and resets', () => {
    const store = open();
    expect(state(store)).toEqual([1, 5, 1, 1]);
    expect([store.takeOutbound(false), keep(store, 'one'), keep(store, 'two'.repeat(3_000))]).toEqual([1, 2, 3]);
    store.setNextInbound(9);
    expect(state(store)).toEqual([1, 5, 4, 9]);
    expect([kept(store, 1), kept(store, 2), kept(store, 3)?.length]).toEqual([undefined, 'one', 9_000]);
    store.reset(7);
    expect(state(store)).toEqual([2, 7, 1, 1]);
    expect(kept(store, 2)).toBeUndefined();
    expect(keep(store, 'again')).toBe(1);
    expect(kept(store, 1)).toBe('again');
    store.setNextOutbound(30);
    expect(store.nextOutbound).toBe(30);
    store.close();
  });
});

it('a memory store forgets the oldest messages first', () => {
  const store = new MemoryStore(0, 10);
  for (const text of ['aaaa', 'bbbb', 'cccc']) keep(store, text);
  expect([kept(store, 1), kept(store, 2), kept(store, 3)]).toEqual([undefined, 'bbbb', 'cccc']);
});

describe('a file store', () => {
  const filled = (path: string): FileStore => {
    const store = new FileStore(path, 'S', 5);
    store.reset(6);
    store.takeOutbound(false);
    keep(store, 'hello');
    keep(store, 'world');
    store.setNextInbound(12);
    return store;
  };

  it('is the same after a restart, as often as one likes', () => {
    const path = directory();
    filled(path).close();
    for (let i = 0; i < 3; i++) {
      const store = new FileStore(path, 'S', 99);
      expect(state(store)).toEqual([2, 6, 4, 12]);
      expect([kept(store, 2), kept(store, 3)]).toEqual(['hello', 'world']);
      store.close();
    }
  });

  it('at every length a crash may leave opens with a prefix of what was written, and goes on', () => {
    const path = directory();
    filled(path).close();
    const file = join(path, 'S.session');
    const whole = readFileSync(file);
    let seen = 0;
    for (let length = whole.length; length > 0; length -= 1) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const store = new FileStore(path, 'S', 5);
      expect(store.nextOutbound).toBeLessThanOrEqual(4);
      const next = keep(store, 'more');
      store.close();
      const again = new FileStore(path, 'S', 5);
      expect(kept(again, next)).toBe('more');
      again.close();
      seen += 1;
    }
    expect(seen).toBe(whole.length);
  });

  it('cuts off what is damaged', () => {
    const path = directory();
    filled(path).close();
    const file = join(path, 'S.session');
    const bytes = readFileSync(file);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 0x10;
    writeFileSync(file, bytes);
    appendFileSync(file, 'rubbish');
    const store = new FileStore(path, 'S', 5);
    expect(store.nextInbound).toBe(1);
    expect(kept(store, 2)).toBe('hello');
    store.close();
  });
});
