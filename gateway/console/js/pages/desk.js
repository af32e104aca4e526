// The house on one screen: who is short, who loses, where risk sits, what is stuck and refused, what is stopped, and how old everything is that the
// figures rest on.

import { card } from '/kit/card.js';
import { fill, flash, h, setAttribute, setText } from '/kit/dom.js';
import { addressOf } from '/kit/router.js';
import { get } from '../api.js';
import { alertTable } from '../desk/alert-table.js';
import { concentrationTable, deliveryTable, headroomTable, mtmTable, rejectTable, shortfallTable, stuckTable } from '../desk/desk-tables.js';
import { count, gain, percent, shortRupees } from '../format.js';
import { poll } from '../poll.js';
import { stream } from '../stream.js';
import { acknowledge, inOrder } from './alerts.js';
import { feedFacts, parameterFacts, sessionTable } from './connections.js';

const LOOK_MILLIS = 5_000;
const CLOSEST = 25;

/** @typedef {import('../wire.d.ts').ClientLine} ClientLine */
/** @typedef {import('../wire.d.ts').DeskState} DeskState */

/** @type {readonly { id: string, label: string, text: (state: DeskState) => string, tone?: (state: DeskState) => string | undefined }[]} */
const TOTALS = [
  { id: 'clients', label: 'Clients', text: ({ totals }) => count(totals.clients) },
  { id: 'short', label: 'Short', text: ({ totals }) => count(totals.short), tone: ({ totals }) => (totals.short > 0 ? 'loss' : 'ok') },
  {
    id: 'needs',
    label: 'Missing in all',
    text: ({ totals }) => shortRupees(totals.needs_paise),
    tone: ({ totals }) => (totals.needs_paise > 0 ? 'loss' : undefined),
  },
  { id: 'requirement', label: 'Required', text: ({ totals }) => shortRupees(totals.requirement_paise) },
  { id: 'available', label: 'Available', text: ({ totals }) => shortRupees(totals.available_paise) },
  { id: 'used', label: 'In use', text: ({ totals }) => percent(totals.available_paise > 0 ? totals.requirement_paise / totals.available_paise : 0) },
  {
    id: 'mtm',
    label: 'MTM',
    text: ({ totals }) => gain(totals.mtm_paise),
    tone: ({ totals }) => (totals.mtm_paise < 0 ? 'loss' : totals.mtm_paise > 0 ? 'gain' : undefined),
  },
  { id: 'open', label: 'Open orders', text: ({ totals }) => count(totals.open_orders) },
  { id: 'stuck', label: 'Stuck', text: ({ stuck }) => count(stuck.length), tone: ({ stuck }) => (stuck.length > 0 ? 'warn' : 'ok') },
  { id: 'rejects', label: 'Rejected today', text: ({ rejects }) => count(rejects.reduce((sum, each) => sum + each.count, 0)) },
];

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function deskPage(root) {
  return new Desk(root);
}

class Desk {
  title = 'Desk';
  /** @type {Map<string, HTMLElement>} */
  totals = new Map();
  shortfalls = shortfallTable();
  mtm = mtmTable();
  concentration = concentrationTable();
  deliveries = deliveryTable();
  headroom = headroomTable();
  stuck = stuckTable();
  rejects = rejectTable();
  sessions = sessionTable();
  alerts = alertTable((alert) => void acknowledge(alert));
  /** @type {readonly ClientLine[]} */
  short = [];
  /** @type {readonly ClientLine[]} */
  closest = [];
  killed = h('div', { class: 'stack' });
  feed = h('div', { class: 'stack' });
  parameters = h('div', { class: 'stack' });

  /** @param {HTMLElement} root */
  constructor(root) {
    this.fault = h('p', { class: 'fault', role: 'alert', hidden: true });
    const totals = TOTALS.map(({ id, label }) => {
      const cell = h('dd', { class: 'num', 'data-figure': id }, '–');
      this.totals.set(id, cell);
      return h('div', {}, h('dt', {}, label), cell);
    });
    fill(root, h('h1', { class: 'unseen' }, 'Desk'), this.fault, h('dl', { class: 'figures', id: 'totals' }, totals), this.lay());
    const ends = [
      stream.subscribe(
        'desk',
        ({ state }) => this.update(/** @type {DeskState} */ (/** @type {unknown} */ (state))),
        (refusal) => this.refuse(refusal),
      ),
      stream.subscribe('alerts', ({ state }) => this.alerts.update(inOrder(/** @type {import('../wire.d.ts').Alert[]} */ (state.recent ?? [])))),
    ];
    this.watch = poll(() => this.look(), LOOK_MILLIS);
    this.end = () => {
      this.watch.end();
      for (const end of ends) end();
    };
  }

