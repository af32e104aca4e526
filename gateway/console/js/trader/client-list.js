// Clients to choose from, by shortfall first; more pages on demand.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { addressOf, go } from '/kit/router.js';
import { getPage } from '../api.js';
import { count, gain, percent, spaced, wholeRupees } from '../format.js';
import { LiveTable } from '../live-table.js';

/** @typedef {import('../wire.d.ts').ClientLine} ClientLine */

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function clientList(root) {
  /** @type {ClientLine[]} */
  let clients = [];
  let next = '';
  const table = new LiveTable(terms());
  const more = h('button', { type: 'button', class: 'plain', hidden: true, onclick: () => void load() }, 'More clients');
  const sort = h(
    'select',
    { id: 'client-sort', 'aria-label': 'Order of the list', onchange: () => void load(true) },
    ['shortfall', 'mtm', 'requirement', 'account'].map((name) => h('option', { value: name }, `by ${name === 'mtm' ? 'MTM' : name}`)),
  );
  fill(root, h('h1', { class: 'page-title' }, 'Clients'), card('Choose a client', [table.element, more], { tools: sort, id: 'clients' }));
  void load(true);

  async function load(again = false) {
    try {
      /** @type {import('../api.js').Page<{ clients: ClientLine[] }>} */
      const page = await getPage('/v1/clients', { sort: sort.value, limit: 50, cursor: again ? undefined : next });
      clients = again ? page.data.clients : [...clients, ...page.data.clients];
      next = page.next;
      more.hidden = next === '';
      table.update(clients);
    } catch (error) {
      table.empty = faultText(error);
    }
  }
  return { title: 'Clients', end: () => {} };
}

/** @returns {import('../live-table.js').TableTerms<ClientLine>} */
function terms() {
  return {
    caption: 'Clients',
    empty: 'No client.',
    key: (row) => row.account,
    open: (row) => go(addressOf('trader', row.account)),
    columns: [
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      {
        label: 'Standing',
        text: (row) => `${spaced(row.status)}${row.killed ? ', killed' : ''}`,
        tone: (row) => (row.killed || row.status !== 'ACTIVE' ? 'warn' : undefined),
        drop: 'late',
      },
      {
        label: 'Needs',
        text: (row) => (row.needs_paise > 0 ? wholeRupees(row.needs_paise) : ''),
        value: (row) => row.needs_paise,
        tone: () => 'loss',
        isNumber: true,
      },
      { label: 'Required', text: (row) => wholeRupees(row.requirement_paise), value: (row) => row.requirement_paise, isNumber: true },
      { label: 'Available', text: (row) => wholeRupees(row.available_paise), value: (row) => row.available_paise, isNumber: true, drop: 'late' },
      {
        label: 'In use',
        text: (row) => percent(row.available_paise > 0 ? row.requirement_paise / row.available_paise : 0),
        isNumber: true,
        drop: 'wide',
      },
      {
        label: 'MTM',
        text: (row) => gain(row.mtm_paise),
        value: (row) => row.mtm_paise,
        tone: (row) => (row.mtm_paise < 0 ? 'loss' : row.mtm_paise > 0 ? 'gain' : undefined),
        isNumber: true,
      },
      { label: 'Open', text: (row) => (row.open_orders > 0 ? count(row.open_orders) : ''), isNumber: true, drop: 'wide' },
    ],
  };
}
