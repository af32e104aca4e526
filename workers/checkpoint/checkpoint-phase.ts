// What the checkpoint thread is told by the thread that started it; a word in shared memory. (The thread's own file cannot be imported: it runs.)

/** Wait until the shards have read the tables, work, or finish. */
export const CheckpointPhase = { WAIT: 0, WORK: 1, FINISH: 2 } as const;
