// What happens each second: a Tick command (expiry and stuck orders need the time to arrive as a command), watermarks of quiet sessions, a look at
// the day.
import { ALL_SLOTS, COMMAND_HEADER_BYTES, CommandKind, newCommandView } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import type { GatewayDesk } from './gateway-desk.ts';
import type { RiskApplication } from './risk-application.ts';

const EVERY_MS = 1_000;

/** Starts the second's work; the returned function stops it. */
export function startHeartbeat(shards: Shards, application: RiskApplication, desk: GatewayDesk): () => void {
  const tick = newCommandView(COMMAND_HEADER_BYTES);
  const timer = setInterval(() => {
    // A ring without room has work enough to carry the time; the next second brings the next Tick.
    tick.begin(CommandKind.Tick, COMMAND_HEADER_BYTES, ALL_SLOTS);
    shards.broadcast(tick.bytes);
    shards.flush();
    application.tick();
    desk.refresh().catch(() => undefined);
  }, EVERY_MS);
  return () => clearInterval(timer);
}
