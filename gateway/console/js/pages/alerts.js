// Alerts, newest first: what needs a person, how often it was seen, who took note of it.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { send } from '../api.js';
import { alertTable } from '../desk/alert-table.js';
import { stream } from '../stream.js';

/** @typedef {import('../wire.d.ts').Alert} Alert */

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function alertsPage(root) {
  const table = alertTable((alert) => void acknowledge(alert));
  const summary = h('span', { class: 'hint' });
  fill(root, h('h1', { class: 'page-title' }, 'Alerts'), card('What needs a person', [table.element], { id: 'alerts', note: summary }));
  const end = stream.subscribe(
    'alerts',
    ({ state }) => {
      const alerts = /** @type {Alert[]} */ (state.recent ?? []);
      table.update(inOrder(alerts));
      const open = waiting(alerts);
      fill(summary, open === 0 ? 'Nothing waits for a person.' : `${open} not acknowledged`);
    },
    (refusal) => (table.empty = refusal),
  );
  return { title: 'Alerts', end };
}

/**
 * How many wait for a person.
 * @param {readonly Alert[]} alerts
 */
export function waiting(alerts) {
  return alerts.filter(({ cleared_at, acknowledged_by, severity }) => cleared_at === null && acknowledged_by === null && severity !== 'info').length;
}

/**
 * Those that wait for a person first, the gravest of them first, then newest first.
 * @param {readonly Alert[]} alerts
 */
export function inOrder(alerts) {
  const rank = (/** @type {Alert} */ { cleared_at, acknowledged_by }) => (cleared_at !== null ? 2 : acknowledged_by !== null ? 1 : 0);
  const gravity = (/** @type {Alert} */ { severity }) => ['critical', 'warning', 'info'].indexOf(severity);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || (rank(a) < 2 ? gravity(a) - gravity(b) : 0) || b.last_seen - a.last_seen);
}

/** @param {Alert} alert */
export async function acknowledge(alert) {
  try {
    await send('POST', `/v1/alerts/${alert.id}/acknowledge`);
  } catch (error) {
    notice(`Not acknowledged: ${faultText(error)}`, 'loss');
  }
}
