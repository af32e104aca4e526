// The gateway's end of the rings of all shards: writes commands, reads events. The same for threads and inline; knows neither. One thread.
import { ALL_SLOTS, assert, CommandView, EventView, Header } from '../engine/index.ts';
import type { CommandClock } from './clock.ts';
import { Doorbell } from './ring/doorbell.ts';
import { RingReader } from './ring/ring-reader.ts';
import { RingWriter } from './ring/ring-writer.ts';
import type { ShardMemory } from './shard-setup.ts';
import type { Lane } from './shards.ts';

/** Share of an inbound ring that new orders and replaces may not use. */
const RESERVED_SHARE = 1 / 4;

export class GatewayRings {
  readonly bell: Doorbell;
  private readonly writers: RingWriter[];
  private readonly readers: RingReader[];
  private readonly shardBells: Doorbell[];
  private readonly clock: Pick<CommandClock, 'now'>;
  private readonly command = new CommandView();
  private readonly event = new EventView();
  private readonly touched: Uint8Array;
  /** Shards whose ring refused something since the listener was last called. */
  private readonly refused: Uint8Array;
  private claimedBy = -1;
  private claimedLength = 0;
  private nextReader = 0;

  constructor(memory: readonly ShardMemory[], clock: Pick<CommandClock, 'now'>) {
    const bells = memory[0]?.bells;
    assert(bells !== undefined, 'gateway: no shards');
    this.bell = new Doorbell(bells, memory.length + 1);
    this.shardBells = memory.map((_, shard) => new Doorbell(bells, shard));
    this.writers = memory.map(({ inbound }) => new RingWriter(inbound));
    this.readers = memory.map(({ outbound }, shard) => new RingReader(outbound, this.shardBells[shard]));
    this.touched = new Uint8Array(memory.length);
    this.refused = new Uint8Array(memory.length);
    this.clock = clock;
  }

  /** Bytes each inbound ring holds when full. */
  get capacity(): number {
    return this.writers[0]?.capacity ?? 0;
  }

  /** Share of them that new orders and replaces may use. */
  readonly orderShare: number = 1 - RESERVED_SHARE;

  get shardCount(): number {
    return this.writers.length;
  }

  shardOf(slot: number): number {
    return slot % this.writers.length;
  }

  claim(slot: number, length: number, lane: Lane): CommandView | null {
    assert(this.claimedBy < 0, 'shards: a claim is open');
    const shard = this.shardOf(slot);
    const writer = this.writers[shard];
    assert(writer !== undefined, 'shards: slot out of range');
    const at = writer.claim(length, lane === 'order' ? writer.capacity * RESERVED_SHARE : 0);
    if (at < 0) {
      this.noteRefusal(shard);
      return null;
    }
    this.claimedBy = shard;
    this.claimedLength = length;
    return this.command.wrap(writer.bytes, writer.data, at);
  }

  commit(): void {
    const shard = this.claimedBy;
    const writer = this.writers[shard];
    assert(writer !== undefined, 'shards: commit without a claim');
    assert(this.command.length === this.claimedLength && this.shardOf(this.command.slot) === shard, 'shards: not the command that was claimed for');
    this.command.time = this.clock.now();
    this.claimedBy = -1;
    this.touched[shard] = 1;
    writer.commit();
  }

  /** On every shard or on none. */
  broadcast(record: Uint8Array): boolean {
    assert(this.claimedBy < 0, 'shards: a claim is open');
    const data = new DataView(record.buffer, record.byteOffset, record.byteLength);
    assert(
      data.getUint16(Header.slot, true) === ALL_SLOTS && data.getUint32(Header.length, true) === record.length,
      'broadcast: one command for ALL_SLOTS',
    );
    const full = this.writers.findIndex((writer) => !writer.fits(record.length, 0));
    if (full >= 0) {
      this.noteRefusal(full);
      return false;
    }
    data.setFloat64(Header.time, this.clock.now(), true);
    for (const writer of this.writers) assert(writer.append(record, 0), 'broadcast: room vanished');
    this.touched.fill(1);
    return true;
  }

  /** Wakes the shards written to since the last flush. */
  ringShards(): void {
    for (let shard = 0; shard < this.touched.length; shard++) {
      if (this.touched[shard] === 0) continue;
      this.touched[shard] = 0;
      this.shardBells[shard]?.ring();
    }
  }

  wakeShard(shard: number): void {
    this.shardBells[shard]?.ring();
  }

  /** Hands out up to `limit` events, the shards taking turns by whole backlog. */
  poll(handler: (event: EventView, shard: number) => void, limit: number): number {
    let count = 0;
    for (let turn = 0; turn < this.readers.length && count < limit; turn++) {
      const shard = (this.nextReader + turn) % this.readers.length;
      const reader = this.readers[shard];
      if (reader === undefined) continue;
      try {
        for (let at = count < limit ? reader.next() : -1; at >= 0; at = count < limit ? reader.next() : -1) {
          count += 1;
          handler(this.event.wrap(reader.bytes, reader.data, at), shard);
        }
      } finally {
        reader.release();
      }
    }
    this.nextReader = (this.nextReader + 1) % this.readers.length;
    return count;
  }

  /** Has a ring that refused something become half empty? Asked before sleeping; forgotten once told. */
  takeRoomAgain(): boolean {
    let again = false;
    for (let shard = 0; shard < this.refused.length; shard++) {
      const writer = this.writers[shard];
      if (this.refused[shard] === 0 || writer === undefined) continue;
      // Asked first, looked after: a release in between is then either seen or rings.
      writer.requestRoom();
      if (writer.usedBytes > writer.capacity / 2) continue;
      this.refused[shard] = 0;
      again = true;
    }
    return again;
  }

  hasEvents(): boolean {
    for (const reader of this.readers) if (!reader.isEmpty()) return true;
    return false;
  }

  private noteRefusal(shard: number): void {
    this.refused[shard] = 1;
    this.writers[shard]?.requestRoom();
  }

  /** Position of the last command written to the owner of `slot`. */
  position(slot: number): number {
    return this.writers[this.shardOf(slot)]?.position ?? 0;
  }

  /** Is everything written to the owner of `slot` up to `position` durable? */
  isDurable(slot: number, position: number): boolean {
    return this.writers[this.shardOf(slot)]?.isPast(position) ?? false;
  }

  /** Bytes of commands waiting or not yet durable, by shard. */
  backlogBytes(): number[] {
    return this.writers.map((writer) => writer.usedBytes);
  }
}
