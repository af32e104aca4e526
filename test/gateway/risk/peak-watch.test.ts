// The day's largest requirement by account: rises, never falls, lives over a restart of the day, and ends with it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EventField, EventKind, EventView, EventWriter } from '../../../engine/index.ts';
import { PeakWatch } from '../../../gateway/risk/peak-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-peak-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An event of `kind` about an account, with the requirement after it. */
function event(kind: number, account: string, requirement: number, more: { reject?: number; value?: number } = {}): EventView {
  const writer = new EventWriter(1);
  writer.reset();
  writer
    .begin(kind, 0)
    .copy(EventField.account, Buffer.alloc(16, 0).fill(account, 0, account.length), 0, 16)
    .f64(EventField.requirementAfter, requirement)
    .f64(EventField.time, 77)
    .f64(EventField.value, more.value ?? 0)
    .u16(EventField.rejectCode, more.reject ?? 0);
  return new EventView().wrap(writer.bytes, new DataView(writer.bytes.buffer, writer.bytes.byteOffset), 0);
}

it('keeps the largest of what events and questions tell, refused orders aside', () => {
  const watch = new PeakWatch(join(folder, 'peaks.json'));
  watch.useDay(20261120);
  watch.handle(event(EventKind.OrderAccepted, 'C1', 500));
  watch.handle(event(EventKind.OrderAccepted, 'C1', 300));
  watch.handle(event(EventKind.OrderRejected, 'C1', 9_000, { reject: 26 }));
  expect(watch.of('C1')).toEqual({ paise: 500, timeMicros: 77 });
  watch.note('C1', 800, 99);
  expect(watch.of('C1')).toEqual({ paise: 800, timeMicros: 99 });
  expect(watch.of('C')).toEqual({ paise: 0, timeMicros: 0 });
  for (let i = 0; i < 9_000; i++) watch.note(`MANY${i}`, i + 1, 1);
  expect(watch.of('MANY8999').paise).toBe(9_000);
  watch.close();
});

it('goes on after a restart of the same day, and begins anew on the next', () => {
  const watch = new PeakWatch(join(folder, 'peaks.json'));
  watch.useDay(20261120);
  expect(watch.of('C1').paise).toBe(800);
  watch.handle(event(EventKind.DayOpened, '', 0, { value: 20261123 }));
  expect(watch.of('C1').paise).toBe(0);
  watch.close();
  writeFileSync(join(folder, 'torn.json'), '{"date":20261120,"peaks":[["C1",5');
  const torn = new PeakWatch(join(folder, 'torn.json'));
  expect(torn.of('C1').paise).toBe(0);
  torn.close();
});
