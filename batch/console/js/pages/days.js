// Earlier days: the calendar of run health, what differs between two runs, and running what was missed (listed before it is done).

import { faultText } from '/kit/api-error.js';
import { card } from '/kit/card.js';
import { fill, h, setText } from '/kit/dom.js';
import { addressOf } from '/kit/router.js';
import { perform } from '../acts.js';
import { get } from '../api.js';
import { auditButton } from '../drawer.js';
import { clockOn, dayName, figure, shifted, weekday } from '../format.js';
import { lineForm } from '../line-form.js';
import { night } from '../night.js';
import { session } from '../session.js';
import { PHASES } from '../words.js';
import { correctionCard } from './correction.js';
import { statementCard } from './statements.js';

/** @typedef {import('../wire.d.ts').Day} Day */
/** @typedef {import('../wire.d.ts').RunBrief} RunBrief */

const HEALTH = { green: 'green', open: 'not finished', attention: 'needs somebody' };
const SIGNS = { green: '✓', open: '·', attention: '!' };

/** @param {HTMLElement} root @returns {import('../navigation.js').Screen} */
export function daysPage(root) {
  const calendar = h('div', {});
  const runs = h('div', {});
  const diff = diffCard();
  const backfill = backfillCard();
  const correction = correctionCard();
  const statements = statementCard();
  fill(
    root,
    h('h1', { class: 'page-title' }, 'Days'),
    h(
      'div',
      { class: 'house' },
      h('div', { class: 'column' }, card('Runs of this date', [runs], { id: 'runs' }), correction.element, diff.element),
      h('div', { class: 'column' }, card('Run health', [calendar], { id: 'calendar' }), backfill.element, statements.element),
    ),
  );
  let drawn = '';
  const update = () => {
    const now = JSON.stringify([night.days, night.date, session.me]);
    if (now === drawn) return;
    drawn = now;
    fill(calendar, healthCalendar(night.days, night.date));
    fill(runs, runTable(night.days.find(({ date }) => date === night.date)));
    diff.update();
    backfill.update();
    correction.update();
  };
  const end = night.changed.on(update);
  update();
  return { title: 'Days', end };
}

/** Weeks as lines, Monday first; per day a pip per phase. @param {readonly Day[]} days @param {string} shown */
export function healthCalendar(days, shown) {
  const [newest] = days;
  const oldest = days.at(-1);
  if (newest === undefined || oldest === undefined) return h('p', { class: 'empty' }, 'No days yet.');
  const byDate = new Map(days.map((day) => [day.date, day]));
  const weeks = [];
  for (let monday = shifted(oldest.date, -weekday(oldest.date)); monday <= newest.date; monday = shifted(monday, 7))
    weeks.push(
      h(
        'tr',
        {},
        [0, 1, 2, 3, 4, 5, 6].map((offset) => h('td', { class: 'day' }, dayCell(byDate.get(shifted(monday, offset)), shown))),
      ),
    );
  return h(
    'table',
    { class: 'calendar' },
    h('caption', { class: 'unseen' }, 'Run health by day'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((name) => h('th', { scope: 'col', class: 'weekday' }, name)),
      ),
    ),
    h('tbody', {}, weeks),
  );
}

/** @param {Day | undefined} day @param {string} shown */
function dayCell(day, shown) {
  if (day === undefined) return '';
  const newest = PHASES.map(({ id }) => newestOf(day, id));
  const words = newest.filter((run) => run !== undefined).map((run) => `${run.phase} ${HEALTH[run.health]} (${run.done} of ${run.total})`);
  const what = !day.isTraded ? 'not traded' : words.length === 0 ? 'not run' : words.join(', ');
  const settles = day.isTraded && !day.isSettled ? ', no settlement' : '';
  return h(
    'a',
    {
      href: addressOf('grid', day.date),
      class: 'day-cell',
      'data-traded': day.isTraded,
      'aria-current': day.date === shown && 'date',
      'aria-label': `${dayName(day.date)}: ${what}${settles}`,
      title: `${dayName(day.date)}: ${what}${settles}`,
    },
    h('span', { class: 'num' }, String(Number(day.date.slice(8)))),
    h('span', { class: 'pips', 'aria-hidden': 'true' }, day.isTraded ? newest.map((run) => h('i', { 'data-health': run?.health ?? 'none' })) : []),
  );
}

/** @param {Day} day @param {string} phase */
function newestOf({ runs }, phase) {
  return runs.filter((run) => run.phase === phase).sort((a, b) => b.cycle - a.cycle)[0];
}

/** @param {Day | undefined} day */
function runTable(day) {
  if (day === undefined || day.runs.length === 0)
    return h('div', { class: 'stack' }, h('p', { class: 'empty' }, 'Nothing has been run for this date.'), openButtons());
  return h(
    'div',
    {},
    h(
      'table',
      { class: 'grid' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Run', 'State', 'Done', 'Opened', 'Green at', 'Audit'].map((name, index) =>
            h('th', { scope: 'col', class: index > 1 && index < 5 ? 'num' : undefined }, name),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        inOrder(day.runs).map(({ id, health, done, total, openedAt, finishedAt }) =>
          h(
            'tr',
            { 'data-run': id },
            h('th', { scope: 'row' }, id),
            h('td', { 'data-tone': health === 'green' ? 'ok' : health === 'attention' ? 'loss' : undefined }, `${SIGNS[health]} ${HEALTH[health]}`),
            h('td', { class: 'num' }, `${done} of ${total}`),
            h('td', { class: 'num' }, clockOn(openedAt, day.date)),
            h('td', { class: 'num' }, clockOn(finishedAt, day.date)),
            h('td', {}, small(auditButton(id), 'Download')),
          ),
        ),
      ),
    ),
    openButtons(),
  );
}

