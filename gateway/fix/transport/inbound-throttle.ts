// Counts inbound messages per second of wall time and says when a session's limit is passed.
import type { SessionSettings } from '../settings/settings.ts';

/** Counter of one connection. */
export class InboundThrottle {
  /** Input is stopped until the second is over. */
  holding = false;
  /** Above the limit application messages are answered, not delayed. */
  readonly rejects: boolean;
  private readonly limit: number;
  private second = 0;
  private count = 0;

  private constructor(limit: number, rejects: boolean) {
    this.limit = limit;
    this.rejects = rejects;
  }

  /** A throttle for the session, or undefined when it has no limit. */
  static of(settings: Pick<SessionSettings, 'InboundThrottle' | 'ThrottleAction'>): InboundThrottle | undefined {
    return settings.InboundThrottle === 0 ? undefined : new InboundThrottle(settings.InboundThrottle, settings.ThrottleAction === 'REJECT');
  }

  /** Counts one message at `now` milliseconds; true when it is above the limit. */
  exceeded(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.count = 0;
    }
    this.count += 1;
    if (this.count <= this.limit) return false;
    this.holding = !this.rejects;
    return true;
  }

  /** True once when a hold has ended. */
  released(now: number): boolean {
    if (!this.holding || Math.floor(now / 1_000) === this.second) return false;
    this.holding = false;
    return true;
  }
}
