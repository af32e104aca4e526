// Asks a route now and again at an interval, never twice at once; pauses while nobody looks at the page.

/**
 * Returns what ends it and what asks at once.
 * @param {() => Promise<void>} look
 * @param {number} millis
 */
export function poll(look, millis) {
  let busy = false;
  let ended = false;
  const ask = async () => {
    if (busy || ended) return;
    busy = true;
    try {
      await look();
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void ask();
  }, millis);
  void ask();
  return {
    now: ask,
    end: () => {
      ended = true;
      clearInterval(timer);
    },
  };
}
