// The find box: a client or an instrument by a few letters, or a page. Enter opens the first; an instrument goes to the order ticket of the client
// shown. Answers that come late are dropped.

import { fill, h, setAttribute } from '/kit/dom.js';
import { addressOf, go, here } from '/kit/router.js';
import { get } from './api.js';
import { wholeRupees } from './format.js';
import { openPages } from './navigation.js';
import { session } from './session.js';

const DEBOUNCE_MILLIS = 120;
const SHOWN = 8;

/** @typedef {{ group: string, label: string, more: string, address: string }} Found */

/** @type {HTMLDialogElement | undefined} */
let dialog;

/** Opens the box; does nothing without a session or when it is open. */
export function openPalette() {
  if (session.me === undefined || dialog !== undefined) return;
  const field = h('input', {
    type: 'search',
    id: 'palette-field',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
    'aria-label': 'Find a client, an instrument or a page',
    placeholder: 'Client, instrument or page',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const list = h('ul', { id: 'palette-list', role: 'listbox', 'aria-label': 'Found' });
  const box = h('dialog', { class: 'palette', 'aria-label': 'Find' }, field, list);
  dialog = box;
  const search = new Search(field, list, () => box.close());
  box.addEventListener('close', () => {
    box.remove();
    dialog = undefined;
  });
  box.addEventListener('click', (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  field.focus();
  void search.look();
}

class Search {
  /** @type {readonly Found[]} */
  found = [];
  chosen = 0;
  asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {HTMLInputElement} field @param {HTMLElement} list @param {() => void} close */
  constructor(field, list, close) {
    this.field = field;
    this.list = list;
    this.close = close;
    field.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.look(), DEBOUNCE_MILLIS);
    });
    field.addEventListener('keydown', (event) => void this.pressed(event));
  }

  async look() {
    const number = ++this.asked;
    const text = this.field.value.trim();
    const pages = pagesLike(text);
    const [clients, instruments] = await Promise.all([clientsLike(text).catch(() => []), instrumentsLike(text).catch(() => [])]);
    if (number !== this.asked) return;
    this.found = [...clients, ...instruments, ...pages];
    this.chosen = 0;
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  async pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.chosen = Math.max(0, Math.min(this.found.length - 1, this.chosen + step));
      this.paint();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      clearTimeout(this.timer);
      await this.look();
      this.open(this.found[this.chosen]);
    }
  }

  /** @param {Found | undefined} found */
  open(found) {
    if (found === undefined) return;
    this.close();
    go(found.address);
  }

  paint() {
    let group = '';
    const items = this.found.flatMap((found, index) => {
      const title = found.group === group ? [] : [h('li', { class: 'group', role: 'presentation' }, found.group)];
      group = found.group;
      const isChosen = index === this.chosen;
      const item = h(
        'li',
        { role: 'option', id: `palette-${index}`, 'aria-selected': String(isChosen), onclick: () => this.open(found) },
        h('span', {}, found.label),
        h('span', { class: 'more' }, found.more),
      );
      return [...title, item];
    });
    fill(this.list, items.length === 0 ? h('li', { class: 'empty', role: 'presentation' }, 'Nothing found.') : items);
    setAttribute(this.field, 'aria-activedescendant', this.found.length > 0 && `palette-${this.chosen}`);
    this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }
}

/** @param {string} text @returns {Found[]} */
function pagesLike(text) {
  return openPages()
    .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()))
    .map(({ id, label, key }) => ({ group: 'Pages', label, more: `g ${key}`, address: addressOf(id) }));
}

/** @param {string} text @returns {Promise<Found[]>} */
async function clientsLike(text) {
  const named = session.me?.accounts;
  if (named !== 'all' && named !== undefined) {
    const like = named.filter((account) => account.toLowerCase().includes(text.toLowerCase()));
    return like.slice(0, SHOWN).map((account) => ({ group: 'Clients', label: account, more: '', address: addressOf('trader', account) }));
  }
  /** @type {{ clients: import('./wire.d.ts').ClientLine[] }} */
  const { clients } = await get('/v1/clients', { search: text, sort: 'account', limit: SHOWN });
  return clients.map(({ account, requirement_paise }) => ({
    group: 'Clients',
    label: account,
    more: `margin ${wholeRupees(requirement_paise)}`,
    address: addressOf('trader', account),
  }));
}

/** @param {string} text @returns {Promise<Found[]>} */
async function instrumentsLike(text) {
  const place = here();
  if (text.length < 2 || place.page !== 'trader' || place.argument === '') return [];
  /** @type {import('./wire.d.ts').Instrument[]} */
  const found = await get('/v1/instruments', { search: text, limit: SHOWN });
  return found.map(({ symbol, exchange }) => ({
    group: `Order for ${place.argument}`,
    label: symbol,
    more: exchange,
    address: addressOf('trader', place.argument, { exchange, symbol }),
  }));
}
