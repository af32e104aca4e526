// Logged on, no gap, nothing outstanding: the normal state.
import { receiveInSession } from '../inbound.ts';
import { keepAlive } from '../keep-alive.ts';
import type { SessionState } from './session-state.ts';

/** The normal state. */
export const inSession: SessionState = {
  name: 'inSession',
  receive: (session, view) => receiveInSession(session, view, false),
  tick: keepAlive,
};
