// A field that finds an instrument by letters and says which was chosen. A combobox: arrows move, Enter takes, Escape closes.

import { fill, h, setAttribute } from '/kit/dom.js';
import { get } from '../api.js';

const DEBOUNCE_MILLIS = 120;
const SHOWN = 8;

/** @typedef {import('../wire.d.ts').Instrument} Instrument */

export class InstrumentField {
  /** @type {Instrument | undefined} */
  instrument = undefined;
  /** @type {readonly Instrument[]} */
  found = [];
  chosen = 0;
  asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {(instrument: Instrument | undefined) => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.field = h('input', {
      id: 'ticket-instrument',
      type: 'search',
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-controls': 'ticket-instruments',
      'aria-autocomplete': 'list',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'RELIANCE, NIFTY 24000 CE …',
      oninput: () => this.typed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event),
      onblur: () => setTimeout(() => this.close(), DEBOUNCE_MILLIS),
    });
    this.list = h('ul', { id: 'ticket-instruments', role: 'listbox', 'aria-label': 'Instruments', hidden: true });
    this.element = h('div', { class: 'combo' }, this.field, this.list);
  }

  /** Chooses an instrument by name, as a link does. @param {string} exchange @param {string} symbol */
  async name(exchange, symbol) {
    /** @type {Instrument[]} */
    const found = await get('/v1/instruments', { search: symbol, segment: exchange, limit: SHOWN });
    const one = found.find((each) => each.symbol === symbol && each.exchange === exchange);
    if (one !== undefined) this.take(one);
  }

  typed() {
    if (this.instrument !== undefined) {
      this.instrument = undefined;
      this.changed(undefined);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), DEBOUNCE_MILLIS);
  }

  async look() {
    const number = ++this.asked;
    const text = this.field.value.trim();
    /** @type {Instrument[]} */
    const found = text.length < 2 ? [] : await get('/v1/instruments', { search: text, limit: SHOWN }).catch(() => []);
    if (number !== this.asked) return;
    this.found = found;
    this.chosen = 0;
    this.paint();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && this.found.length > 0) {
      this.chosen = (this.chosen + step + this.found.length) % this.found.length;
      this.paint();
    } else if (event.key === 'Enter' && this.instrument === undefined) void this.takeChosen();
    else if (event.key === 'Escape' && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    } else return;
    event.preventDefault();
  }

  async takeChosen() {
    clearTimeout(this.timer);
    if (this.list.hidden) await this.look();
    const one = this.found[this.chosen];
    if (one !== undefined) this.take(one);
  }

  /** @param {Instrument} instrument */
  take(instrument) {
    this.asked += 1;
    this.instrument = instrument;
    this.field.value = instrument.symbol;
    this.close();
    this.changed(instrument);
  }

  close() {
    this.list.hidden = true;
    setAttribute(this.field, 'aria-expanded', 'false');
    setAttribute(this.field, 'aria-activedescendant', false);
  }

  paint() {
    const items = this.found.map((one, index) =>
      h(
        'li',
        {
          role: 'option',
          id: `instrument-${index}`,
          'aria-selected': String(index === this.chosen),
          onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
          onclick: () => this.take(one),
        },
        h('span', {}, one.symbol),
        h('span', { class: 'more' }, `${one.exchange} · lot ${one.lot}`),
      ),
    );
    fill(this.list, items);
    this.list.hidden = items.length === 0;
    setAttribute(this.field, 'aria-expanded', String(items.length > 0));
    setAttribute(this.field, 'aria-activedescendant', items.length > 0 && `instrument-${this.chosen}`);
    this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }
}
