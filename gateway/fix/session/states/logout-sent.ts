// We said Logout and wait for the answer. ResendRequests are still served; everything else is left unconsumed for the next session.
import { handleResendRequest, leave } from '../admin.ts';
import { Disposition } from '../disposition.ts';
import { MsgType } from '../message-types.ts';
import type { SessionState } from './session-state.ts';

/** Logout sent, answer awaited. */
export const logoutSent: SessionState = {
  name: 'logoutSent',
  receive(session, view) {
    if (view.msgType === MsgType.logout) {
      if (view.int(34) === session.store.nextInbound) session.consume();
      return leave(session);
    }
    if (view.msgType === MsgType.resendRequest) handleResendRequest(session, view);
    return Disposition.TAKEN;
  },
  tick(session) {
    if (session.time - session.askedAt >= session.settings.LogoutTimeout * 1_000_000) session.drop('no answer to Logout');
  },
};
