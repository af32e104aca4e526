// Who may touch the engine's tables in this process: many readers at once, or the shards that are hosted here, never both. LMDB keeps one environment
// per path and process: shards that start while a reader has it open would share the reader's, which cannot write.

class Turns {
  private readers = 0;
  private hosts = 0;
  private isHosting = false;
  private waiting: (() => void)[] = [];

  async read<Result>(work: () => Promise<Result>): Promise<Result> {
    // Hosts that wait go first: a night full of readers would keep them out for ever.
    while (this.hosts > 0) await this.change();
    this.readers += 1;
    try {
      return await work();
    } finally {
      this.readers -= 1;
      this.tell();
    }
  }

  async host<Result>(work: () => Promise<Result>): Promise<Result> {
    this.hosts += 1;
    while (this.readers > 0 || this.isHosting) await this.change();
    this.isHosting = true;
    try {
      return await work();
    } finally {
      this.isHosting = false;
      this.hosts -= 1;
      this.tell();
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private tell(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const byDirectory = new Map<string, Turns>();

function turnsOf(dataDirectory: string): Turns {
  const turns = byDirectory.get(dataDirectory) ?? new Turns();
  byDirectory.set(dataDirectory, turns);
  return turns;
}

/** Runs `work` while nobody hosts shards on the directory in this process. Not to be called from inside itself or whileHosting. */
export const whileReading = <Result>(dataDirectory: string, work: () => Promise<Result>): Promise<Result> => turnsOf(dataDirectory).read(work);

/** Runs `work`, which hosts shards on the directory, while nobody in this process reads its tables. */
export const whileHosting = <Result>(dataDirectory: string, work: () => Promise<Result>): Promise<Result> => turnsOf(dataDirectory).host(work);
