// Carries commands from the inboxes of other programs to the shards, in order, each exactly once: what the journal holds is skipped, what
// a ring lost with the process is fed again, and the shards drop what they have already folded.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SLOTS, Header, OriginKind } from '../../engine/index.ts';
import type { Shards } from '../shards.ts';
import { InboxStore, inboxDirectory } from './inbox-store.ts';

/** Commands fed from one inbox before others have their turn. */
const TURN = 256;

interface Fed {
  readonly number: number;
  /** Ring position by shard; -1 where the command did not go. */
  readonly positions: readonly number[];
}

interface Source {
  readonly store: InboxStore;
  /** Numbers beyond `settled` that the journal already held at the start. */
  readonly held: ReadonlySet<number>;
  next: number;
  settled: number;
  readonly underway: Fed[];
}

export class InboxFeed {
  private readonly dataDir: string;
  private readonly shards: Shards;
  private readonly sources = new Map<number, Source>();
  private readonly cursors: Record<string, number>;
  private timer: NodeJS.Timeout | undefined;

  constructor(dataDir: string, shards: Shards) {
    this.dataDir = dataDir;
    this.shards = shards;
    this.cursors = readCursors(dataDir);
  }

  /** Looks into the inboxes every `intervalMs` until close. */
  start(intervalMs: number): void {
    this.timer = setInterval(() => this.pump(), intervalMs);
    this.timer.unref();
  }

  /** Feeds what the rings take now; returns how many commands. */
  pump(): number {
    this.findInboxes();
    let fed = 0;
    for (const source of this.sources.values()) fed += this.feed(source);
    if (fed > 0) this.shards.flush();
    this.settle();
    return fed;
  }

  /** Everything fed so far is in the journal. */
  get isSettled(): boolean {
    this.settle();
    return [...this.sources.values()].every(({ underway }) => underway.length === 0);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.settle();
    for (const { store } of this.sources.values()) await store.close();
    this.sources.clear();
  }

  private findInboxes(): void {
    for (const name of inboxNames(this.dataDir)) {
      const origin = Number(name);
      if (this.sources.has(origin) || !InboxStore.exists(this.dataDir, origin)) continue;
      const store = new InboxStore(this.dataDir, origin, 'read');
      const { incarnation } = store;
      const settled = this.cursors[`${origin}/${incarnation}`] ?? 0;
      const held = new Set(this.shards.recovered.originNumbers({ originKind: OriginKind.INBOX, origin, incarnation }, settled + 1));
      this.sources.set(origin, { store, held, next: settled + 1, settled, underway: [] });
    }
  }

  private feed(source: Source): number {
    let fed = 0;
    source.store.readFrom(source.next, (number, command) => {
      if (!source.held.has(number)) {
        const positions = this.enqueue(command);
        if (positions === undefined) return false;
        source.underway.push({ number, positions });
        fed += 1;
      }
      source.next = number + 1;
      return fed < TURN;
    });
    return fed;
  }

  /** Puts a command on its ring, or on all; undefined when there is no room. */
  private enqueue(command: Uint8Array): number[] | undefined {
    const { shards } = this;
    const slot = new DataView(command.buffer, command.byteOffset).getUint16(Header.slot, true);
    const positions = new Array<number>(shards.shardCount).fill(-1);
    if (slot === ALL_SLOTS) {
      if (!shards.broadcast(command)) return undefined;
      return positions.map((_, shard) => shards.position(shard));
    }
    const view = shards.claim(slot, command.length, 'reserved');
    if (view === null) return undefined;
    view.bytes.set(command, view.at);
    shards.commit();
    positions[shards.shardOf(slot)] = shards.position(slot);
    return positions;
  }

  /** Moves each cursor past what has become durable, and keeps the cursors for the next start. */
  private settle(): void {
    let moved = false;
    for (const source of this.sources.values()) {
      const { underway } = source;
      while (underway[0]?.positions.every((position, shard) => position < 0 || this.shards.isDurable(shard, position)) === true)
        source.settled = underway.shift()?.number ?? source.settled;
      if (underway.length === 0) source.settled = source.next - 1;
      const key = `${source.store.origin}/${source.store.incarnation}`;
      if (this.cursors[key] === source.settled) continue;
      this.cursors[key] = source.settled;
      moved = true;
    }
    if (moved) writeCursors(this.dataDir, this.cursors);
  }
}

const cursorPath = (dataDir: string): string => join(inboxDirectory(dataDir), 'cursors.json');

function inboxNames(dataDir: string): string[] {
  try {
    return readdirSync(inboxDirectory(dataDir)).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A cursor that is lost or old costs a longer look through the journal, nothing else. */
function readCursors(dataDir: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(cursorPath(dataDir), 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

function writeCursors(dataDir: string, cursors: Readonly<Record<string, number>>): void {
  writeFileSync(`${cursorPath(dataDir)}.partial`, JSON.stringify(cursors));
  renameSync(`${cursorPath(dataDir)}.partial`, cursorPath(dataDir));
}
