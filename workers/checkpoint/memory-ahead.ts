// Memory of the shards that nobody has touched yet, touched ahead of them: a system finds a page when it is first written, and takes its time (some
// microseconds for 4 KB, milliseconds for 2 MB), which no order shall wait for. Never changes a word, so it does not matter who gets there first.
import { ARENA_USED_CELL } from '../../engine/index.ts';

/**
 * 32-bit cells behind those handed out that are kept ready: as many again as are in use (a shard that has grown will grow), within these bounds; and
 * how many of them are touched at a time.
 */
const READY_MIN = 2 ** 20;
const READY_MAX = 2 ** 24;
const STEP = 2 ** 19;
/** The smallest page a system gives: one write in each makes it ours. */
const PAGE = 1024;

/** What is known of the memory of one shard. */
interface Watched {
  readonly cells: Int32Array;
  /** Cells before this one have been touched. */
  touched: number;
}

export class MemoryAhead {
  private readonly watched: readonly Watched[];

  /** `arenas`: memory of each shard, as Arena.reserve gives it. */
  constructor(arenas: readonly SharedArrayBuffer[]) {
    this.watched = arenas.map((memory) => ({ cells: new Int32Array(memory), touched: 0 }));
  }

  /** Would makeReady do something now? */
  get isWanted(): boolean {
    return this.watched.some((one) => wantedEnd(one) > one.touched);
  }

  /** Touches the next 2 MB of each shard that has too little ready. True when it did something. */
  makeReady(): boolean {
    let did = false;
    for (const one of this.watched) {
      const end = wantedEnd(one);
      if (end <= one.touched) continue;
      const from = Math.max(one.touched, Atomics.load(one.cells, ARENA_USED_CELL) * 2);
      const to = Math.min(from + STEP, one.cells.length);
      // Adding nothing, as one operation: the shard may be writing there already.
      for (let at = from; at < to; at += PAGE) Atomics.add(one.cells, at, 0);
      one.touched = to;
      did = true;
    }
    return did;
  }
}

/** Up to where cells should be ready; not above `touched` while less than a step is missing. */
function wantedEnd({ cells, touched }: Watched): number {
  const used = Atomics.load(cells, ARENA_USED_CELL) * 2;
  const end = Math.min(used + Math.min(Math.max(used, READY_MIN), READY_MAX), cells.length);
  return end - touched >= STEP || end === cells.length ? end : touched;
}
