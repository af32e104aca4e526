// Ends work at the nth thing it makes durable, by throwing there: at a call's intent or answer, at a transaction, inside it (nothing of it is kept)
// or behind its commit.
import type { NightStore } from '../../../batch/runner/index.ts';

const MESSAGE = 'killed at a durable write';

/** See the file's head: begins work, lets it end at the nth write (0 = never), and says whether it did. */
export function dyingStore(store: NightStore): (at: number, work: () => Promise<unknown>) => Promise<boolean> {
  let left = 0;
  const die = (): void => {
    left -= 1;
    if (left === 0) throw new Error(MESSAGE);
  };
  const { putCall } = store;
  store.putCall = (call) => {
    putCall.call(store, call);
    die();
  };
  const { transactionSync } = store.root;
  store.root.transactionSync = ((work: () => void) => {
    const result = transactionSync.call(store.root, work as never);
    die();
    return result;
  }) as never;
  return async (at, work) => {
    left = at;
    const wasKilled = await work().then(
      () => false,
      (error: Error) => {
        if (error.message !== MESSAGE) throw error;
        return true;
      },
    );
    left = 0;
    return wasKilled;
  };
}
