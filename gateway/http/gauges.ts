// What /metrics asks of the running parts: rings, checkpoint, journal, sessions.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SHARD_COUNTS, type Shards } from '../../workers/index.ts';
import type { RiskSession } from '../risk/risk-session.ts';
import type { Gauges, Sample } from './metrics.ts';

/** Gauges over the shards and sessions of a gateway. */
export function gatewayGauges(shards: Shards, sessions: readonly RiskSession[], dataDirectory: string): Gauges {
  return { ...shardGauges(shards), ...sessionGauges(sessions), ...journalGauges(shards, dataDirectory) };
}

function shardGauges(shards: Shards): Gauges {
  const { ringBytes, orderShare } = shards.meters;
  return {
    tarazu_ring_backlog_bytes: {
      help: 'Bytes of commands waiting in each inbound ring or not yet durable',
      labels: ['shard'],
      read: () => shards.gauges().backlogBytes.map((value, shard) => ({ labels: { shard: String(shard) }, value })),
    },
    tarazu_ring_fill_ratio: {
      help: 'How full each inbound ring is for a lane: at 1 new orders are answered busy (order), or sources are paused (reserved)',
      labels: ['shard', 'lane'],
      read: () =>
        shards.gauges().backlogBytes.flatMap((bytes, shard): Sample[] => [
          { labels: { shard: String(shard), lane: 'order' }, value: Math.min(1, bytes / (ringBytes * orderShare)) },
          { labels: { shard: String(shard), lane: 'reserved' }, value: bytes / ringBytes },
        ]),
    },
    tarazu_checkpoint_lag_commands: { help: 'Commands that a restart would fold again', read: () => shards.gauges().checkpointLag },
    tarazu_commands_folded: { help: 'Commands folded since the first day, all slots', read: () => shards.gauges().folded },
  };
}

function journalGauges(shards: Shards, dataDirectory: string): Gauges {
  const names = { batches: 'Batches written to the journal', commands: 'Commands written to the journal', bytes: 'Bytes written to the journal' };
  const counters = SHARD_COUNTS.map((count) => [
    `tarazu_journal_${count === 'bytes' ? 'written_bytes' : count}_total`,
    {
      help: `${names[count]} since the start`,
      kind: 'counter' as const,
      labels: ['shard'],
      read: () => shards.meters.stages.map((times, shard) => ({ labels: { shard: String(shard) }, value: times.count(count) })),
    },
  ]);
  return {
    ...Object.fromEntries(counters),
    tarazu_journal_bytes: { help: 'Bytes of journal segments on disk', read: () => bytesUnder(join(dataDirectory, 'journal')) },
  };
}

function sessionGauges(sessions: readonly RiskSession[]): Gauges {
  const perSession = (help: string, value: (session: RiskSession) => number): Gauges[string] => ({
    help,
    labels: ['session'],
    read: () => sessions.map((session) => ({ labels: { session: session.name }, value: value(session) })),
  });
  return {
    tarazu_session_logged_on: perSession('1 while the FIX session is up', ({ session }) => (session?.loggedOn === true ? 1 : 0)),
    tarazu_session_held: perSession('1 while input of the session waits for room', ({ session }) => (session?.paused === true ? 1 : 0)),
    tarazu_session_garbled_total: {
      ...perSession('Garbled FIX messages dropped in an established session since the start', ({ garbled }) => garbled),
      kind: 'counter',
    },
    tarazu_session_next_inbound: perSession('MsgSeqNum expected next', ({ store }) => store.nextInbound),
    tarazu_session_next_outbound: perSession('MsgSeqNum sent next', ({ store }) => store.nextOutbound),
  };
}

function bytesUnder(directory: string): number {
  let bytes = 0;
  try {
    for (const name of readdirSync(directory, { recursive: true, withFileTypes: true }))
      if (name.isFile()) bytes += statSync(join(name.parentPath, name.name)).size;
  } catch {
    // The journal makes its directory with its first batch; a segment may be archived while we look.
  }
  return bytes;
}
