// The counterparty was silent and a TestRequest is outstanding. Any message ends the doubt; silence up to 2.4 intervals ends the connection.
// No Heartbeat is sent meanwhile.
import { inSession } from './in-session.ts';
import { recovering } from './recovering.ts';
import type { SessionState } from './session-state.ts';

/** Intervals of silence after which the connection is dead. The TestRequest goes out at half of it. */
const DEAD_AFTER = 2.4;

/** TestRequest outstanding. */
export const pendingTimeout: SessionState = {
  name: 'pendingTimeout',
  receive(session, view) {
    session.state = session.gapEnd > 0 ? recovering : inSession;
    return session.state.receive(session, view);
  },
  tick(session) {
    const interval = session.heartBtInt * 1_000_000;
    const silent = session.time - session.lastReceived >= DEAD_AFTER * interval;
    // After a step of the clock the TestRequest still gets its half of the time.
    if (silent && session.time - session.testedAt >= (DEAD_AFTER / 2) * interval) session.drop('counterparty silent for 2.4 heartbeat intervals');
  },
};
