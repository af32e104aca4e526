// An initiator sent its Logon. Only a Logon answers it; a Logout says why not.
import { asciiText } from '../../codec/ascii.ts';
import { Disposition } from '../disposition.ts';
import { completeLogon } from '../logon.ts';
import { MsgType } from '../message-types.ts';
import type { SessionState } from './session-state.ts';

/** Initiator: Logon sent. */
export const logonSent: SessionState = {
  name: 'logonSent',
  receive(session, view) {
    if (view.msgType === MsgType.logon) return completeLogon(session, view);
    const i = view.index(58);
    const why = i < 0 ? '' : asciiText(view.bytes, view.starts[i] as number, view.ends[i] as number);
    session.drop(view.msgType === MsgType.logout ? `logon refused: ${why}` : 'first answer is not a Logon');
    return Disposition.TAKEN;
  },
  tick(session) {
    if (session.time - session.askedAt >= session.settings.LogonTimeout * 1_000_000) session.drop('no answer to Logon');
  },
};
