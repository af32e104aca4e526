// Statements of a client: looked at here, or taken as PDF (under the client's password) or CSV.
import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { ask, get } from '../api.js';
import { shifted } from '../format.js';
import { lineForm } from '../line-form.js';
import { night } from '../night.js';

/** @typedef {import('../wire.d.ts').Statement} Statement */

const amount = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
/** Statements of this many days, unless asked for others. */
const DAYS = 30;

export function statementCard() {
  const kind = h('select', { id: 'statement-kind' });
  const client = h('input', { id: 'statement-client', required: true, maxlength: '16', autocomplete: 'off', spellcheck: 'false' });
  const from = h('input', { id: 'statement-from', type: 'date', required: true, value: shifted(night.date, -DAYS) });
  const to = h('input', { id: 'statement-to', type: 'date', required: true, value: night.date });
  const result = h('div', { id: 'statement' });
  const query = () => ({ kind: kind.value, client: client.value.trim(), from: from.value, to: to.value });
  const look = async () => {
    const wanted = query();
    try {
      /** @type {Statement} */
      const statement = await get('/v1/statements', { ...wanted, format: 'json' });
      const takers = ['pdf', 'csv'].map((format) =>
        h('button', { type: 'button', class: 'tiny', 'data-format': format, onclick: () => void take({ ...wanted, format }) }, format.toUpperCase()),
      );
      fill(result, h('p', { class: 'acts' }, takers), statementTable(statement));
    } catch (error) {
      fill(result, h('p', { class: 'fault', role: 'alert' }, faultText(error)));
    }
  };
  void kinds(kind);
  const form = lineForm({ Statement: kind, Client: client, From: from, To: to }, 'Show', look);
  return { element: card('Statements of a client', [h('div', { class: 'stack' }, form, result)], { id: 'statements' }) };
}

/** @param {HTMLSelectElement} choice */
async function kinds(choice) {
  try {
    /** @type {{ kinds: string[] }} */
    const { kinds: all } = await get('/v1/statements/kinds');
    fill(
      choice,
      all.map((name) => h('option', { value: name }, name)),
    );
  } catch (error) {
    notice(faultText(error), 'loss');
  }
}

/** Saves a file: fetched with the person's token, which a plain link would not carry. @param {Record<string, string>} query */
async function take(query) {
  try {
    const response = await ask('/v1/statements', { query });
    const url = URL.createObjectURL(await response.blob());
    const link = h('a', { href: url, download: `${query.kind}-${query.client}-${query.from}-${query.to}.${query.format}` });
    link.click();
    URL.revokeObjectURL(url);
  } catch (error) {
    notice(faultText(error), 'loss');
  }
}

/** @param {Statement} statement */
function statementTable({ title, client, columns, rows, remarks }) {
  const cell = (/** @type {Statement['rows'][number][number]} */ value) =>
    typeof value === 'string'
      ? h('td', { class: 'wrap' }, value)
      : h('td', { class: 'num', 'data-tone': value.amount_paise < 0 ? 'loss' : undefined }, amount.format(value.amount_paise / 100));
  const head = columns.map(({ title: name, isAmount }) => h('th', { scope: 'col', class: isAmount ? 'num' : undefined }, name));
  return h(
    'div',
    {},
    h('p', {}, h('strong', {}, title), ` · ${client.name} · client ${client.code} · PAN ${client.pan}`),
    h(
      'div',
      { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': title },
      h(
        'table',
        { class: 'grid' },
        h('caption', { class: 'unseen' }, title),
        h('thead', {}, h('tr', {}, head)),
        h(
          'tbody',
          {},
          rows.map((cells) => h('tr', {}, cells.map(cell))),
        ),
      ),
    ),
    remarks.map((remark) => h('p', { class: 'hint' }, remark)),
  );
}