  lay() {
    const more = (/** @type {string} */ page, /** @type {string} */ words) => h('a', { href: addressOf(page), class: 'hint' }, words);
    const column = (/** @type {HTMLElement[]} */ ...parts) => h('div', { class: 'column' }, parts);
    return h(
      'div',
      { class: 'house' },
      column(
        card('Shortfall, and who is next', [this.shortfalls.element], { id: 'shortfall' }),
        card('Alerts', [this.alerts.element], { id: 'alerts', note: more('alerts', 'All alerts') }),
        card('FIX sessions', [this.sessions.element], { id: 'sessions', note: more('connections', 'Reset') }),
        card('Deliveries to come', [this.deliveries.element], { id: 'deliveries' }),
        card('Stuck orders', [this.stuck.element], { id: 'stuck' }),
      ),
      column(
        card('MTM, worst first', [this.mtm.element], { id: 'mtm' }),
        card('Clearing-corporation headroom', [this.headroom.element], { id: 'headroom' }),
        card('Concentration', [this.concentration.element], { id: 'concentration' }),
        card('Rejections by code', [this.rejects.element], { id: 'rejects' }),
        card('Kill switches', [this.killed], { id: 'killed', note: more('controls', 'Engage or release') }),
        card('Market data', [this.feed], { id: 'feed', note: more('connections', 'More') }),
        card('Parameter files', [this.parameters], { id: 'parameters', note: more('connections', 'More') }),
      ),
    );
  }

  /** @param {DeskState} state */
  update(state) {
    for (const { id, text, tone } of TOTALS) {
      const cell = this.totals.get(id);
      if (cell === undefined) continue;
      const isFirst = cell.textContent === '–';
      if (setText(cell, text(state)) && !isFirst) flash(cell, 'same');
      setAttribute(cell, 'data-tone', tone?.(state));
    }
    this.short = state.shortfalls;
    this.rank();
    this.mtm.update([...state.mtm].sort((a, b) => a.mtm_paise - b.mtm_paise));
    this.stuck.update(state.stuck);
    this.rejects.update(state.rejects);
    this.sessions.update(state.sessions);
    fill(this.feed, feedFacts(state.feed));
    fill(this.parameters, parameterFacts(state.parameters));
    const kills = state.kill_switches.map(({ scope, account }) =>
      h('p', { 'data-tone': 'loss' }, h('strong', {}, scope === 'FIRM' ? '▲ The whole firm' : `▲ ${account}`)),
    );
    fill(this.killed, kills.length === 0 ? h('p', { 'data-tone': 'ok' }, 'None engaged: everybody may trade.') : kills);
  }

  /** Those who are short, live, then those closest to it, as asked for last. */
  rank() {
    const short = new Set(this.short.map(({ account }) => account));
    const rows = [...this.short, ...this.closest.filter(({ account }) => !short.has(account))];
    this.shortfalls.update(
      rows.sort((a, b) => b.needs_paise - a.needs_paise || a.available_paise - a.requirement_paise - (b.available_paise - b.requirement_paise)),
    );
  }

  async look() {
    /** @type {{ clients: ClientLine[] }} */
    const { clients } = await get('/v1/clients', { sort: 'shortfall', limit: CLOSEST }).catch(() => ({ clients: [...this.closest] }));
    this.closest = clients.filter(({ requirement_paise: requirement }) => requirement > 0);
    this.rank();
    /** @type {{ underlyings: import('../wire.d.ts').Concentration[] }} */
    const { underlyings } = await get('/v1/concentration', { limit: 50 }).catch(() => ({ underlyings: [] }));
    this.concentration.update(underlyings);
    /** @type {import('../wire.d.ts').MemberCollateral} */
    const { corporations } = await get('/v1/member/collateral').catch(() => ({ corporations: [] }));
    this.headroom.update(corporations);
    this.deliveries.update(/** @type {import('../wire.d.ts').Delivery[]} */ (await get('/v1/deliveries').catch(() => [])));
  }

  /** @param {string} words */
  refuse(words) {
    this.fault.hidden = false;
    fill(this.fault, words);
  }
}
