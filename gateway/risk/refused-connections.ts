// Log lines for FIX connections that ended without a logon: wrong names, a second connection to a session that is up, bytes that are not FIX, silence.
// A counterparty that tries in a loop must not fill the log: past a few in a while only their number is told.
import type { Logger } from '../log.ts';

/** Lines in one window; what comes beyond is counted. */
const LINES_MAX = 20;
const WINDOW_MS = 60_000;
const CLOSED_BY_COUNTERPARTY = 'connection closed by counterparty';

export class RefusedConnections {
  private readonly log: Logger;
  private readonly now: () => number;
  private windowStart = Number.NEGATIVE_INFINITY;
  private count = 0;

  /** `now` in milliseconds. */
  constructor(log: Logger, now: () => number) {
    this.log = log;
    this.now = now;
  }

  /** One connection was refused, for `reason`; `session` names the session it wanted, where it got so far. */
  add(session: string | undefined, reason: string, remoteAddress: string): void {
    // Who goes away by itself, as a probe of the port does, was not refused.
    if (reason === CLOSED_BY_COUNTERPARTY) return;
    if (this.now() - this.windowStart >= WINDOW_MS) {
      if (this.count > LINES_MAX) this.log.warn({ unreported: this.count - LINES_MAX }, 'further FIX connections were refused');
      this.windowStart = this.now();
      this.count = 0;
    }
    this.count += 1;
    if (this.count <= LINES_MAX) this.log.warn({ session, reason, remoteAddress }, 'FIX connection refused');
  }
}
