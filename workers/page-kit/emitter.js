// One event, many listeners; a listener that throws does not stop the others.

/** @template Value */
export class Emitter {
  /** @type {Set<(value: Value) => void>} */
  listeners = new Set();

  /**
   * Returns what unsubscribes.
   * @param {(value: Value) => void} listener
   * @returns {() => void}
   */
  on(listener) {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** @param {Value} value */
  emit(value) {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
