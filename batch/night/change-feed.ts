// Tells whoever listens that something happened to the night: a count that only grows, so that a reader can say what it saw last. Knows nothing of
// what happened.

/** See the file's head. */
export class ChangeFeed {
  private readonly listeners = new Set<() => void>();
  private seen = 0;

  /** Things that happened since the night was opened. */
  get count(): number {
    return this.seen;
  }

  /** Something happened. */
  bump(): void {
    this.seen += 1;
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` at each change; the returned function ends it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
