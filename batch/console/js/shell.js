// The frame around every page: pages, the date and its neighbours, how fresh the screen is, who is signed in.
import { fill, h, setAttribute, setText } from '/kit/dom.js';
import { icon } from '/kit/icon.js';
import { logo } from '/kit/logo.js';
import { addressOf, go, here } from '/kit/router.js';
import { toggleTheme } from '/kit/theme.js';
import { clockSeconds, longDay, shifted } from './format.js';
import { PAGES } from './navigation.js';
import { night } from './night.js';
import { session } from './session.js';

class Shell {
  main = h('main', { id: 'main', tabindex: '-1' });
  menu = h('nav', { class: 'rail', 'aria-label': 'Pages' });
  connection = h('div', { class: 'pill', id: 'connection', role: 'status' });
  clock = h('div', { class: 'clock num', id: 'clock', title: 'Indian time at the server' });
  who = h('div', { class: 'who', id: 'who' });
  date = h('strong', { id: 'date' });
  page = '';
  /** @type {Map<string, HTMLElement>} */
  counts = new Map();

  constructor() {
    const step = (/** @type {number} */ days, /** @type {string} */ label, /** @type {string} */ sign) =>
      h('button', { type: 'button', class: 'bare', 'aria-label': label, title: label, onclick: () => this.step(days) }, sign);
    const theme = h(
      'button',
      { type: 'button', class: 'bare', id: 'theme', 'aria-label': 'Light or dark', title: 'Light or dark (T)', onclick: () => toggleTheme() },
      icon('M10 3a7 7 0 1 0 0 14z M10 3a7 7 0 0 1 0 14'),
    );
    this.day = h(
      'div',
      { class: 'date', role: 'group', 'aria-label': 'Business date' },
      step(-1, 'Trading day before ([)', '‹'),
      this.date,
      step(1, 'Trading day after (])', '›'),
    );
    const bar = h(
      'header',
      { class: 'bar' },
      h('a', { class: 'mark', href: '#/', 'aria-label': 'tarazu night' }, logo(), h('span', {}, 'tarazu night')),
      this.day,
      this.clock,
      this.connection,
      this.who,
      theme,
    );
    this.element = h('div', { class: 'shell' }, bar, this.menu, h('div', { class: 'stage' }, this.main));
    night.phases.on(() => this.tick());
    night.changed.on(() => this.count());
    setInterval(() => this.tick(), 1_000);
    this.tick();
  }

  /** The person is known, or no longer. */
  identify() {
    const { me } = session;
    setAttribute(this.element, 'data-signed', me !== undefined);
    this.counts.clear();
    fill(this.menu, me === undefined ? [] : PAGES.map((page) => this.entry(page)));
    fill(this.who);
    if (me !== undefined)
      fill(
        this.who,
        h('span', { class: 'subject' }, me.name),
        me.may === 'read' && h('span', { class: 'may' }, 'may look'),
        h(
          'button',
          { type: 'button', class: 'bare', 'aria-label': 'Sign out', title: 'Sign out', onclick: () => session.forget('You have signed out.') },
          icon('M8 4H4v12h4 M8 10h9 M14 7l3 3l-3 3'),
        ),
      );
    this.tick();
  }

  /** @param {string} id @param {string} title */
  entered(id, title) {
    this.page = id;
    document.title = `${title} · tarazu night`;
    for (const link of this.menu.querySelectorAll('a')) setAttribute(link, 'aria-current', link.dataset.page === id && 'page');
    this.count();
  }

  /** Shows a sentence where the page would be. @param {string} words */
  wait(words) {
    fill(this.main, h('p', { class: 'waiting', role: 'status' }, words));
  }

  /** Goes to the trading day before or after the one shown. @param {number} by */
  step(by) {
    const traded = (/** @type {string} */ date) => night.days.find((day) => day.date === date)?.isTraded ?? isWeekday(date);
    let date = night.date;
    for (let i = 0; i < 7 && (i === 0 || !traded(date)); i++) date = shifted(date, by);
    go(addressOf(this.page, date, Object.fromEntries(here().query)));
  }

  /** @param {import('./navigation.js').Page} page */
  entry({ id, label, icon: path, key, badge }) {
    const number = h('b', { class: 'count', role: 'img', hidden: true });
    if (badge !== undefined) this.counts.set(id, number);
    return h(
      'a',
      { href: addressOf(id), 'data-page': id, 'aria-current': this.page === id && 'page', title: `${label} (g ${key})` },
      icon(path),
      h('span', {}, label),
      number,
    );
  }

  count() {
    setText(this.date, night.date === '' ? '' : longDay(night.date));
    setAttribute(this.day, 'hidden', night.date === '' || session.me === undefined);
    for (const { id, badge } of PAGES) {
      const place = this.counts.get(id);
      if (place === undefined || badge === undefined) continue;
      const number = badge.count(night);
      setAttribute(place, 'hidden', number === 0);
      setText(place, String(number));
      setAttribute(place, 'aria-label', `${number} ${badge.words}`);
    }
  }

  tick() {
    const { phase, heardAt } = night;
    const since = heardAt === 0 ? '' : ` · stale since ${clockSeconds(heardAt * 1000 + night.offset)}`;
    const words = { off: 'Not connected', connecting: 'Connecting', live: 'Live', reconnecting: `Reconnecting${since}` }[phase];
    setAttribute(this.connection, 'data-phase', phase);
    setAttribute(this.element, 'data-stale', phase === 'reconnecting');
    setText(this.connection, words);
    setText(this.clock, session.me === undefined ? '' : `${clockSeconds(night.now)} IST`);
  }
}

/** @param {string} date */
function isWeekday(date) {
  return ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

/** The one frame of this tab. */
export const shell = new Shell();
