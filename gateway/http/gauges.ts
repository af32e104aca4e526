// What /metrics asks of the running parts: rings, checkpoint, journal, sessions.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Shards } from '../../workers/index.ts';
import type { RiskSession } from '../risk/risk-session.ts';
import type { Gauges } from './metrics.ts';

/** Gauges over the shards and sessions of a gateway. */
export function gatewayGauges(shards: Shards, sessions: readonly RiskSession[], dataDirectory: string): Gauges {
  const perSession = (value: (session: RiskSession) => number) => () =>
    sessions.map((session) => ({ labels: { session: session.name }, value: value(session) }));
  return {
    tarazu_ring_backlog_bytes: {
      help: 'Bytes of commands waiting in each inbound ring or not yet durable',
      read: () => shards.gauges().backlogBytes.map((value, shard) => ({ labels: { shard: String(shard) }, value })),
    },
    tarazu_checkpoint_lag_commands: { help: 'Commands that a restart would fold again', read: () => shards.gauges().checkpointLag },
    tarazu_commands_folded: { help: 'Commands folded since the first day, all slots', read: () => shards.gauges().folded },
    tarazu_journal_bytes: { help: 'Bytes of journal segments on disk', read: () => bytesUnder(join(dataDirectory, 'journal')) },
    tarazu_session_logged_on: { help: '1 while the FIX session is up', read: perSession(({ session }) => (session?.loggedOn === true ? 1 : 0)) },
    tarazu_session_garbled: {
      help: 'Garbled FIX messages dropped in an established session since the start',
      read: perSession(({ garbled }) => garbled),
    },
    tarazu_session_next_inbound: { help: 'MsgSeqNum expected next', read: perSession(({ store }) => store.nextInbound) },
    tarazu_session_next_outbound: { help: 'MsgSeqNum sent next', read: perSession(({ store }) => store.nextOutbound) },
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
