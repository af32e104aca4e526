// The shard's side of checkpoints: copies the changed rows of one slot at a time, as of one sequence, and hands them to the checkpoint
// thread as its ring takes them. Never blocks the shard: without room, rows simply stay changed and are sent once, later, as they are then.
import { assert, SLOT_COUNT } from '../../engine/index.ts';
import type { JournalHead } from '../journal/journal.ts';
import type { Doorbell } from '../ring/doorbell.ts';
import type { RingWriter } from '../ring/ring-writer.ts';
import type { FoldedSlot } from '../slot-fold.ts';
import { CheckpointKind, RowImage, SlotCommit, type SlotCommitBody } from './layout.ts';

export class RowStream {
  private readonly ring: RingWriter;
  private readonly changed = new Uint8Array(SLOT_COUNT);
  private readonly closed = new Uint8Array(SLOT_COUNT);
  private readonly intervalMs: number;
  private staging = new Uint8Array(1 << 18);
  private data = new DataView(this.staging.buffer);
  private filled = 0;
  private sent = 0;
  private sweep: number[] = [];
  private dueAt = 0;
  private dirtySlots = 0;
  private readonly bell: Doorbell;

  /** `intervalMs` is how long changes may gather before they are sent (longer: fewer images, a longer replay); `bell` wakes the reader. */
  constructor(ring: RingWriter, intervalMs: number, bell: Doorbell) {
    this.ring = ring;
    this.bell = bell;
    this.intervalMs = intervalMs;
  }

  /** Notes that `slot` has folded something. */
  touch(slot: number): void {
    this.dirtySlots += 1 - (this.changed[slot] ?? 1);
    this.changed[slot] = 1;
  }

  /** Notes that the day of `slot` has been closed. */
  seal(slot: number): void {
    this.closed[slot] = 1;
  }

  /** Anything not yet handed over? */
  get isPending(): boolean {
    return this.dirtySlots > 0 || this.sweep.length > 0 || this.sent < this.filled;
  }

  /** Milliseconds until pump has something to do; Infinity when nothing is pending or the ring is full (its reader then rings). */
  waitMs(now: number): number {
    if (this.sent < this.filled) return this.ring.fits(this.nextLength(), 0) ? 0 : Number.POSITIVE_INFINITY;
    if (this.sweep.length > 0) return 0;
    return this.dirtySlots === 0 ? Number.POSITIVE_INFINITY : Math.max(0, this.dueAt - now);
  }

  /**
   * Sends what the ring takes, then starts at most one more slot. Call when everything folded is durable. `force` does not wait for
   * the interval. Returns whether anything moved.
   */
  pump(states: readonly (FoldedSlot | undefined)[], head: () => JournalHead, now: number, force: boolean): boolean {
    if (!this.drainStaging()) return false;
    if (this.sweep.length === 0) {
      if (this.dirtySlots === 0 || (!force && now < this.dueAt)) return false;
      this.startSweep(now);
    }
    const slot = this.sweep.pop();
    const state = slot === undefined ? undefined : states[slot];
    if (state === undefined) return false;
    this.changed[state.slot] = 0;
    this.dirtySlots -= 1;
    this.stage(state, head());
    this.drainStaging();
    return true;
  }

  private startSweep(now: number): void {
    this.dueAt = now + this.intervalMs;
    for (let slot = SLOT_COUNT - 1; slot >= 0; slot--) if (this.changed[slot] === 1) this.sweep.push(slot);
  }

  /** Moves staged messages to the ring; false when it is full, with the reader asked to ring back. */
  private drainStaging(): boolean {
    if (this.sent < this.filled) this.sent += this.ring.appendRun(this.staging, this.data, this.sent, this.filled);
    if (this.sent < this.filled) {
      this.ring.requestRoom();
      this.bell.ring();
      return false;
    }
    if (this.filled > 0) this.bell.ring();
    this.sent = 0;
    this.filled = 0;
    return true;
  }

  private nextLength(): number {
    return this.data.getUint32(this.sent, true);
  }

  private stage(state: FoldedSlot, head: JournalHead): void {
    assert(this.filled === 0, 'checkpoint: staging is in use');
    for (const table of state.tables) {
      if (!table.hasDirty) continue;
      table.takeDirty((row) => {
        const at = this.reserve((RowImage.bytes + table.stride + 7) & ~7, CheckpointKind.RowImage, state.slot);
        this.data.setUint32(at + RowImage.row, row, true);
        this.data.setUint16(at + RowImage.table, table.id, true);
        this.data.setUint16(at + RowImage.stride, table.stride, true);
        this.staging.set(table.image(row), at + RowImage.bytes);
      });
    }
    const tables = state.tables.map(({ id, name, stride, rows }) => ({ id, name, stride, rows }));
    const body: SlotCommitBody = { parametersHash: state.parametersHash, tables, head, sealed: this.closed[state.slot] === 1 };
    this.closed[state.slot] = 0;
    const json = Buffer.from(JSON.stringify(body));
    const at = this.reserve((SlotCommit.body + json.length + 7) & ~7, CheckpointKind.SlotCommit, state.slot);
    this.data.setFloat64(at + SlotCommit.sequence, state.sequence, true);
    this.data.setFloat64(at + SlotCommit.time, state.time, true);
    this.data.setUint32(at + SlotCommit.bodyBytes, json.length, true);
    this.staging.set(json, at + SlotCommit.body);
  }

  /** Room in the staging buffer for one message, its common fields written. */
  private reserve(length: number, kind: number, slot: number): number {
    if (this.filled + length > this.staging.length) {
      const larger = new Uint8Array(Math.max(this.staging.length * 2, this.filled + length));
      larger.set(this.staging.subarray(0, this.filled));
      this.staging = larger;
      this.data = new DataView(larger.buffer);
    }
    const at = this.filled;
    this.filled += length;
    this.data.setUint32(at, length, true);
    this.data.setUint16(at + RowImage.kind, kind, true);
    this.data.setUint16(at + RowImage.slot, slot, true);
    return at;
  }
}
