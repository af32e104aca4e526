// Rows that wait to be stored: the newest image of each, in the order in which they first came, however many slabs they fill.
import { expect, test } from 'vitest';
import { RowImages } from '../../workers/checkpoint/row-images.ts';

const image = (bytes: number, value: number): Uint8Array => new Uint8Array(bytes).fill(value);

/** slot/table/row: first byte x length. */
function listed(rows: RowImages): string[] {
  const lines: string[] = [];
  rows.each((slot, table, row, bytes) => lines.push(`${slot}/${table}/${row}: ${bytes[0]} x ${bytes.length}`));
  return lines;
}

test('a row that comes again replaces its image and keeps its place', () => {
  const rows = new RowImages();
  rows.put(3, 5, 1, image(16, 1));
  rows.put(3, 5, 0xffffffff, image(16, 2));
  rows.put(255, 12, 1, image(8, 3));
  rows.put(3, 5, 1, image(16, 4));
  expect(listed(rows)).toEqual(['3/5/1: 4 x 16', '3/5/4294967295: 2 x 16', '255/12/1: 3 x 8']);
});

test('what newer rows bring is laid over older ones', () => {
  const [older, newer] = [new RowImages(), new RowImages()];
  for (let row = 0; row < 3; row++) older.put(1, 2, row, image(8, 10 + row));
  for (let row = 2; row < 5; row++) newer.put(1, 2, row, image(8, 20 + row));
  older.putAll(newer);
  expect(listed(older)).toEqual(['1/2/0: 10 x 8', '1/2/1: 11 x 8', '1/2/2: 22 x 8', '1/2/3: 23 x 8', '1/2/4: 24 x 8']);
  expect(newer.count).toBe(3);
});

test('images over many slabs are whole, and cleared rows leave nothing behind', () => {
  const rows = new RowImages();
  for (const round of [1, 2]) {
    // 24 MB: images of 40 KB, of which a slab does not hold a whole number.
    for (let row = 0; row < 600; row++) rows.put(row % 7, 1, row, image(40_000, (row * round) % 251));
    let sound = 0;
    rows.each((slot, _table, row, bytes) => {
      const value = (row * round) % 251;
      if (slot === row % 7 && bytes.length === 40_000 && bytes[0] === value && bytes[39_999] === value) sound += 1;
    });
    expect(sound).toBe(600);
    rows.clear();
    expect(listed(rows)).toEqual([]);
  }
  rows.put(0, 1, 5, image(8, 9));
  expect(listed(rows)).toEqual(['0/1/5: 9 x 8']);
});
