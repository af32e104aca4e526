// How much a shard reserves for its state. Addresses only: the system gives what is touched. TARAZU_SHARD_MEMORY_MB reserves less than 4 GiB, where a
// system counts addresses as if they were used, or a process starts one gateway after the other; a shard that outgrows its memory is moved to twice as much.
import { Arena } from '../engine/index.ts';

/** Memory of one shard. A setting that is no positive number is as none. */
export function reserveShardMemory(setting: string | undefined = process.env['TARAZU_SHARD_MEMORY_MB']): SharedArrayBuffer {
  const bytes = Math.floor(Number(setting)) * 2 ** 20;
  return bytes > 0 ? Arena.reserve(bytes) : Arena.reserve();
}
