// The only door into workers (reference files have their own: workers/reference/index.ts).
export * from './directory-lock.ts';
export { InboxFeed } from './inbox/inbox-feed.ts';
export { appendToInbox, InboxStore } from './inbox/inbox-store.ts';
export * from './journal/event-reader.ts';
export type { Durability } from './journal/file-journal.ts';
export { JournalDamage, JournalFenced, type JournalHead, JournalWriteFailure } from './journal/journal.ts';
export { inspectJournal, type JournalReport, type ListedSegment, listJournal } from './journal-inspection.ts';
export { NightPool } from './night-pool.ts';
export type { CommandAddress, ExplainedCommand } from './night-task.ts';
export { parametersDirectory, type SharedTable } from './parameter-files.ts';
export type { ShardQuery } from './queries.ts';
export * from './rare-body.ts';
export type { Recovered } from './recovery/recovered.ts';
export type { DirectoryReplay, ReplayedSlot } from './recovery/replay-directory.ts';
export type { ShardOptions } from './shard-options.ts';
export * from './shards.ts';
export type { LastNumber, OriginKey } from './slot-fold.ts';
export * from './start-shards.ts';
