// The caller of this tab: what the token opens and when it ends. The page reads the token's claims to show them; whether it is good is for the gateway to say.
import { TabSession } from '/kit/tab-session.js';

const MILLIS_PER_SECOND = 1000;

/** @extends {TabSession<import('./wire.d.ts').Me>} */
class Session extends TabSession {
  /** @param {string} scope */
  may(scope) {
    return this.me?.scopes.includes(scope) === true;
  }

  /** Milliseconds since the epoch at which the token ends; 0 when it does not say. */
  get endsAt() {
    return claimsOf(this.token).exp * MILLIS_PER_SECOND;
  }
}

/** The one session of this tab. */
export const session = new Session({ name: 'tarazu', ended: 'The session has ended. Sign in again to go on where you were.' });

/**
 * @param {string} token
 * @returns {{ exp: number }}
 */
function claimsOf(token) {
  const part = token.split('.')[1];
  if (part === undefined) return { exp: 0 };
  try {
    const claims = JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
    return { exp: typeof claims.exp === 'number' ? claims.exp : 0 };
  } catch {
    return { exp: 0 };
  }
}
