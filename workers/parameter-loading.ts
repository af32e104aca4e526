// One parameter table on its way into every shard: broadcast the command, wait until each shard has taken it over.
import { ALL_SLOTS, CommandKind, type LoadParametersBody } from '../engine/index.ts';
import { rareCommand } from './rare-body.ts';

/** How long to wait before trying a full ring again, milliseconds. */
const RETRY_MS = 5;

interface Waiting {
  readonly hash: string;
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class ParameterLoading {
  private readonly shardCount: number;
  private readonly broadcast: (record: Uint8Array) => boolean;
  private waiting: Waiting | undefined;

  /** `broadcast` enqueues on all shards and wakes them, or returns false. */
  constructor(shardCount: number, broadcast: (record: Uint8Array) => boolean) {
    this.shardCount = shardCount;
    this.broadcast = broadcast;
  }

  load(hash: string, label: string): Promise<void> {
    if (this.waiting !== undefined) return Promise.reject(new RangeError(`parameter table ${this.waiting.hash} is still being taken over`));
    const body: LoadParametersBody = { tableHash: hash, label };
    const record = rareCommand(CommandKind.LoadParameters, ALL_SLOTS, body).bytes;
    return new Promise((resolve, reject) => {
      this.waiting = { hash, left: this.shardCount, resolve, reject };
      this.enqueue(record);
    });
  }

  /** A shard has taken the table over, or (false) has no such table. */
  acknowledge(hash: string, loaded: boolean): void {
    const { waiting } = this;
    if (waiting === undefined || waiting.hash !== hash) return;
    waiting.left -= 1;
    if (loaded && waiting.left > 0) return;
    this.waiting = undefined;
    if (loaded) waiting.resolve();
    else waiting.reject(new RangeError(`parameter table ${hash} is not stored`));
  }

  private enqueue(record: Uint8Array): void {
    if (!this.broadcast(record)) setTimeout(() => this.enqueue(record), RETRY_MS);
  }
}
