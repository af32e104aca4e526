// Events of the last batch on their way to the gateway. When its ring is full they wait here, in the batch itself: nothing is dropped,
// nothing grows, and the shard folds no further until they are out.
import { EVENT_BYTES, Header } from '../engine/index.ts';
import type { BatchBuffer } from './journal/batch-buffer.ts';
import { BATCH_HEADER_BYTES, RECORD_HEADER_BYTES, RecordField } from './journal/layout.ts';
import type { Doorbell } from './ring/doorbell.ts';
import type { RingWriter } from './ring/ring-writer.ts';

export class OutboundEvents {
  private readonly ring: RingWriter;
  private readonly bell: Doorbell;
  private recordsLeft = 0;
  private recordAt = 0;
  private eventsSent = 0;

  constructor(ring: RingWriter, bell: Doorbell) {
    this.ring = ring;
    this.bell = bell;
  }

  get isEmpty(): boolean {
    return this.recordsLeft === 0;
  }

  get hasRoom(): boolean {
    return this.ring.fits(EVENT_BYTES, 0);
  }

  /** Takes over the events of a submitted batch, which must stay as it is until isEmpty. */
  begin(batch: BatchBuffer): void {
    this.recordsLeft = batch.commands;
    this.recordAt = BATCH_HEADER_BYTES;
    this.eventsSent = 0;
  }

  /** Publishes what fits; false when the ring is full, with the gateway asked to ring back. */
  pump(batch: BatchBuffer): boolean {
    const { data } = batch;
    let blocked = false;
    while (this.recordsLeft > 0 && !blocked) {
      const events = data.getUint32(this.recordAt + RecordField.events, true);
      const commandAt = this.recordAt + RECORD_HEADER_BYTES;
      const eventsAt = commandAt + data.getUint32(commandAt + Header.length, true);
      while (this.eventsSent < events && !blocked) {
        const at = eventsAt + this.eventsSent * EVENT_BYTES;
        if (this.ring.put(batch.bytes, at, EVENT_BYTES)) this.eventsSent += 1;
        else blocked = true;
      }
      if (blocked) break;
      this.recordAt += data.getUint32(this.recordAt + RecordField.bytes, true);
      this.recordsLeft -= 1;
      this.eventsSent = 0;
    }
    this.ring.publish();
    if (blocked) this.ring.requestRoom();
    this.bell.ring();
    return !blocked;
  }
}
