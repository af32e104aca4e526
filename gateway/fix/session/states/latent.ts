// No session is up. The first message must be a valid Logon; anything else, and any Logon that must be refused, closes without a word.

import { Disposition } from '../disposition.ts';
import { acceptLogon } from '../logon.ts';
import { MsgType } from '../message-types.ts';
import type { SessionState } from './session-state.ts';

/** No session is up. */
export const latent: SessionState = {
  name: 'latent',
  receive(session, view) {
    return view.msgType === MsgType.logon ? acceptLogon(session, view) : Disposition.CLOSE;
  },
  tick() {},
};
