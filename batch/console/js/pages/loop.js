// Days in a row: each a line with its phases, tie-outs and what it left; below, what the chosen day left: open tie-outs, notes, files, the books as they stand.

import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h } from '/kit/dom.js';
import { notice } from '/kit/notice.js';
import { addressOf } from '/kit/router.js';
import { ask, get } from '../api.js';
import { dayName, figure, longDay } from '../format.js';
import { night } from '../night.js';
import { PHASES } from '../words.js';

/** @typedef {import('../wire.d.ts').DaySum} DaySum */
/** @typedef {import('../wire.d.ts').NoteLine} NoteLine */
/** @typedef {import('../wire.d.ts').Books} Books */
/** @typedef {import('../wire.d.ts').InputRole} InputRole */

/** Days in the table. */
const DAYS = 21;
const HEALTH = { green: 'green', open: 'not finished', attention: 'needs somebody', none: 'not opened' };
const SIGNS = { green: '✓', open: '·', attention: '!', none: '–' };
const TONES = { green: 'ok', open: undefined, attention: 'loss', none: undefined };
const SHORT = { bod: 'Morning', th: 'Trading', eod: 'Evening', set: 'Settlement' };
const HASH_SHOWN = 12;
const rupees = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function loopPage(root) {
  const days = h('div', { id: 'loop-days' });
  const left = h('div', { id: 'loop-left', class: 'column' });
  fill(root, h('h1', { class: 'page-title' }, 'Days in a row'), h('div', { class: 'column' }, card('The loop', [days], { id: 'loop' }), left));
  let asked = '';
  const update = () => {
    const now = JSON.stringify([night.date, night.days.map(({ date, runs }) => [date, runs.map(({ id, done, health }) => [id, done, health])])]);
    if (now === asked) return;
    asked = now;
    void show(days, left);
  };
  const end = night.changed.on(update);
  update();
  return { title: 'Days in a row', end };
}

/** @param {HTMLElement} days @param {HTMLElement} left */
async function show(days, left) {
  const { date } = night;
  try {
    /** @type {[{ days: DaySum[] }, { notes: NoteLine[] }, Books, ...{ roles: InputRole[] }[]]} */
    const [loop, notes, books, ...inputs] = await Promise.all([
      get('/v1/night/loop', { until: night.days[0]?.date ?? date, count: DAYS }),
      get('/v1/night/notes', { date }),
      get('/v1/night/books'),
      ...PHASES.map(({ id }) => get('/v1/night/inputs', { date, phase: id })),
    ]);
    if (date !== night.date) return;
    const chosen = loop.days.find((day) => day.date === date);
    fill(days, loop.days.length === 0 ? h('p', { class: 'empty' }, 'No day was begun yet.') : dayTable(loop.days, date));
    fill(
      left,
      chosen !== undefined && chosen.open.length > 0 && openCard(chosen),
      notesCard(notes.notes, date),
      filesCard(inputs.map(({ roles }) => roles)),
      booksCard(books, chosen),
    );
  } catch (error) {
    fill(left, h('p', { class: 'fault', role: 'alert' }, faultText(error)));
  }
}

