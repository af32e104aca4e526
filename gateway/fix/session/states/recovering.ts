// A gap was found and asked for; messages beyond it wait in the queue. The request is repeated only when nothing came of it for a while.
import { askForGap, receiveInSession } from '../inbound.ts';
import { keepAlive } from '../keep-alive.ts';
import type { SessionState } from './session-state.ts';

/** Seconds without progress after which the gap is asked for again. */
const ASK_AGAIN_AFTER = 30;

/** ResendRequest outstanding. */
export const recovering: SessionState = {
  name: 'recovering',
  receive(session, view) {
    const expected = session.store.nextInbound;
    const disposition = receiveInSession(session, view, false);
    if (session.store.nextInbound !== expected) session.askedAt = session.time;
    return disposition;
  },
  tick(session) {
    if (session.time - session.askedAt >= ASK_AGAIN_AFTER * 1_000_000) askForGap(session);
    keepAlive(session);
  },
};
