// Gathers the images of a slot until its SlotCommit says they are complete, then hands the slot over whole. One per shard ring.
import { assert } from '../../engine/index.ts';
import type { RingReader } from '../ring/ring-reader.ts';
import { CheckpointKind, RowImage, SlotCommit, type SlotCommitBody, type StoredSlot } from './layout.ts';
import { RowImages } from './row-images.ts';

export class CheckpointIntake {
  private readonly ring: RingReader;
  private readonly rows = new RowImages();

  constructor(ring: RingReader) {
    this.ring = ring;
  }

  get isEmpty(): boolean {
    return this.ring.isEmpty();
  }

  /** Takes what the ring holds; `complete` is called for each slot that became whole, with its changed rows, valid inside the call. */
  drain(complete: (stored: StoredSlot, rows: RowImages) => void): void {
    const { ring } = this;
    for (let at = ring.next(); at >= 0; at = ring.next()) {
      const kind = ring.data.getUint16(at + RowImage.kind, true);
      if (kind === CheckpointKind.RowImage) this.takeRow(at);
      else {
        assert(kind === CheckpointKind.SlotCommit, 'checkpoint: unknown message');
        complete(this.takeCommit(at), this.rows);
        this.rows.clear();
      }
    }
    ring.release();
  }

  private takeRow(at: number): void {
    const { data, bytes } = this.ring;
    const slot = data.getUint16(at + RowImage.slot, true);
    const table = data.getUint16(at + RowImage.table, true);
    const row = data.getUint32(at + RowImage.row, true);
    const from = at + RowImage.bytes;
    this.rows.put(slot, table, row, bytes.subarray(from, from + data.getUint16(at + RowImage.stride, true)));
  }

  private takeCommit(at: number): StoredSlot {
    const { data, bytes } = this.ring;
    const from = at + SlotCommit.body;
    const json = Buffer.from(bytes.slice(from, from + data.getUint32(at + SlotCommit.bodyBytes, true))).toString();
    return {
      slot: data.getUint16(at + SlotCommit.slot, true),
      sequence: data.getFloat64(at + SlotCommit.sequence, true),
      time: data.getFloat64(at + SlotCommit.time, true),
      ...(JSON.parse(json) as SlotCommitBody),
    };
  }
}
