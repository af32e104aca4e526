// The inbox of one program: an LMDB environment that only this program writes, holding commands for the shards under rising numbers. A key
// names each command, so that a program that is not sure whether it appended one may append it again.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { CommandView, OriginKind } from '../../engine/index.ts';

const MAP_BYTES = 4 * 2 ** 30;
const INCARNATION = 'incarnation';
/** Beside the environment once a reader may open it: the file alone exists before its databases do. */
const READY = 'ready';

/** Directory of all inboxes inside a data directory; each is named by its origin. */
export const inboxDirectory = (dataDir: string): string => join(dataDir, 'inbox');

/** Opens the inbox of `origin`, the number its program is known by. */
export class InboxStore {
  readonly origin: number;
  private readonly root: RootDatabase;
  private readonly commands: Database<Buffer, number>;
  private readonly keys: Database<number, string>;

  /** The writer creates what is not there; a reader must find it (`InboxStore.exists`). */
  constructor(dataDir: string, origin: number, access: 'read' | 'write') {
    const path = join(inboxDirectory(dataDir), String(origin));
    if (access === 'write') mkdirSync(path, { recursive: true });
    this.origin = origin;
    this.root = open({ path, mapSize: MAP_BYTES, maxDbs: 4, readOnly: access === 'read', overlappingSync: false, noSubdir: false });
    this.commands = this.root.openDB({ name: 'commands', keyEncoding: 'uint32', encoding: 'binary' });
    this.keys = this.root.openDB({ name: 'keys', encoding: 'json' });
    if (access === 'write') this.begin(path);
  }

  static exists(dataDir: string, origin: number): boolean {
    return existsSync(join(inboxDirectory(dataDir), String(origin), READY));
  }

  /** When this inbox was made, seconds: an inbox made anew starts a new count, and the shards must not take it for the old one. */
  get incarnation(): number {
    return this.keys.get(INCARNATION) ?? 0;
  }

  /**
   * Appends a command under `key` and returns its number; durable when this returns. The same key again appends nothing and returns the
   * number it has. The command's origin fields are set here.
   */
  append(command: Uint8Array, key: string): number {
    const known = this.keys.get(`key/${key}`);
    if (known !== undefined) return known;
    const number = this.last + 1;
    const bytes = Buffer.from(command);
    const view = new CommandView().wrap(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    view.setOrigin(OriginKind.INBOX, this.origin, this.incarnation, number);
    this.root.transactionSync(() => {
      this.commands.put(number, bytes);
      this.keys.put(`key/${key}`, number);
    });
    return number;
  }

  /** Number of the last command; 0 = none. */
  get last(): number {
    for (const key of this.commands.getKeys({ reverse: true, limit: 1 })) return key;
    return 0;
  }

  /** Visits commands from `number` on, in order, until `visit` returns false. The bytes are the visitor's to change. */
  readFrom(number: number, visit: (number: number, command: Uint8Array) => boolean): void {
    for (const { key, value } of this.commands.getRange({ start: number })) if (!visit(key, new Uint8Array(value))) return;
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private begin(path: string): void {
    if (this.incarnation === 0) {
      const made = Math.floor(Date.now() / 1000);
      this.root.transactionSync(() => {
        this.keys.put(INCARNATION, made);
      });
    }
    writeFileSync(join(path, READY), '');
  }
}

/** Appends one command to the inbox of `origin`; see InboxStore.append. */
export async function appendToInbox(dataDir: string, origin: number, command: Uint8Array, key: string): Promise<number> {
  const inbox = new InboxStore(dataDir, origin, 'write');
  try {
    return inbox.append(command, key);
  } finally {
    await inbox.close();
  }
}
