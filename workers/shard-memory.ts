// How much a shard reserves for its state. Addresses only: the system gives what is touched. TARAZU_SHARD_MEMORY_MB reserves less than 4 GiB, where a
// system counts addresses as if they were used; a process that hosts shards again and again reserves less by itself, because it may start no program
// while it holds more addresses in a row than the machine has memory. A shard that outgrows its memory is moved to twice as much.
import { Arena } from '../engine/index.ts';

/** Memory of one shard: as many bytes as the setting says, else as `otherwise` does, else 4 GiB. A setting that is no positive number is as none. */
export function reserveShardMemory(
  otherwise: number | undefined = undefined,
  setting: string | undefined = process.env['TARAZU_SHARD_MEMORY_MB'],
): SharedArrayBuffer {
  const bytes = Math.floor(Number(setting)) * 2 ** 20;
  return Arena.reserve(bytes > 0 ? bytes : otherwise);
}
