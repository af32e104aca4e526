// The session log as a file: whatever was flushed is read back, wherever the file is cut; numbers, cursors and the watermark never go backwards.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { EVENT_BYTES, EventField, EventKind, EventView, EventWriter, SLOT_COUNT } from '../../../engine/index.ts';
import { SessionLog } from '../../../gateway/risk/session-log.ts';
import { ENTRY_BYTES } from '../../../gateway/risk/session-log-layout.ts';
import { SessionStore } from '../../../gateway/risk/session-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarazu-log-'));
let files = 0;
const newFile = (): string => join(folder, `log-${++files}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function event(slot: number, sequence: number, index = 0): EventView {
  const writer = new EventWriter(1).begin(EventKind.OrderAccepted, index);
  writer
    .u16(EventField.slot, slot)
    .f64(EventField.slotSequence, sequence)
    .f64(EventField.journalPosition, sequence * EVENT_BYTES);
  return new EventView().wrap(writer.bytes, writer.data, 0);
}

describe('session log', () => {
  it('gives back every message by its number', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    expect(log.appendEvent(event(3, 7), 0x38, 1_000)).toBe(1);
    expect(log.appendAdmin(0x30, 2_000)).toBe(2);
    expect(log.appendBody(Buffer.from('35=j'), 0x6a, 3_000, 9)).toBe(3);
    log.close();
    const again = new SessionLog(file, false);
    expect(again.nextOutbound).toBe(4);
    expect(again.read(1)).toMatchObject({ slot: 3, slotSequence: 7, msgType: 0x38, sendingTime: 1_000, journalPosition: 7 * EVENT_BYTES });
    expect(Buffer.from(again.read(3)?.payload ?? []).toString()).toBe('35=j');
    expect(again.read(4)).toBeUndefined();
    again.close();
  });

  it('knows which events were reported, by slot and index', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    log.appendEvent(event(3, 7, 0), 0x38, 1);
    log.appendEvent(event(3, 7, 1), 0x38, 1);
    log.close();
    const again = new SessionLog(file, false);
    const asked: [number, number, number][] = [
      [3, 7, 1],
      [3, 6, 9],
      [3, 7, 2],
      [3, 8, 0],
      [4, 1, 0],
    ];
    expect(asked.map(([slot, sequence, index]) => again.hasReported(slot, sequence, index))).toEqual([true, true, false, false, false]);
    again.close();
  });

  it('restarts numbers on reset, keeps cursors, counts incarnations', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    log.appendEvent(event(3, 7), 0x38, 1);
    log.settleInbound(5);
    log.reset(99);
    log.appendAdmin(0x41, 2);
    log.close();
    const again = new SessionLog(file, false);
    expect([again.incarnation, again.nextOutbound, again.watermark, again.createdAt, again.hasReported(3, 7, 0)]).toEqual([2, 2, 0, 99, true]);
    again.close();
  });

  it('expects the lowest inbound number that is neither durable nor answered', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    log.settleInbound(10);
    log.appendBody(Buffer.from('35=j'), 0x6a, 1, 11);
    log.appendBody(Buffer.from('35=j'), 0x6a, 1, 13);
    log.close();
    const store = new SessionStore(new SessionLog(file, false), () => 1);
    expect(store.nextInbound).toBe(12);
    expect([...store.log.answered]).toEqual([11, 13]);
    store.close();
  });

  it('carries cursors over quiet times', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    const [sequences, indices] = [new Float64Array(SLOT_COUNT).fill(41), new Float64Array(SLOT_COUNT).fill(1)];
    log.noteCursor(sequences, indices);
    log.close();
    const again = new SessionLog(file, false);
    expect([again.reportedThrough(255), again.hasReported(0, 41, 1), again.hasReported(0, 41, 2), again.nextOutbound]).toEqual([41, true, false, 1]);
    again.close();
  });

  it('cut anywhere, it holds every whole entry and nothing else', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    for (let i = 1; i <= 20; i++) {
      if (i % 3 === 0) log.appendBody(Buffer.alloc(i), 0x6a, i, i);
      else log.appendEvent(event(i, i), 0x38, i);
    }
    log.close();
    const { size } = statSync(file);
    const ends: number[] = [];
    for (let i = 1; i <= 20; i++) ends.push((ends.at(-1) ?? 0) + ENTRY_BYTES + (i % 3 === 0 ? Math.ceil(i / 8) * 8 : 0));
    expect(ends.at(-1)).toBe(size);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: size }), (keep) => {
        const cut = newFile();
        copyFileSync(file, cut);
        truncateSync(cut, keep);
        const whole = ends.filter((end) => end <= keep).length;
        const again = new SessionLog(cut, false);
        expect(again.nextOutbound).toBe(whole + 1);
        expect(statSync(cut).size).toBe(ends[whole - 1] ?? 0);
        expect(again.appendAdmin(0x30, 1)).toBe(whole + 1);
        again.close();
        expect(new SessionLog(cut, false).nextOutbound).toBe(whole + 2);
      }),
      { numRuns: 60 },
    );
  });

  it('stops at a flipped byte', () => {
    const file = newFile();
    const log = new SessionLog(file, false);
    for (let i = 1; i <= 5; i++) log.appendEvent(event(i, i), 0x38, i);
    log.close();
    const bytes = readFileSync(file);
    bytes[2 * ENTRY_BYTES + 30] = (bytes[2 * ENTRY_BYTES + 30] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(new SessionLog(file, false).nextOutbound).toBe(3);
  });

  it('holds more than its buffer, and syncs when told', () => {
    const file = newFile();
    const log = new SessionLog(file, true);
    for (let i = 1; i <= 20_000; i++) log.appendEvent(event(i % SLOT_COUNT, i), 0x38, i);
    log.flush();
    expect(statSync(file).size).toBe(20_000 * ENTRY_BYTES);
    expect(log.read(19_999)?.slotSequence).toBe(19_999);
    log.close();
    expect(new SessionLog(file, false).nextOutbound).toBe(20_001);
  });
});
