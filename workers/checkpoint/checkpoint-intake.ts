// Gathers the images of a slot until its SlotCommit says they are complete, then hands the slot over whole. One per shard ring.
import { assert } from '../../engine/index.ts';
import type { RingReader } from '../ring/ring-reader.ts';
import { CheckpointKind, RowImage, SlotCommit, type SlotCommitBody } from './layout.ts';
import { rowKey, type SlotChanges } from './state-store.ts';

/** Row images are copied into slabs of this size: memory of their own for each would cost this thread more than writing them. */
const SLAB_BYTES = 1 << 18;

export class CheckpointIntake {
  private readonly ring: RingReader;
  private slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private slabUsed = 0;
  private rows = new Map<string, Uint8Array>();

  constructor(ring: RingReader) {
    this.ring = ring;
  }

  get isEmpty(): boolean {
    return this.ring.isEmpty();
  }

  /** Takes what the ring holds; `complete` is called for each slot that became whole. */
  drain(complete: (changes: SlotChanges) => void): void {
    const { ring } = this;
    for (let at = ring.next(); at >= 0; at = ring.next()) {
      const kind = ring.data.getUint16(at + RowImage.kind, true);
      if (kind === CheckpointKind.RowImage) this.takeRow(at);
      else {
        assert(kind === CheckpointKind.SlotCommit, 'checkpoint: unknown message');
        complete(this.takeCommit(at));
      }
    }
    ring.release();
  }

  private takeRow(at: number): void {
    const { data, bytes } = this.ring;
    const slot = data.getUint16(at + RowImage.slot, true);
    const key = rowKey(slot, data.getUint16(at + RowImage.table, true), data.getUint32(at + RowImage.row, true));
    const from = at + RowImage.bytes;
    const stride = data.getUint16(at + RowImage.stride, true);
    if (this.slabUsed + stride > SLAB_BYTES) {
      // The old slab lives as long as rows of it wait.
      this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.slabUsed = 0;
    }
    const image = this.slab.subarray(this.slabUsed, this.slabUsed + stride);
    image.set(bytes.subarray(from, from + stride));
    this.slabUsed += stride;
    this.rows.set(key, image);
  }

  private takeCommit(at: number): SlotChanges {
    const { data, bytes } = this.ring;
    const from = at + SlotCommit.body;
    const json = Buffer.from(bytes.slice(from, from + data.getUint32(at + SlotCommit.bodyBytes, true))).toString();
    const stored = {
      slot: data.getUint16(at + SlotCommit.slot, true),
      sequence: data.getFloat64(at + SlotCommit.sequence, true),
      time: data.getFloat64(at + SlotCommit.time, true),
      ...(JSON.parse(json) as SlotCommitBody),
    };
    const { rows } = this;
    this.rows = new Map();
    return { stored, rows };
  }
}
