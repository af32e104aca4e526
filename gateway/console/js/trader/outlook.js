// What is ahead of a client: what the next SPAN file would ask if it came now, and the trading days to the expiry of what is held.
import { fill, h, setAttribute } from '/kit/dom.js';
import { get } from '../api.js';
import { gain, percent, price, rupees, wholeRupees } from '../format.js';
import { deliveryWords } from '../words.js';

/** @typedef {import('../wire.d.ts').Preview} Preview */
/** @typedef {import('../wire.d.ts').Forecast} Forecast */

const SOURCES = { future: 'by its future', share: 'by its share', file: 'no fresh price: taken as unmoved', asked: 'as asked' };
/** Moves that can be asked about, in parts. */
const MOVES = [-0.05, -0.02, 0.02, 0.05];

export class Outlook {
  next = h('div', { class: 'stack' });
  days = h('div', { class: 'stack' });
  /** Is something to be delivered? Shown at the head of the page. */
  warning = h('p', { class: 'delivery', role: 'status', hidden: true });
  /** As if all stood so far from the file; '' = as they stand. */
  move = '';

  /** @param {string} account */
  constructor(account) {
    this.account = account;
    const option = (/** @type {string} */ value, /** @type {string} */ words) => h('option', { value }, words);
    this.moves = h(
      'select',
      { id: 'preview-move', 'aria-label': 'Prices of the preview', onchange: () => void this.choose() },
      option('', 'prices as they stand'),
      MOVES.map((move) => option(String(move), `all ${move > 0 ? 'up' : 'down'} ${percent(Math.abs(move))}`)),
    );
    this.element = h('div', { class: 'outlook' }, this.next, h('h3', {}, 'To expiry, if nothing is traded and no price moves'), this.days);
  }

  async choose() {
    this.move = this.moves.value;
    await this.look();
  }

  /** Asks anew. Rejects when the gateway does not answer. */
  async look() {
    const { account } = this;
    /** @type {[Preview, Forecast, import('../wire.d.ts').Delivery[]]} */
    const [preview, forecast, deliveries] = await Promise.all([
      get('/v1/margins/preview', { account, move: this.move === '' ? undefined : this.move }),
      get('/v1/margins/forecast', { account }),
      get(`/v1/clients/${encodeURIComponent(account)}/deliveries`),
    ]);
    fill(this.next, previewParts(preview));
    fill(this.days, daysTable(forecast));
    const words = deliveryWords(deliveries);
    setAttribute(this.warning, 'hidden', words === '');
    fill(this.warning, words);
  }
}

/** @param {Preview} preview */
function previewParts({
  file,
  as_of_file_paise: filed,
  live_paise: live,
  change_paise: change,
  needs_paise: needs,
  available_paise: available,
  prices,
}) {
  const line = (/** @type {string} */ label, /** @type {string} */ value, /** @type {string | undefined} */ tone = undefined) =>
    h('div', {}, h('dt', {}, label), h('dd', { class: 'num', 'data-tone': tone }, value));
  const moved = prices.filter(({ source }) => source !== 'file');
  return [
    h(
      'dl',
      { class: 'weighed' },
      line('By the file in force', rupees(filed)),
      line('If the next came now', rupees(live)),
      line('Change', gain(change), change > 0 ? 'loss' : undefined),
      needs > 0 ? line('Would be missing', rupees(needs), 'loss') : line('Would be left', rupees(available - live)),
    ),
    h(
      'p',
      { class: 'hint' },
      `${file}. ${moved.length === 0 ? 'No underlying held has a fresh price: the file’s stand.' : moved.map(moveWords).join('; ')}`,
    ),
  ];
}

/** @param {Preview['prices'][number]} underlying */
function moveWords({ symbol, file_price: filed, live_price: live, source }) {
  return `${symbol} ${price(filed)} → ${price(live)} (${SOURCES[source]})`;
}

/** Is a day unlike the one before it? @param {Forecast['days'][number]} day @param {number} index @param {Forecast['days']} days */
function saysSomething({ requirement_paise: required, rules, expiring }, index, days) {
  const before = days[index - 1];
  return before === undefined || required !== before.requirement_paise || expiring.length > 0 || rules.join() !== before.rules.join();
}

/** @param {Forecast} forecast */
function daysTable({ days, next_file: next }) {
  if (days.length === 0) return h('p', { class: 'empty' }, 'The parameters in force say nothing of trading days.');
  const head = ['Day', 'Required', 'Missing', 'Why'].map((label, index) =>
    h('th', { scope: 'col', class: index === 1 || index === 2 ? 'num' : undefined }, label),
  );
  const row = (/** @type {string} */ name, /** @type {number} */ required, /** @type {number} */ missing, /** @type {string} */ why) =>
    h(
      'tr',
      { 'data-tone': missing > 0 ? 'loss' : undefined },
      h('th', { scope: 'row' }, name),
      h('td', { class: 'num' }, wholeRupees(required)),
      h('td', { class: 'num', 'data-tone': missing > 0 ? 'loss' : undefined }, missing > 0 ? wholeRupees(missing) : '–'),
      h('td', { class: 'wrap' }, why),
    );
  const rows = days.filter(saysSomething).map(({ ahead, requirement_paise, shortfall_paise, rules, expiring }) => {
    const parts = [...rules, ...(expiring.length > 0 ? [`expires: ${expiring.join(', ')}`] : [])];
    return row(ahead === 0 ? 'today' : `+${ahead}`, requirement_paise, shortfall_paise, parts.join(' · '));
  });
  const table = h(
    'table',
    { class: 'grid' },
    h('caption', { class: 'unseen' }, 'Margin at the next file and on the days to expiry'),
    h('thead', {}, h('tr', {}, head)),
    h('tbody', {}, row('next file', next.requirement_paise, next.shortfall_paise, 'if it came now'), rows),
  );
  return h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Days ahead' }, table);
}
