// Limits of clients: one at a time, or many from a CSV text that is shown line by line, old beside new, before anything is applied. A bad line stops
// the whole upload, so a half-applied file cannot happen.
import { ApiError, faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { ask, get, send } from '../api.js';
import { count, rupees, spaced } from '../format.js';
import { LiveTable } from '../live-table.js';
import { session } from '../session.js';

const COLUMNS = [
  'max_order_quantity',
  'max_order_value_paise',
  'max_open_order_value_paise',
  'max_open_orders',
  'max_net_quantity',
  'max_gross_value_paise',
  'max_turnover_paise',
  'max_loss_paise',
  'max_funded_paise',
];
const EXAMPLE = 'account,max_order_value_paise,max_open_orders\nC000001,500000000,40\n';

/** @typedef {import('../wire.d.ts').LimitRow} LimitRow */

/**
 * @param {HTMLElement} root
 * @returns {import('../navigation.js').Screen}
 */
export function limitsPage(root) {
  const page = new Limits();
  fill(root, h('h1', { class: 'page-title' }, 'Limits'), page.element);
  return { title: 'Limits', end: () => {} };
}

class Limits {
  /** The text the preview is of; applying another is not offered. */
  previewed = '';

  constructor() {
    this.table = new LiveTable(rowTerms());
    this.text = h('textarea', {
      id: 'limit-csv',
      spellcheck: 'false',
      'aria-describedby': 'limit-about',
      placeholder: EXAMPLE,
      oninput: () => this.edited(),
    });
    this.file = h('input', { type: 'file', id: 'limit-file', accept: '.csv,text/csv', onchange: () => void this.read() });
    this.preview = h('button', { type: 'button', class: 'plain', id: 'preview', onclick: () => void this.look() }, 'Preview');
    this.apply = h('button', { type: 'button', class: 'primary', id: 'apply', disabled: true, onclick: () => void this.commit() }, 'Apply');
    this.words = h('span', { class: 'hint', role: 'status' });
    const mayWrite = session.may('limits:write');
    const upload = h(
      'div',
      { class: 'stack' },
      h('label', { for: 'limit-csv' }, 'CSV, pasted or from a file'),
      this.text,
      this.file,
      h(
        'p',
        { class: 'hint', id: 'limit-about' },
        'The first line names account and some of: ',
        COLUMNS.join(', '),
        '. An empty cell leaves the limit as it is, 0 means no limit.',
      ),
      h(
        'div',
        { class: 'acts' },
        mayWrite && this.preview,
        mayWrite && this.apply,
        !mayWrite && h('p', { class: 'hint' }, `Role ${session.me?.role ?? ''} may not change limits.`),
      ),
    );
    this.file.setAttribute('aria-label', 'CSV file');
    this.element = h(
      'div',
      { class: 'limits' },
      h('div', { class: 'column' }, card('Upload', [upload], { id: 'upload' }), this.lookup()),
      card('Old → new', [this.table.element], { id: 'preview-rows', note: this.words }),
    );
  }

  lookup() {
    const account = h('input', { id: 'limit-account', maxlength: '16', autocomplete: 'off', spellcheck: 'false' });
    const facts = h('dl', { class: 'facts' });
    const look = async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        /** @type {Record<string, number>} */
        const limits = await get(`/v1/clients/${encodeURIComponent(account.value.trim())}/limits`);
        fill(
          facts,
          COLUMNS.map((name) => h('div', {}, h('dt', {}, columnLabel(name)), h('dd', { class: 'num' }, limitText(name, limits[name])))),
        );
      } catch (error) {
        fill(facts, h('p', { class: 'fault' }, faultText(error)));
      }
    };
    const form = h(
      'form',
      { class: 'stack', onsubmit: look },
      h('label', { for: 'limit-account' }, 'Client'),
      h('div', { class: 'tools' }, account, h('button', { class: 'plain' }, 'Show')),
      facts,
    );
    return card('Limits in force', [form], { id: 'in-force' });
  }

  async read() {
    const file = this.file.files?.[0];
    if (file === undefined) return;
    this.text.value = await file.text();
    await this.look();
  }

  edited() {
    this.apply.disabled = this.text.value !== this.previewed || this.previewed === '';
  }

  async look() {
    const csv = this.text.value;
    if (csv.trim() === '') return this.text.focus();
    try {
      /** @type {{ rows: LimitRow[] }} */
      const { rows } = await ask('/v1/limits/preview', { csv });
      this.show(rows);
      const bad = rows.filter(({ error }) => error !== null).length;
      this.previewed = bad === 0 && rows.length > 0 ? csv : '';
    } catch (error) {
      this.previewed = '';
      this.fail(error);
    }
    this.edited();
  }

  async commit() {
    this.apply.disabled = true;
    try {
      /** @type {{ rows: LimitRow[] }} */
      const { rows } = await send('POST', '/v1/limits/bulk', { csv: this.previewed });
      this.show(rows);
      this.previewed = '';
      fill(this.words, `Applied: ${count(rows.length)} ${rows.length === 1 ? 'client' : 'clients'}.`);
      notice(`Limits of ${count(rows.length)} ${rows.length === 1 ? 'client' : 'clients'} are in force.`);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {readonly LimitRow[]} rows */
  show(rows) {
    this.table.update(rows);
    const bad = rows.filter(({ error }) => error !== null).length;
    fill(
      this.words,
      bad === 0
        ? `${count(rows.length)} good`
        : h('span', { 'data-tone': 'loss' }, `${count(bad)} of ${count(rows.length)} bad: nothing can be applied`),
    );
  }

  /** @param {unknown} error */
  fail(error) {
    this.table.empty = faultText(error);
    const rows = error instanceof ApiError ? /** @type {{ rows?: LimitRow[] } | undefined} */ (error.details)?.rows : undefined;
    this.table.update(rows ?? []);
    fill(this.words, h('span', { 'data-tone': 'loss' }, faultText(error)));
  }
}

/** @returns {import('../live-table.js').TableTerms<LimitRow>} */
function rowTerms() {
  return {
    caption: 'What the upload would change',
    empty: 'Paste or choose a CSV, then Preview: every line is shown here before anything is applied.',
    key: (row) => String(row.line),
    rowTone: (row) => (row.error === null ? undefined : 'loss'),
    columns: [
      { label: 'Line', text: (row) => String(row.line), value: (row) => row.line },
      { label: 'Client', text: (row) => row.account, sortText: (row) => row.account },
      { label: 'Result', text: (row) => (row.error === null ? '✓ good' : '✕ bad'), tone: (row) => (row.error === null ? 'ok' : 'loss') },
      { label: 'Change', draw: drawChange },
    ],
  };
}

/** @param {HTMLElement} cell @param {LimitRow} row */
function drawChange(cell, { before, after, error }) {
  cell.classList.add('wrap');
  if (before === null || after === null) return fill(cell, error ?? '');
  const changed = COLUMNS.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return fill(cell, 'as it is');
  fill(
    cell,
    changed.map((name) =>
      h(
        'div',
        {},
        `${columnLabel(name)} `,
        h('span', { class: 'was' }, limitText(name, before[name])),
        ' → ',
        h('span', { class: 'now' }, limitText(name, after[name])),
      ),
    ),
  );
}

/** @param {string} name */
function columnLabel(name) {
  return spaced(name.replace(/^max_/, '').replace(/_paise$/, ''));
}

/** @param {string} name @param {number | undefined} value */
function limitText(name, value) {
  if (value === undefined) return '–';
  if (value === 0) return 'no limit';
  return name.endsWith('_paise') ? rupees(value) : count(value);
}