/** Runs in the order of the day. @param {readonly RunBrief[]} runs */
function inOrder(runs) {
  const place = (/** @type {RunBrief} */ run) => PHASES.findIndex(({ id }) => id === run.phase) * 100 + run.cycle;
  return [...runs].sort((a, b) => place(a) - place(b));
}

/** @param {HTMLButtonElement} button @param {string} words */
function small(button, words) {
  button.className = 'tiny';
  button.setAttribute('aria-label', `${words}: ${button.textContent}`);
  setText(button, words);
  button.title = button.getAttribute('aria-label') ?? '';
  return button;
}

/** Phases of this date that nobody opened. */
function openButtons() {
  const missing = PHASES.filter(({ id }) => night.view !== undefined && night.run(id) === undefined);
  if (!session.mayAct || missing.length === 0) return null;
  return h(
    'p',
    { class: 'acts padded' },
    missing.map(({ id, label }) =>
      h(
        'button',
        {
          type: 'button',
          class: 'tiny',
          'data-open': id,
          onclick: () => void perform({ act: 'open', date: night.date, phase: id }).then(() => night.lookBack()),
        },
        `Open ${label.toLowerCase()}`,
      ),
    ),
  );
}

function diffCard() {
  const [left, right] = [h('select', { id: 'diff-left' }), h('select', { id: 'diff-right' })];
  const result = h('div', { id: 'differences' });
  const compare = async () => {
    try {
      /** @type {{ differences: import('../wire.d.ts').Difference[] }} */
      const { differences } = await get('/v1/night/diff', { left: left.value, right: right.value });
      fill(result, differenceTable(differences, left.value, right.value));
    } catch (error) {
      fill(result, h('p', { class: 'fault' }, faultText(error)));
    }
  };
  const form = lineForm({ 'One run': left, Another: right }, 'Compare', compare);
  let known = '';
  return {
    element: card('What differs between two runs', [h('div', { class: 'stack' }, form, result)], { id: 'diff' }),
    update: () => {
      const ids = night.days.flatMap(({ runs }) => runs.map(({ id }) => id));
      if (ids.join() === known) return;
      known = ids.join();
      const [chosenLeft, chosenRight] = [left.value, right.value];
      const phase = ids.find((id) => id.startsWith(night.date) && id.includes('/eod/')) ?? ids[0] ?? '';
      const before = ids.find((id) => id < night.date && id.includes(`/${phase.split('/')[1]}/`)) ?? ids.find((id) => id !== phase) ?? phase;
      fill(
        left,
        ids.map((id) => h('option', { value: id, selected: id === (chosenLeft || before) }, id)),
      );
      fill(
        right,
        ids.map((id) => h('option', { value: id, selected: id === (chosenRight || phase) }, id)),
      );
    },
  };
}

/** @param {readonly import('../wire.d.ts').Difference[]} differences @param {string} left @param {string} right */
function differenceTable(differences, left, right) {
  if (differences.length === 0) return h('p', { class: 'empty', 'data-tone': 'ok' }, 'No difference.');
  return h(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Differences' },
    h(
      'table',
      { class: 'grid' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Node', 'What', left, right].map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        differences.map(({ key, what, name, left: a, right: b }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, key),
            h('td', {}, `${what} ${name}`),
            h('td', { class: 'wrap' }, short(a)),
            h('td', { class: 'wrap' }, short(b)),
          ),
        ),
      ),
    ),
  );
}

/** @param {unknown} value */
function short(value) {
  if (value === null) return '–';
  const text = figure(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}

function backfillCard() {
  const phase = h(
    'select',
    { id: 'backfill-phase' },
    PHASES.map(({ id, label }) => h('option', { value: id, selected: id === 'eod' }, label)),
  );
  const from = h('input', { id: 'backfill-from', type: 'date', required: true, value: shifted(night.date, -7) });
  const to = h('input', { id: 'backfill-to', type: 'date', required: true, value: night.date });
  const result = h('div', { id: 'backfill-dates' });
  const list = async () => {
    const span = { phase: phase.value, from: from.value, to: to.value };
    try {
      /** @type {{ dates: import('../wire.d.ts').BackfillDate[] }} */
      const { dates } = await get('/v1/night/backfill', span);
      const open = dates.filter(({ state }) => state !== 'green');
      const go = h(
        'button',
        {
          type: 'button',
          class: 'primary',
          id: 'backfill-go',
          onclick: async () => {
            if (await perform({ act: 'backfill', ...span })) await Promise.all([list(), night.lookBack()]);
          },
        },
        `Run ${open.length} ${open.length === 1 ? 'date' : 'dates'}`,
      );
      fill(
        result,
        dates.length === 0
          ? h('p', { class: 'empty' }, 'No traded date in this span.')
          : h(
              'ul',
              { class: 'dates' },
              dates.map(({ date, state }) =>
                h('li', {}, h('span', {}, dayName(date)), h('span', { 'data-tone': state === 'green' ? 'ok' : 'warn' }, state)),
              ),
            ),
        open.length > 0 && session.mayAct && go,
      );
    } catch (error) {
      fill(result, h('p', { class: 'fault' }, faultText(error)));
    }
  };
  const form = lineForm({ Phase: phase, From: from, To: to }, 'List what would run', list);
  return {
    element: card('Run what was missed', [h('div', { class: 'stack' }, form, result)], { id: 'backfill' }),
    /** What is listed goes with what is run. */
    update: () => {
      if (result.querySelector('.dates') !== null) void list();
    },
  };
}
