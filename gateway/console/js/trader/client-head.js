// Who the client is and how the margin stands: name, standing, the sentence, the figures beside it.
import { fill, flash, h, setAttribute, setText } from '/kit/dom.js';
import { count, gain, percent, rupees, spaced, timeOfDay, wholeRupees } from '../format.js';
import { marginWords } from '../words.js';

/** @typedef {import('../wire.d.ts').ClientState} ClientState */
/** @typedef {{ status?: string, kind?: string, killed?: boolean, segments?: readonly (string | number)[] }} Standing */

/**
 * @type {readonly { id: string, label: string, text: (client: ClientState) => string, value: (client: ClientState) => number, tone?: (client:
 * ClientState) => string | undefined, title?: string }[]}
 */
const FIGURES = [
  {
    id: 'requirement',
    label: 'As of file',
    title: 'Required, by the SPAN file in force',
    text: (client) => rupees(client.requirement_paise),
    value: (client) => client.requirement_paise,
  },
  { id: 'available', label: 'Available', text: (client) => rupees(client.available_paise), value: (client) => client.available_paise },
  {
    id: 'live',
    label: 'Live',
    text: (client) => rupees(client.live_paise),
    value: (client) => client.live_paise ?? 0,
    tone: (client) => ((client.live_needs_paise ?? 0) > 0 ? 'loss' : undefined),
    title: 'If the next SPAN file came now: arrays derived again from live prices',
  },
  {
    id: 'used',
    label: 'In use',
    text: (client) => percent(client.available_paise > 0 ? client.requirement_paise / client.available_paise : 0),
    value: (client) => client.requirement_paise,
  },
  { id: 'peak', label: 'Peak today', text: (client) => wholeRupees(client.peak_paise), value: (client) => client.peak_paise },
  {
    id: 'mtm',
    label: 'MTM',
    text: (client) => gain(client.mtm_paise),
    value: (client) => client.mtm_paise,
    tone: (client) => (client.mtm_paise < 0 ? 'loss' : client.mtm_paise > 0 ? 'gain' : undefined),
  },
  { id: 'open', label: 'Open orders', text: (client) => count(client.open_orders), value: (client) => client.open_orders },
];

export class ClientHead {
  badges = h('span', { class: 'badges' });
  words = h('strong', {});
  more = h('span', {});
  banner = h('div', { class: 'banner', id: 'banner', role: 'status' }, this.words, this.more);
  /** @type {Map<string, { cell: HTMLElement, last: number }>} */
  figures = new Map();

  /** @param {string} account @param {HTMLElement} actions */
  constructor(account, actions) {
    const list = FIGURES.map(({ id, label, title }) => {
      const cell = h('dd', { 'data-figure': id, class: 'num' }, '–');
      this.figures.set(id, { cell, last: Number.NaN });
      return h('div', { title }, h('dt', {}, label), cell);
    });
    this.element = h(
      'section',
      { class: 'client-head', 'aria-label': 'Client' },
      h('div', { class: 'title' }, h('h1', {}, account), this.badges, actions),
      this.banner,
      h('dl', { class: 'figures' }, list),
    );
  }

  /** @param {Standing} standing */
  stand({ status, kind, killed, segments }) {
    const badge = (/** @type {string} */ text, /** @type {string | undefined} */ tone) => h('span', { class: 'badge', 'data-tone': tone }, text);
    fill(
      this.badges,
      status !== undefined && badge(spaced(status), status === 'ACTIVE' ? 'ok' : 'warn'),
      kind !== undefined && kind !== 'CLIENT' && badge(spaced(kind), undefined),
      killed === true && badge('killed', 'loss'),
      (segments ?? []).map((segment) => badge(String(segment), undefined)),
    );
  }

  /** When today's peak was. @param {number} millis */
  peakAt(millis) {
    const label = this.figures.get('peak')?.cell.previousElementSibling;
    if (label) setText(label, millis > 0 ? `Peak today, ${timeOfDay(millis).slice(0, 5)}` : 'Peak today');
  }

  /** @param {ClientState} client */
  update(client) {
    const { tone, words, more } = marginWords(client);
    setAttribute(this.banner, 'data-tone', tone);
    setText(this.words, words);
    setText(this.more, more);
    for (const { id, text, value, tone: toneOf } of FIGURES) {
      const figure = this.figures.get(id);
      if (figure === undefined) continue;
      const now = value(client);
      const changed = setText(figure.cell, text(client));
      setAttribute(figure.cell, 'data-tone', toneOf?.(client));
      if (changed && !Number.isNaN(figure.last) && now !== figure.last) flash(figure.cell, now > figure.last ? 'up' : 'down');
      figure.last = now;
    }
  }
}
