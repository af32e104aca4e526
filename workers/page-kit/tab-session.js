// The token of whoever uses the page: taken from the address bar's fragment (and removed from there) or pasted, kept for this tab only, forgotten on 401.
// Whether it is good is for the server to say.
import { Emitter } from './emitter.js';

/**
 * @template Me Who the server says the caller is.
 */
export class TabSession {
  /** @type {string} */
  token = '';
  /** Undefined until the server has said. @type {Me | undefined} */
  me = undefined;
  /** Fires when the token or the identity changes. @type {Emitter<void>} */
  changed = new Emitter();
  /** Why the caller was sent to the login page; '' for no reason. */
  reason = '';

  /**
   * `name` keeps pages of one origin apart; `ended` is what the login page says once a token is no longer taken.
   * @param {{ name: string, ended: string }} terms
   */
  constructor({ name, ended }) {
    this.key = `${name}.token`;
    this.returnKey = `${name}.after-login`;
    this.ended = ended;
  }

  /** Takes a token from `#token=…` or from this tab's store. */
  take() {
    const match = /^#token=([^&]+)(?:&to=([^&]*))?/.exec(location.hash);
    if (match?.[1] !== undefined) {
      this.token = decodeURIComponent(match[1]);
      sessionStorage.setItem(this.key, this.token);
      history.replaceState(null, '', `${location.pathname}${match[2] === undefined ? '' : `#${decodeURIComponent(match[2])}`}`);
    } else this.token = sessionStorage.getItem(this.key) ?? '';
  }

  /** @param {string} token */
  keep(token) {
    this.token = token;
    this.reason = '';
    sessionStorage.setItem(this.key, token);
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
    sessionStorage.removeItem(this.key);
    if (!location.hash.startsWith('#/login')) sessionStorage.setItem(this.returnKey, location.hash);
    this.changed.emit();
  }

  /**
   * The server took the token no longer (401).
   * @param {string} unknown What to say when it never took it.
   */
  refused(unknown) {
    this.forget(this.me === undefined ? unknown : this.ended);
  }

  /** Where the caller was before the login page; '' when nowhere. Asked once. */
  takeReturn() {
    const hash = sessionStorage.getItem(this.returnKey) ?? '';
    sessionStorage.removeItem(this.returnKey);
    return hash;
  }

  /** @param {Me} me */
  known(me) {
    this.me = me;
    this.changed.emit();
  }
}
