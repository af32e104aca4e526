// What the checkpoint thread is told by the thread that started it, and whether it may be ended: two words in shared memory. (The thread's own file
// cannot be imported: it runs.) A thread that is ended inside a transaction of LMDB never comes back from it, nor does the process.

/** Wait until the shards have read the tables, work, finish, or stand still because the process is about to end. */
export const CheckpointPhase = { WAIT: 0, WORK: 1, FINISH: 2, HALT: 3 } as const;
/** Word of the phase. */
export const PHASE_WORD = 0;
/** Word that is 1 while the thread may be inside a transaction. */
export const BUSY_WORD = 1;
/** Bytes of both. */
export const PHASE_BYTES = 8;

/** The thread goes to work; stands still for good when the process is about to end. */
export function enterWork(words: Int32Array): void {
  Atomics.store(words, BUSY_WORD, 1);
  if (Atomics.load(words, PHASE_WORD) !== CheckpointPhase.HALT) return;
  leaveWork(words);
  Atomics.wait(words, PHASE_WORD, CheckpointPhase.HALT);
}

/** The thread rests: it may be ended. */
export function leaveWork(words: Int32Array): void {
  Atomics.store(words, BUSY_WORD, 0);
  Atomics.notify(words, BUSY_WORD);
}
