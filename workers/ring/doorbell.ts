// How a thread sleeps until another has work for it. One word per sleeping thread: 0 awake, 1 parked. The sleeper sets the flag, looks
// once more, then parks; whoever gives it work clears the flag and wakes it, once per batch. Carries no data.

const AWAKE = 0;
const PARKED = 1;
/** Int32 words from one bell to the next: 128 bytes, so that bells share no cache line. */
const BELL_WORDS = 32;

/** Memory for `count` doorbells. */
export const allocateBells = (count: number): SharedArrayBuffer => new SharedArrayBuffer(count * BELL_WORDS * 4);

/** The doorbell of one thread. */
export class Doorbell {
  private readonly words: Int32Array;
  private readonly at: number;

  constructor(memory: SharedArrayBuffer, index: number) {
    this.words = new Int32Array(memory);
    this.at = index * BELL_WORDS;
  }

  /** Wakes the sleeper if it is parked; a load and nothing else if it is awake. */
  ring(): void {
    if (Atomics.load(this.words, this.at) !== PARKED) return;
    if (Atomics.compareExchange(this.words, this.at, PARKED, AWAKE) === PARKED) Atomics.notify(this.words, this.at);
  }

  /** Blocks this thread until rung or `timeoutMs` has passed, unless `hasWork` says there is something to do. */
  park(hasWork: () => boolean, timeoutMs: number): void {
    Atomics.store(this.words, this.at, PARKED);
    if (!hasWork()) Atomics.wait(this.words, this.at, PARKED, timeoutMs);
    Atomics.store(this.words, this.at, AWAKE);
  }

  /** Resolves when rung, or at once when `hasWork` already holds. The event loop keeps running. */
  parkAsync(hasWork: () => boolean): Promise<unknown> | undefined {
    Atomics.store(this.words, this.at, PARKED);
    if (hasWork()) {
      Atomics.store(this.words, this.at, AWAKE);
      return undefined;
    }
    const wait = Atomics.waitAsync(this.words, this.at, PARKED);
    return wait.async ? wait.value : undefined;
  }
}
