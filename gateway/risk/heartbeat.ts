// What happens each second: a Tick command (expiry and stuck orders need the time to arrive as a command), watermarks of quiet sessions, a look at
// the day and at the parameters in force.
import { ALL_SLOTS, CommandKind, newCommandView, Tick } from '../../engine/index.ts';
import type { Shards } from '../../workers/index.ts';
import type { Logger } from '../log.ts';
import type { GatewayDesk } from './gateway-desk.ts';
import type { ParameterDesk } from './parameter-desk.ts';
import type { RiskApplication } from './risk-application.ts';

const EVERY_MS = 1_000;
/** Orders of a slot that one Tick flags as stuck at most: all 256 slots together then take some ten milliseconds. */
const STUCK_MOST = 16;

/** What the second's work concerns. */
export interface HeartbeatParts {
  readonly shards: Shards;
  readonly application: RiskApplication;
  readonly desk: GatewayDesk;
  readonly parameters: ParameterDesk;
  readonly log: Logger;
}

/** Starts the second's work; the returned function stops it. */
export function startHeartbeat({ shards, application, desk, parameters, log }: HeartbeatParts): () => void {
  const tick = newCommandView(Tick.BYTES);
  const timer = setInterval(() => {
    // A ring without room has work enough to carry the time; the next second brings the next Tick.
    tick.begin(CommandKind.Tick, Tick.BYTES, ALL_SLOTS);
    tick.setU32(Tick.stuckMost, STUCK_MOST);
    shards.broadcast(tick.bytes);
    shards.flush();
    application.tick();
    desk.refresh().then(
      (hash) => {
        try {
          if (parameters.follow(hash)) log.info({ hash, label: parameters.label }, 'parameters taken over that came through an inbox');
        } catch (error) {
          log.error({ hash, error }, 'the parameters in force cannot be read: names are those of the table before');
        }
      },
      // The gateway is stopping.
      () => undefined,
    );
  }, EVERY_MS);
  return () => clearInterval(timer);
}
