// The frame around every page: navigation, where the caller is, the find box, how fresh the screen is, which day and parameters are in force, who is
// signed in and until when.

import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { icon } from '/kit/icon.js';
import { logo } from '/kit/logo.js';
import { addressOf } from '/kit/router.js';
import { toggleTheme } from '/kit/theme.js';
import { get } from './api.js';
import { age, businessDate, timeOfDay } from './format.js';
import { openPages } from './navigation.js';
import { openPalette } from './palette.js';
import { session } from './session.js';
import { stream } from './stream.js';

const STATUS_MILLIS = 10_000;
const ENDING_SOON_MILLIS = 5 * 60_000;
const MILLIS_PER_SECOND = 1000;

/**
 * @typedef {{ business_date?: number, ready?: boolean, missing?: string[], firm_killed?: boolean, segments_held?: { segment: string, state: string
 * }[], parameters?: { label?: string } }} Status
 */

class Shell {
  main = h('main', { id: 'main', tabindex: '-1' });
  menu = h('nav', { class: 'rail', 'aria-label': 'Pages' });
  connection = h('div', { class: 'pill', id: 'connection', role: 'status' });
  day = h('div', { class: 'day', id: 'day' });
  who = h('div', { class: 'who', id: 'who' });
  firm = h('div', { class: 'firm-killed', role: 'alert', hidden: true });
  page = '';
  /** What ends the counts beside the pages' names. @type {(() => void)[]} */
  counts = [];

  constructor() {
    const find = h(
      'button',
      { type: 'button', class: 'find', id: 'find', 'aria-label': 'Find a client or an instrument', onclick: () => openPalette() },
      icon('M9 3a6 6 0 1 0 0 12a6 6 0 0 0 0-12 M13.5 13.5L17 17'),
      h('span', { class: 'find-words' }, 'Find a client or an instrument'),
      h('kbd', {}, '/'),
    );
    const theme = h(
      'button',
      { type: 'button', class: 'bare', id: 'theme', 'aria-label': 'Light or dark', title: 'Light or dark (T)', onclick: () => toggleTheme() },
      icon('M10 3a7 7 0 1 0 0 14z M10 3a7 7 0 0 1 0 14'),
    );
    this.bar = h(
      'header',
      { class: 'bar' },
      h('a', { class: 'mark', href: '#/' }, logo(), 'tarazu'),
      find,
      this.day,
      this.connection,
      this.who,
      theme,
    );
    this.element = h('div', { class: 'shell' }, this.bar, this.menu, h('div', { class: 'stage' }, this.firm, this.main));
    stream.phases.on(() => this.tick());
    setInterval(() => this.tick(), MILLIS_PER_SECOND);
    setInterval(() => this.look(), STATUS_MILLIS);
    this.tick();
  }

  /** The caller is known, or no longer. */
  identify() {
    const { me } = session;
    setAttribute(this.element, 'data-signed', me !== undefined);
    for (const end of this.counts.splice(0)) end();
    if (me === undefined) fill(this.menu);
    else
      fill(
        this.menu,
        openPages().map((page) => this.entry(page)),
      );
    this.look();
    this.tick();
  }

  /** @param {string} id @param {string} title */
  entered(id, title) {
    this.page = id;
    document.title = `${title} · tarazu`;
    for (const link of this.menu.querySelectorAll('a')) setAttribute(link, 'aria-current', link.dataset.page === id && 'page');
  }

  /** Shows a sentence where the page would be. @param {string} words */
  wait(words) {
    fill(this.main, h('p', { class: 'waiting', role: 'status' }, words));
  }

  /** @param {import('./navigation.js').Page} page */
  entry({ id, label, icon: path, key, badge }) {
    const number = h('b', { class: 'count', role: 'img', hidden: true });
    if (badge !== undefined) this.follow(badge, number);
    const current = this.page === id && 'page';
    return h(
      'a',
      { href: addressOf(id), 'data-page': id, 'aria-current': current, title: `${label} (g ${key})` },
      icon(path),
      h('span', {}, label),
      number,
    );
  }

  /** A number beside a page's name, from a topic of the stream. @param {import('./navigation.js').Badge} badge @param {HTMLElement} place */
  follow({ topic, count, words }, place) {
    const show = (/** @type {Record<string, unknown>} */ state) => {
      const number = count(state);
      setAttribute(place, 'hidden', number === 0);
      setText(place, String(number));
      setAttribute(place, 'aria-label', `${number} ${words}`);
    };
    this.counts.push(stream.subscribe(topic, ({ state }) => show(state)));
  }

  tick() {
    const { phase, heardAt } = stream;
    const since = heardAt === 0 ? '' : ` · stale since ${timeOfDay(heardAt)}`;
    const words = { off: 'Not connected', connecting: 'Connecting', live: 'Live', reconnecting: `Reconnecting${since}` }[phase];
    setAttribute(this.connection, 'data-phase', phase);
    setAttribute(this.element, 'data-stale', phase === 'reconnecting');
    setText(this.connection, words);
    this.tickSession();
  }

  tickSession() {
    const { me, endsAt } = session;
    if (me === undefined) return fill(this.who);
    const left = endsAt - Date.now();
    if (endsAt > 0 && left <= 0) return session.forget(session.ended);
    const ends =
      endsAt === 0 ? '' : left < ENDING_SOON_MILLIS ? `ends in ${age(left / MILLIS_PER_SECOND)}` : `until ${timeOfDay(endsAt).slice(0, 5)}`;
    if (this.who.childElementCount === 0) {
      const leave = h(
        'button',
        { type: 'button', class: 'bare', 'aria-label': 'Sign out', title: 'Sign out', onclick: () => session.forget('You have signed out.') },
        icon('M8 4H4v12h4 M8 10h9 M14 7l3 3l-3 3'),
      );
      this.who.append(h('span', { class: 'subject' }), h('span', { class: 'until' }), leave);
    }
    const [subject, until] = this.who.children;
    if (subject !== undefined) setText(subject, me.subject === me.role ? me.role : `${me.subject} · ${me.role}`);
    if (until !== undefined) {
      setText(until, ends);
      setAttribute(until, 'data-tone', endsAt > 0 && left < ENDING_SOON_MILLIS && 'warn');
    }
  }

  /** What keeps orders out of the whole house or of a segment, above every page. @param {Status} status */
  stopped({ firm_killed: killed, segments_held: held = [] }) {
    const segments = held.map(({ segment, state }) => `${segment} is ${state === 'CLOSED' ? 'closed' : 'open to reducing orders only'}.`);
    const words = killed === true ? ['The firm’s kill switch is engaged: every order is refused.', ...segments] : segments;
    setAttribute(this.firm, 'hidden', words.length === 0);
    setText(this.firm, words.join(' '));
  }

  async look() {
    if (session.me === undefined) return fill(this.day);
    /** @type {Status} */
    const status = await get('/v1/status').catch(() => ({}));
    if (status.business_date === undefined) return;
    this.stopped(status);
    const label = status.parameters?.label ?? '';
    const missing = status.missing ?? [];
    const state = status.ready === false ? `not ready: ${missing.join(', ')}` : label.split('/').at(-1);
    fill(
      this.day,
      h('strong', {}, businessDate(status.business_date)),
      h('span', { title: label, 'data-tone': status.ready === false && 'warn' }, state),
    );
  }
}

/** The one frame of this tab. */
export const shell = new Shell();
