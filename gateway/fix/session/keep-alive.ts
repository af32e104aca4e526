// Heartbeats out, silence in, and the end of the session's hours.
import { sendHeartbeat, sendTestRequest } from './outbound-messages.ts';
import type { Session } from './session.ts';
import { pendingTimeout } from './states/pending-timeout.ts';

/** Intervals of silence after which a TestRequest asks whether anyone is there. */
const ASK_AFTER = 1.2;

/** One tick of a logged-on session. */
export function keepAlive(session: Session): void {
  if (!session.schedule.isOpen(session.time)) {
    session.sayGoodbye('session hours ended');
    session.flush();
    return;
  }
  const interval = session.heartBtInt * 1_000_000;
  if (interval === 0) return;
  if (session.time - session.lastReceived >= ASK_AFTER * interval) {
    sendTestRequest(session);
    session.testedAt = session.time;
    session.state = pendingTimeout;
    session.flush();
  } else if (session.time - session.lastSent >= interval) {
    sendHeartbeat(session, undefined);
    session.flush();
  }
}
