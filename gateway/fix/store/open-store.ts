// The store a generic session's settings ask for.
import { type SessionSettings, sessionId } from '../settings/settings.ts';
import { FileStore } from './file-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { MessageStore } from './message-store.ts';

/** A FileStore in FileStorePath, or a MemoryStore where that is empty. `now` in microseconds since 1970. */
export function openStore(settings: SessionSettings, now: number): MessageStore {
  return settings.FileStorePath === '' ? new MemoryStore(now) : new FileStore(settings.FileStorePath, sessionId(settings), now);
}