/** @param {string} label @param {(Node | string)[]} columns @param {(Node | null)[]} rows @param {number} [figures] Columns from here on are figures. */
function table(label, columns, rows, figures = columns.length) {
  return h(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': label },
    h(
      'table',
      { class: 'grid' },
      h('caption', { class: 'unseen' }, label),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((name, at) => h('th', { scope: 'col', class: at >= figures ? 'num' : undefined }, name)),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
}

/** @param {readonly DaySum[]} days @param {string} shown */
function dayTable(days, shown) {
  const columns = ['Day', ...PHASES.map(({ id }) => SHORT[id]), 'Settles', 'Tie-outs', 'Notes', 'Files', 'Books'];
  const rows = days.map((day) =>
    h(
      'tr',
      { 'data-day': day.date, 'aria-current': day.date === shown && 'date' },
      h('th', { scope: 'row' }, h('a', { href: addressOf('loop', day.date) }, dayName(day.date))),
      day.phases.map((phase) => phaseCell(day.date, phase)),
      h('td', {}, dayName(day.settlesOn)),
      h(
        'td',
        { 'data-tone': day.open.length === 0 ? 'ok' : 'loss', 'data-open': day.open.length },
        day.open.length === 0 ? `✓ ${figure(day.tieOuts)} at zero` : `≠ ${day.open.length} of ${figure(day.tieOuts)} open`,
      ),
      h('td', { class: 'num' }, figure(day.notes)),
      h('td', { class: 'num' }, figure(day.files)),
      h(
        'td',
        { 'data-tone': day.close === undefined ? undefined : 'ok' },
        day.close === undefined ? 'open' : `✓ ${day.close.root.slice(0, HASH_SHOWN)}`,
      ),
    ),
  );
  return table('Days in a row', columns, rows);
}

/** @param {string} date @param {DaySum['phases'][number]} sum */
function phaseCell(date, { phase, health, done, total }) {
  const words = health === 'none' ? HEALTH.none : `${done} of ${total}`;
  const label = `${SHORT[phase]} of ${dayName(date)}: ${HEALTH[health]}, ${words}`;
  return h(
    'td',
    { 'data-phase': phase, 'data-health': health, 'data-tone': TONES[health] },
    h('a', { href: `${addressOf('timeline', date)}?phase=${phase}`, 'aria-label': label, title: label }, `${SIGNS[health]} ${words}`),
  );
}

/** @param {DaySum} day */
function openCard({ date, open }) {
  const rows = open.map(({ key, name, left, right }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('a', { href: addressOf('queue', date) }, key)),
      h('td', { class: 'wrap' }, name),
      h('td', { class: 'num' }, figure(left)),
      h('td', { class: 'num' }, figure(right)),
    ),
  );
  return card(`Open tie-outs of ${longDay(date)}`, [table('Open tie-outs', ['Node', 'What', 'One side', 'The other'], rows, 2)], { id: 'loop-open' });
}

/** @param {readonly NoteLine[]} notes @param {string} date */
function notesCard(notes, date) {
  const rows = notes.map(({ number, client, version, reason, trades, charges, net }) =>
    h(
      'tr',
      { 'data-note': number },
      h('th', { scope: 'row' }, number),
      h('td', {}, client),
      h('td', {}, version === 1 ? '' : `version ${version}: ${reason}`),
      h('td', { class: 'num' }, figure(trades)),
      h('td', { class: 'num' }, rupees.format(charges / 100)),
      h('td', { class: 'num', 'data-tone': net < 0 ? 'loss' : undefined }, rupees.format(net / 100)),
      h('td', {}, h('button', { type: 'button', class: 'tiny', 'aria-label': `PDF of ${number}`, onclick: () => void take(date, number) }, 'PDF')),
    ),
  );
  const columns = ['Note', 'Client', 'Version', 'Trades', 'Charges', 'Net', 'Document'];
  const content = notes.length === 0 ? h('p', { class: 'empty' }, 'No contract note was issued.') : table('Contract notes', columns, rows);
  return card(`Contract notes of ${longDay(date)}`, [content], { id: 'loop-notes' });
}

/** Saves a note: fetched with the person's token, which a plain link would not carry. @param {string} date @param {string} number */
async function take(date, number) {
  try {
    const response = await ask('/v1/night/note', { query: { date, number } });
    const url = URL.createObjectURL(await response.blob());
    h('a', { href: url, download: `${number.replace(/[^\w.-]/g, '_')}.pdf` }).click();
    URL.revokeObjectURL(url);
  } catch (error) {
    notice(faultText(error), 'loss');
  }
}

/** @param {readonly (readonly InputRole[])[]} byPhase */
function filesCard(byPhase) {
  const rows = byPhase.flatMap((roles, at) =>
    roles.map(({ role, file, sha256, users }) =>
      h(
        'tr',
        {},
        h('td', {}, SHORT[PHASES[at]?.id ?? 'bod']),
        h('th', { scope: 'row' }, role),
        h('td', { class: 'wrap' }, file.split('/').at(-1) ?? file),
        h('td', {}, h('code', { title: sha256 }, sha256.slice(0, HASH_SHOWN))),
        h('td', { class: 'wrap' }, users.join(', ')),
      ),
    ),
  );
  const content =
    rows.length === 0 ? h('p', { class: 'empty' }, 'No file was taken in.') : table('Files', ['Phase', 'Role', 'File', 'SHA-256', 'Pinned by'], rows);
  return card('Files it was made from', [content], { id: 'loop-files' });
}

/** @param {Books} books @param {DaySum | undefined} chosen */
function booksCard({ lines, standing, accounts, sum, root }, chosen) {
  const closed =
    chosen?.close === undefined
      ? ''
      : ` This day closed with Rs ${rupees.format(Number(chosen.close.sum) / 100)}, root ${chosen.close.root.slice(0, HASH_SHOWN)}.`;
  const words = `${figure(standing)} of ${figure(accounts)} accounts are not at zero. Debits and credits Rs ${rupees.format(Number(sum) / 100)} each, root ${root.slice(0, HASH_SHOWN)}.${closed}`;
  const rows = lines.map(({ account, title, debit, credit }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, account),
      h('td', { class: 'wrap' }, title),
      h('td', { class: 'num' }, debit === 0 ? '' : rupees.format(debit / 100)),
      h('td', { class: 'num' }, credit === 0 ? '' : rupees.format(credit / 100)),
    ),
  );
  const content = rows.length === 0 ? null : table('Trial balance', ['Account', 'What it is', 'Debit', 'Credit'], rows, 2);
  return card('The books now', [h('div', { class: 'stack' }, h('p', { class: 'hint' }, words)), content], { id: 'loop-books' });
}
