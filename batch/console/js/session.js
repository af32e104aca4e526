// The person of this tab: whose token it is, and whether he may act.
import { TabSession } from '/kit/tab-session.js';

/** @extends {TabSession<import('./wire.d.ts').Me>} */
class Session extends TabSession {
  get mayAct() {
    return this.me?.may === 'act';
  }
}

/** The one session of this tab. */
export const session = new Session({ name: 'tarazu.night', ended: 'This token is no longer in force. Sign in again to go on where you were.' });
