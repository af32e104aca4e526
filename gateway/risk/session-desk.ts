// FIX sessions as operations see them, and the reset of their sequence numbers. A reset that would lose or repeat messages in silence is refused.
import { refusal } from '../http/http-error.ts';
import type { Logger } from '../log.ts';
import type { RiskSession } from './risk-session.ts';

/** One FIX session. */
export interface SessionAnswer {
  readonly name: string;
  readonly logged_on: boolean;
  readonly next_inbound: number;
  readonly next_outbound: number;
  readonly incarnation: number;
  /** Inbound messages up to this number are durable. */
  readonly settled_inbound: number;
  readonly garbled: number;
  /** Microseconds since 1970: when the numbers began. */
  readonly created_micros: number;
}

/** What a reset asks for: both numbers to 1 when it names none. */
export interface ResetBody {
  readonly next_inbound?: number | undefined;
  readonly next_outbound?: number | undefined;
  readonly reason: string;
}

export class SessionDesk {
  private readonly sessions: readonly RiskSession[];
  private readonly log: Logger;
  private readonly now: () => number;

  /** `now` gives microseconds since 1970. */
  constructor(sessions: readonly RiskSession[], log: Logger, now: () => number) {
    this.sessions = sessions;
    this.log = log;
    this.now = now;
  }

  list(): SessionAnswer[] {
    return this.sessions.map(sessionAnswer);
  }

  /** Resets a session that is logged out; undefined when there is none of that name. */
  reset(name: string, body: ResetBody, by: string): SessionAnswer | undefined {
    const risk = this.sessions.find((each) => each.name === name);
    if (risk === undefined) return undefined;
    if (risk.session?.loggedOn === true)
      throw refusal('TZ-SESSION', `${name} is logged on: it must log out first, or reset by ResetSeqNumFlag(141)=Y on its Logon`);
    const before = sessionAnswer(risk);
    if (body.next_inbound === undefined && body.next_outbound === undefined) risk.store.reset(this.now());
    else {
      requireForward(risk, body);
      if (body.next_outbound !== undefined) risk.store.setNextOutbound(body.next_outbound);
      if (body.next_inbound !== undefined) {
        risk.store.setNextInbound(body.next_inbound);
        risk.store.log.settleInbound(body.next_inbound - 1);
        risk.store.log.flushWatermark();
      }
    }
    const after = sessionAnswer(risk);
    this.log.warn({ session: name, reason: body.reason, by, before, after }, 'sequence numbers were reset by hand');
    return after;
  }
}

/** Numbers may go forward only: below, messages would be taken for repeats and dropped, or sent under numbers that were used. */
function requireForward({ name, store }: RiskSession, { next_inbound: inbound, next_outbound: outbound }: ResetBody): void {
  if (inbound !== undefined && inbound < store.nextInbound)
    throw refusal(
      'TZ-SESSION',
      `${name} expects ${store.nextInbound} next: a lower number would drop what comes as repeats; reset both numbers instead`,
    );
  if (outbound !== undefined && outbound < store.nextOutbound)
    throw refusal('TZ-SESSION', `${name} sends ${store.nextOutbound} next: a lower number was used already; reset both numbers instead`);
}

function sessionAnswer({ name, store, session, garbled }: RiskSession): SessionAnswer {
  return {
    name,
    logged_on: session?.loggedOn === true,
    next_inbound: store.nextInbound,
    next_outbound: store.nextOutbound,
    incarnation: store.incarnation,
    settled_inbound: store.log.watermark,
    garbled,
    created_micros: store.createdAt,
  };
}
