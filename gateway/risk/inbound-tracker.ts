// Which inbound numbers of a session became commands whose durability is not known yet: per shard a queue of (number, ring position). From it
// follows the watermark of the session log. Allocates only to grow.
import type { Shards } from '../../workers/index.ts';

const FIRST_CAPACITY = 256;

/** Numbers in flight to one shard, oldest first. */
class InFlight {
  private numbers = new Float64Array(FIRST_CAPACITY);
  private positions = new Float64Array(FIRST_CAPACITY);
  private head = 0;
  private count = 0;

  add(number: number, position: number): void {
    if (this.count === this.numbers.length) this.grow();
    const at = (this.head + this.count) & (this.numbers.length - 1);
    this.numbers[at] = number;
    this.positions[at] = position;
    this.count += 1;
  }

  /** Forgets what is durable; returns the oldest number that is not, or Infinity. `slot` is any slot of the shard. */
  settle(shards: Shards, slot: number): number {
    while (this.count > 0 && shards.isDurable(slot, this.positions[this.head] ?? 0)) {
      this.head = (this.head + 1) & (this.numbers.length - 1);
      this.count -= 1;
    }
    return this.count === 0 ? Number.POSITIVE_INFINITY : (this.numbers[this.head] ?? 0);
  }

  clear(): void {
    this.head = 0;
    this.count = 0;
  }

  private grow(): void {
    const [numbers, positions] = [this.numbers, this.positions];
    const mask = numbers.length - 1;
    this.numbers = new Float64Array(numbers.length * 2);
    this.positions = new Float64Array(numbers.length * 2);
    for (let i = 0; i < this.count; i++) {
      this.numbers[i] = numbers[(this.head + i) & mask] ?? 0;
      this.positions[i] = positions[(this.head + i) & mask] ?? 0;
    }
    this.head = 0;
  }
}

export class InboundTracker {
  private readonly shards: Shards;
  private readonly inFlight: InFlight[] = [];

  constructor(shards: Shards) {
    this.shards = shards;
    for (let shard = 0; shard < shards.shardCount; shard++) this.inFlight.push(new InFlight());
  }

  /** Message `number` was committed as a command of `slot`. */
  sent(slot: number, number: number): void {
    this.inFlight[this.shards.shardOf(slot)]?.add(number, this.shards.position(slot));
  }

  /** Message `number` was broadcast to every shard. */
  sentToAll(number: number): void {
    // Slot n < shardCount belongs to shard n.
    for (let shard = 0; shard < this.inFlight.length; shard++) this.inFlight[this.shards.shardOf(shard)]?.add(number, this.shards.position(shard));
  }

  /** Highest number up to which everything is durable or needed no command; `next` is the inbound number expected next. */
  watermark(next: number): number {
    let oldest = next;
    for (let slot = 0; slot < this.inFlight.length; slot++) {
      const waiting = this.inFlight[this.shards.shardOf(slot)]?.settle(this.shards, slot) ?? next;
      if (waiting < oldest) oldest = waiting;
    }
    return oldest - 1;
  }

  /** Numbers restarted. */
  clear(): void {
    for (const shard of this.inFlight) shard.clear();
  }
}
