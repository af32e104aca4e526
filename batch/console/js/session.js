// The person's token: taken from the address bar's fragment (and removed from there) or pasted, kept for this tab only, forgotten on 401.
import { Emitter } from './emitter.js';

const KEY = 'tarazu.night.token';
const AFTER_LOGIN = 'tarazu.night.after-login';
/** What the login page says when a token is no longer taken. */
export const ENDED = 'This token is no longer in force. Sign in again to go on where you were.';

/** @typedef {import('./wire.d.ts').Me} Me */

class Session {
  /** @type {string} */
  token = '';
  /** Who the server says we are; undefined until it has. @type {Me | undefined} */
  me = undefined;
  /** Fires when the token or the identity changes. @type {Emitter<Session>} */
  changed = new Emitter();
  /** Why the person was sent to the login page; '' for no reason. */
  reason = '';

  /** Takes a token from `#token=…` or from this tab's store. */
  take() {
    const match = /^#token=([^&]+)(?:&to=([^&]*))?/.exec(location.hash);
    if (match?.[1] !== undefined) {
      this.token = decodeURIComponent(match[1]);
      sessionStorage.setItem(KEY, this.token);
      history.replaceState(null, '', `${location.pathname}${match[2] === undefined ? '' : `#${decodeURIComponent(match[2])}`}`);
    } else this.token = sessionStorage.getItem(KEY) ?? '';
  }

  /** @param {string} token */
  keep(token) {
    this.token = token;
    this.reason = '';
    sessionStorage.setItem(KEY, token);
  }

  /**
   * Forgets the token; the page to come back to is remembered.
   * @param {string} reason
   */
  forget(reason) {
    if (this.token === '') return;
    this.token = '';
    this.me = undefined;
    this.reason = reason;
    sessionStorage.removeItem(KEY);
    if (!location.hash.startsWith('#/login')) sessionStorage.setItem(AFTER_LOGIN, location.hash);
    this.changed.emit(this);
  }

  /** Where the person was before the login page; '' when nowhere. Asked once. */
  takeReturn() {
    const hash = sessionStorage.getItem(AFTER_LOGIN) ?? '';
    sessionStorage.removeItem(AFTER_LOGIN);
    return hash;
  }

  /** @param {Me} me */
  known(me) {
    this.me = me;
    this.changed.emit(this);
  }

  get mayAct() {
    return this.me?.may === 'act';
  }
}

/** The one session of this tab. */
export const session = new Session();
